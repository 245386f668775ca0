package org.mssbridge.evidence;

import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/**
 * One direction of a connection across a leg that forwards its packets, changed or not. A leg with
 * a proxy has no passage: what the proxy sends belongs to another connection.
 *
 * @param pair the connection at both points
 * @param leg the leg; connections that cross the same leg share the object
 * @param isDfChanged whether the DF flag of any segment that both points saw differs
 * @param isDsFieldChanged whether the DS field of any of these differs
 * @param isPayloadChanged whether the length or the sum of the data of any of these differs
 * @param isResegmented whether any segment is in several at the other point
 */
public record Passage(
    PairedConnection pair,
    Leg leg,
    boolean isDfChanged,
    boolean isDsFieldChanged,
    boolean isPayloadChanged,
    boolean isResegmented) {
  /** A passage whose segments are compared here, once for all rules. */
  static Passage of(PairedConnection pair, Leg leg) {
    Segments segments =
        new Segments(pair.nearFlow(leg.direction()).table(), pair.farFlow(leg.direction()).table());
    Crossings.of(pair, leg.direction(), segments);
    Alignment alignment = pair.alignment(leg.direction());
    return new Passage(
        pair,
        leg,
        segments.isDfChanged,
        segments.isDsFieldChanged,
        segments.isPayloadChanged,
        isAnySeveral(alignment.near().peers()) || isAnySeveral(alignment.far().peers()));
  }

  private static boolean isAnySeveral(int[] peers) {
    for (int number : peers) {
      if (number > 1) {
        return true;
      }
    }
    return false;
  }

  /** Compares segments as both points saw them. */
  private static final class Segments implements Crossings.Visitor {
    private final SegmentTable near;
    private final SegmentTable far;
    private boolean isDfChanged;
    private boolean isDsFieldChanged;
    private boolean isPayloadChanged;

    Segments(SegmentTable near, SegmentTable far) {
      this.near = near;
      this.far = far;
    }

    @Override
    public void visit(int nearRow, int farRow, boolean handshake) {
      isDfChanged |= near.dontFragment(nearRow) != far.dontFragment(farRow);
      isDsFieldChanged |= near.dsField(nearRow) != far.dsField(farRow);
      isPayloadChanged |=
          near.payloadBytes(nearRow) != far.payloadBytes(farRow)
              || differ(near.payloadSum(nearRow), far.payloadSum(farRow));
    }

    private static boolean differ(int sent, int arrived) {
      return sent >= 0 && arrived >= 0 && sent != arrived;
    }
  }

  /** The direction. */
  public Direction direction() {
    return leg.direction();
  }

  /** The point nearer the sender. */
  public CapturePoint nearPoint() {
    return leg.near();
  }

  /** The point nearer the receiver. */
  public CapturePoint farPoint() {
    return leg.far();
  }

  /** The flow at the near point. */
  public Flow near() {
    return pair.nearFlow(direction());
  }

  /** The flow at the far point. */
  public Flow far() {
    return pair.farFlow(direction());
  }

  /** Which transmission at the near point is which at the far point. */
  public Alignment alignment() {
    return pair.alignment(direction());
  }

  /** The time differences of its segments between the two points. */
  public Alignment.Delay delay() {
    return pair.delay(direction());
  }

  /** An occurrence on the connection, without frames. */
  public Occurrence occurrence() {
    return Occurrence.on(pair.id());
  }

  /** An occurrence on a segment as both points saw it, by its rows in the segment tables. */
  public Occurrence occurrence(int nearRow, int farRow) {
    return occurrence()
        .at(nearPoint(), near().table().frame(nearRow))
        .at(farPoint(), far().table().frame(farRow));
  }
}
