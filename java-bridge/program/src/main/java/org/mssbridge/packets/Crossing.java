package org.mssbridge.packets;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.EqualSegments;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.LostControl;
import org.mssbridge.evidence.Passage;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/**
 * What became of the segments of one direction of a connection between two neighbouring points, by
 * their rows.
 */
final class Crossing {
  private final PairedConnection pair;
  private final Direction direction;

  /** By row at the near point. */
  private final Map<Integer, Sent> sent = new HashMap<>();

  /** By row at the far point, the row at the near one. */
  private final Map<Integer, Integer> senders = new HashMap<>();

  private final Set<Integer> repeated = new HashSet<>();

  /**
   * A segment at the near point.
   *
   * @param farRow the first segment at the far point that carries a part of it, -1 for none
   * @param carriers how many do
   * @param lostBytes how many of its bytes did not arrive
   */
  record Sent(Fate fate, int farRow, int carriers, long lostBytes) {
    static final Sent UNKNOWN = new Sent(Fate.UNKNOWN, -1, 0, 0);
  }

  private Crossing(PairedConnection pair, Direction direction) {
    this.pair = pair;
    this.direction = direction;
  }

  /** What became of the segments of a passage. */
  static Crossing of(Evidence evidence, Passage passage) {
    Crossing crossing = new Crossing(passage.pair(), passage.direction());
    crossing.data();
    crossing.control(evidence.lostControl(passage));
    return crossing;
  }

  CapturePoint nearPoint() {
    return pair.nearPoint(direction);
  }

  CapturePoint farPoint() {
    return pair.farPoint(direction);
  }

  Flow near() {
    return pair.nearFlow(direction);
  }

  Flow far() {
    return pair.farFlow(direction);
  }

  /** What became of a segment at the near point. */
  Sent sent(int nearRow) {
    return sent.getOrDefault(nearRow, Sent.UNKNOWN);
  }

  /** The row at the near point of the segment that a segment at the far point carries; or -1. */
  int sender(int farRow) {
    return senders.getOrDefault(farRow, -1);
  }

  /** Whether a segment at the far point is a second copy of one that was sent once. */
  boolean isRepeated(int farRow) {
    return repeated.contains(farRow);
  }

  private void data() {
    Alignment alignment = pair.alignment(direction);
    Alignment.Sightings near = alignment.near();
    long[] lost = new long[near.size()];
    add(alignment.lost(), lost);
    long[] missed = new long[near.size()];
    add(alignment.missed(), missed);
    long[] unknown = new long[near.size()];
    add(alignment.unknown(), unknown);
    for (int i = 0; i < near.size(); i++) {
      int row = near.row()[i];
      sent.put(
          row,
          new Sent(
              fate(near().table().payloadBytes(row), lost[i], missed[i], unknown[i]),
              near.peerRow()[i],
              near.peers()[i],
              lost[i]));
      if (near.peerRow()[i] >= 0) {
        senders.put(near.peerRow()[i], row);
      }
    }
    Alignment.Sightings far = alignment.far();
    for (int i = 0; i < far.size(); i++) {
      if (far.peerRow()[i] >= 0) {
        senders.put(far.row()[i], far.peerRow()[i]);
      }
    }
    Arrays.stream(alignment.duplicated()).forEach(i -> repeated.add(far.row()[i]));
    copies(far);
  }

  /** A segment with data at the far point, as a further copy of it is too. */
  private record Content(int sequence, int bytes, int ipId) {
    static Content of(SegmentTable table, int row) {
      return new Content(table.sequence(row), table.payloadBytes(row), table.ipId(row));
    }
  }

  /** Finds of what further copies at the far point are: these are aligned with nothing. */
  private void copies(Alignment.Sightings far) {
    SegmentTable table = far().table();
    Map<Content, Integer> first = new HashMap<>();
    for (int row : far.row()) {
      if (senders.containsKey(row)) {
        first.putIfAbsent(Content.of(table, row), senders.get(row));
      }
    }
    for (int row = far().firstRow(); row >= 0; row = table.next(row)) {
      if (table.payloadBytes(row) > 0 && !senders.containsKey(row)) {
        Integer sender = first.get(Content.of(table, row));
        // Without IP IDs a copy that the alignment does not know may be a retransmission.
        if (sender != null && (table.ipId(row) > 0 || repeated.contains(row))) {
          senders.put(row, sender);
          repeated.add(row);
        }
      }
    }
  }

  private static Fate fate(int bytes, long lost, long missed, long unknown) {
    if (lost > 0) {
      return lost >= bytes ? Fate.LOST : Fate.PARTLY_LOST;
    }
    return missed > 0 ? Fate.MISSED : unknown > 0 ? Fate.UNKNOWN : Fate.ARRIVED;
  }

  private static void add(Alignment.Ranges ranges, long[] bytes) {
    for (int i = 0; i < ranges.size(); i++) {
      bytes[ranges.index()[i]] += ranges.end()[i] - ranges.start()[i];
    }
  }

  private void control(LostControl lost) {
    EqualSegments.of(
        pair,
        direction,
        new EqualSegments.Visitor() {
          @Override
          public void visit(int nearRow, int farRow) {
            sent.put(nearRow, new Sent(Fate.ARRIVED, farRow, 1, 0));
            senders.put(farRow, nearRow);
          }

          @Override
          public void copy(int nearRow, int farRow) {
            senders.put(farRow, nearRow);
            repeated.add(farRow);
          }
        });
    Set<Integer> frames = new HashSet<>(lost.frames());
    SegmentTable table = near().table();
    for (int row = near().firstRow(); row >= 0; row = table.next(row)) {
      if (table.payloadBytes(row) == 0 && frames.contains(table.frame(row))) {
        sent.putIfAbsent(row, new Sent(Fate.LOST, -1, 0, 0));
      }
    }
  }
}
