package org.mssbridge.evidence;

import java.util.Arrays;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.CaptureGaps;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.model.Direction;

/**
 * Which segments without data at the near point are which at the far one: by relative numbers, by
 * IP ID and TSval where the path keeps them, and by time.
 */
final class ControlAlignment {
  /** One segment in so many may come from elsewhere. */
  private static final int STRANGE_SHARE = 20;

  final Passage passage;
  final ControlSegments near;
  final ControlSegments far;
  final long typicalNanos;

  /** For each near segment, the index of its counterpart; -1 where there is none. */
  private final int[] peers;

  private int sameIpId;
  private int otherIpId;
  private int sameTimestamp;
  private int otherTimestamp;

  ControlAlignment(Passage passage, Evidence evidence) {
    this.passage = passage;
    var duplicates = evidence.comparison().duplicates();
    near =
        new ControlSegments(
            passage,
            passage.nearPoint(),
            passage.near(),
            duplicates.at(passage.nearPoint()).orElseThrow());
    far =
        new ControlSegments(
            passage,
            passage.farPoint(),
            passage.far(),
            duplicates.at(passage.farPoint()).orElseThrow());
    typicalNanos = passage.delay().typicalNanos();
    peers = new int[near.size()];
  }

  boolean hasPeer(int index) {
    return peers[index] >= 0;
  }

  /** Whether the far capture shows if a near segment arrived. */
  boolean isCovered(int index) {
    return Reach.coversFar(passage.pair(), passage.direction(), near.nanos(index));
  }

  /** When a near segment is due at the far point. */
  long dueNanos(int index) {
    return near.nanos(index) + typicalNanos;
  }

  /**
   * Aligns the segments.
   *
   * @return false where it cannot be known which arrived
   */
  boolean align() {
    if (!isComparable()) {
      return false;
    }
    match(false, false);
    compareFields();
    boolean ipIds = sameIpId > 0 && otherIpId == 0;
    boolean timestamps = sameTimestamp > 0 && otherTimestamp == 0;
    if (!ipIds && !timestamps && otherIpId + otherTimestamp > 0) {
      return false; // They are another stack's, or every field is rewritten.
    }
    match(ipIds, timestamps);
    return areOfSameStack();
  }

  /**
   * Whether the numbers can be compared, and the far capture holds all data: if not, it may have
   * missed segments without data too.
   */
  private boolean isComparable() {
    PairedConnection pair = passage.pair();
    for (Direction way : Direction.values()) {
      Alignment alignment = pair.alignment(way);
      if (pair.isnDelta(way).isEmpty()
          || !alignment.isFollowed()
          || !alignment.lengthChanges().isEmpty()
          || alignment.missed().size() > 0
          || CaptureGaps.of(pair.far(passage.direction()), way).size() > 0) {
        return false;
      }
    }
    return pair.isTimed() && far.size() > 0;
  }

  /** Counterparts have the same identity; of several, the one whose delay is the most usual. */
  private void match(boolean ipIds, boolean timestamps) {
    Arrays.fill(peers, -1);
    Integer[] sent = near.order(ipIds, timestamps);
    Integer[] arrived = far.order(ipIds, timestamps);
    int i = 0;
    for (Integer peer : arrived) {
      while (i < sent.length && near.compare(sent[i], far, peer, ipIds, timestamps) < 0) {
        i++;
      }
      if (i < sent.length && near.compare(sent[i], far, peer, ipIds, timestamps) == 0) {
        while (i + 1 < sent.length
            && near.compare(sent[i + 1], far, peer, ipIds, timestamps) == 0
            && deviation(sent[i + 1], peer) < deviation(sent[i], peer)) {
          i++;
        }
        peers[sent[i]] = peer;
        i++;
      }
    }
  }

  private long deviation(int sent, int arrived) {
    return Math.abs(far.nanos(arrived) - dueNanos(sent));
  }

  /** Compares the fields of segments that have only one possible counterpart. */
  private void compareFields() {
    for (int i = 0; i < near.size(); i++) {
      if (peers[i] >= 0 && near.isUnique(i) && far.isUnique(peers[i])) {
        int sent = near.rows[i];
        int arrived = far.rows[peers[i]];
        if (near.table.ipId(sent) > 0 && far.table.ipId(arrived) > 0) {
          boolean same = near.table.ipId(sent) == far.table.ipId(arrived);
          sameIpId += same ? 1 : 0;
          otherIpId += same ? 0 : 1;
        }
        if (near.table.hasTimestamp(sent) && far.table.hasTimestamp(arrived)) {
          boolean same = near.table.timestamp(sent) == far.table.timestamp(arrived);
          sameTimestamp += same ? 1 : 0;
          otherTimestamp += same ? 0 : 1;
        }
      }
    }
  }

  /** Whether what arrives at the far point was sent at the near one, forged RSTs aside. */
  private boolean areOfSameStack() {
    boolean[] known = new boolean[far.size()];
    for (int peer : peers) {
      if (peer >= 0) {
        known[peer] = true;
      }
    }
    int considered = 0;
    int strange = 0;
    for (int j = 0; j < far.size(); j++) {
      if (!far.isReset(j)
          && Reach.covers(
              passage.pair().nearCapture(passage.direction()), far.nanos(j) - typicalNanos)) {
        considered++;
        strange += known[j] ? 0 : 1;
      }
    }
    return considered > 0 && strange * STRANGE_SHARE <= considered;
  }
}
