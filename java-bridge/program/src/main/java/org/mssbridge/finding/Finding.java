package org.mssbridge.finding;

import java.util.List;
import java.util.Optional;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Severity;

/**
 * What a rule says. Findings are records, and equal ones are one finding with several occurrences:
 * what differs from one connection to the next belongs to the {@link Occurrence}.
 */
public interface Finding {
  /** What the catalogue says of it. */
  Kind kind();

  /** How much it matters. */
  default Severity severity() {
    return kind().severity();
  }

  /** One line for people, with units; nothing in it comes unescaped from a packet. */
  String message();

  /**
   * The part of the path that it is about, where it lies between two points; for a verdict on both
   * directions, the leg of the client's.
   */
  default Optional<Leg> leg() {
    return Optional.empty();
  }

  /** The direction that it is about; empty where it is about both or none. */
  default Optional<Direction> direction() {
    return leg().map(Leg::direction);
  }

  /**
   * Whether it is a detail of what a {@link MiddleboxVerdict} on its leg sums up, and is named
   * beside that.
   */
  default boolean describesMiddlebox() {
    return false;
  }

  /** What it rests on, in numbers. */
  Facts facts();

  /** What was one thing near the sender and another far from it. */
  default Optional<Change> change() {
    return Optional.empty();
  }

  /** What may be behind it, the likeliest first. */
  default List<Cause> causes() {
    return List.of();
  }

  /** What to do about it or to look at next; empty where there is nothing. */
  default String nextStep() {
    return "";
  }
}
