package org.mssbridge.finding;

import java.util.List;
import java.util.Optional;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Severity;

/**
 * What a rule found. Findings are records, and equal records are one finding with several
 * occurrences: what differs between connections belongs in the {@link Occurrence}.
 */
public interface Finding {
  /** Its entry in the catalogue. */
  Kind kind();

  /** How much it matters. */
  default Severity severity() {
    return kind().severity();
  }

  /**
   * Where it stands in a report: among those of this severity, which is its own or a higher one.
   */
  default Severity standing() {
    return severity();
  }

  /** One line for readers, with units. Text from packets is escaped in it. */
  String message();

  /**
   * The line for this finding and the same one of the way back, where their lines are more than the
   * same words with another direction; empty where both are to be given.
   */
  default Optional<String> messageBothWays(Finding back) {
    return Optional.empty();
  }

  /**
   * The leg that it is about; empty where it is not about a single leg. A verdict on both
   * directions returns the client-to-server leg.
   */
  default Optional<Leg> leg() {
    return Optional.empty();
  }

  /** The direction that it is about; empty for both or none. */
  default Optional<Direction> direction() {
    return leg().map(Leg::direction);
  }

  /**
   * Whether it is a detail of the {@link MiddleboxVerdict} on its leg. Reports name it next to that
   * verdict.
   */
  default boolean describesMiddlebox() {
    return false;
  }

  /** The numbers behind it. */
  Facts facts();

  /** The value that differs between the near and the far point. */
  default Optional<Change> change() {
    return Optional.empty();
  }

  /** Its possible causes, the likeliest first. */
  default List<Cause> causes() {
    return List.of();
  }

  /** What explains it; each stands above it in a report. Empty where nothing else found does. */
  default List<Explanation> because() {
    return List.of();
  }

  /** Whether what explains it explains only a part of it. */
  default boolean isPartlyExplained() {
    return false;
  }

  /** Whether it is no fault: something works, as its headline says. */
  default boolean isWorking() {
    return false;
  }

  /**
   * Whether the verdict that there is no problem between the points names it: what happens on a
   * leg, or a wait or gap that somebody will ask about although the network is not its cause.
   */
  default boolean qualifiesNoProblem() {
    return leg().isPresent();
  }

  /** Whether it says of its connections that only one of several captures has them. */
  default boolean saysUnmatched() {
    return false;
  }

  /** A further capture that would settle what it leaves open; empty where none is needed. */
  default Optional<SecondCapture> secondCapture() {
    return Optional.empty();
  }

  /**
   * What it means for those who use the connections, to begin a report with: its message, where
   * that says it already.
   */
  default String headline() {
    return message();
  }

  /** The headline for both directions; empty where it is that of each. */
  default Optional<String> headlineBothWays(Finding back) {
    return messageBothWays(back);
  }

  /** What it costs, counted and with its share, such as bytes; empty where nothing is counted. */
  default String impact() {
    return "";
  }

  /**
   * A sentence for the summary on what is no problem in itself, such as where the time went; empty
   * where there is none. Findings may share one.
   */
  default String account() {
    return "";
  }

  /**
   * What to do or to check next, the cure first where there is one; steps are separated by
   * semicolons. Empty where there is nothing to do.
   */
  default String nextStep() {
    return "";
  }
}
