package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Coverage;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.ChecksumState;
import org.mssbridge.model.Direction;
import org.mssbridge.model.SequenceNumber;
import org.mssbridge.model.TcpFlags;

/**
 * Data of one direction that was made on the way: it is at the far point, none of what the near
 * point saw can be it, and something else shows that the near capture did not merely miss it.
 * Segments that adjoin are one run.
 *
 * @param found the runs, in the order of the capture
 * @param undecided rows at the far point of the first segments of runs that look like it and that
 *     the near capture may have missed
 */
public record InjectedData(List<Run> found, List<Integer> undecided) {
  /** None. */
  public static final InjectedData NONE = new InjectedData(List.of(), List.of());

  /** Later than this is no reordering in one network: Linux and Wireshark assume about 3 ms. */
  private static final long REORDERED_NANOS = 3_000_000L;

  /** A capture that lacks more runs of data misses packets: only so many are looked at. */
  private static final int MAX_RUNS = 64;

  private static final int CLOSING = TcpFlags.SYN | TcpFlags.FIN | TcpFlags.RST;

  /** What shows that the sender did not send a run. */
  public enum Proof {
    /** After it was acknowledged, the sender's own numbers show that it has not sent so much. */
    NOT_SENT_YET,
    /** The sender's own segment of the same range, which arrives too, has other bytes. */
    OTHER_BYTES,
    /** The receiver acknowledges it before the sender sends that range for the first time. */
    ACKNOWLEDGED_FIRST,
    /** Its TTL is not that of the flow's other segments, before and after it. */
    TTL
  }

  /** What its receiver makes of it. */
  public enum Use {
    /** It keeps it, and what the sender itself sends in this range comes too late. */
    REPLACES,
    /** It keeps it, and nothing of the sender in this range arrives. */
    ADDS,
    /** The sender's own data arrives before. */
    TOO_LATE,
    /** Its acknowledgment is not seen. */
    UNKNOWN
  }

  /**
   * Segments that were made on the way, one after the other. Rows are those of the segment tables,
   * -1 is one that does not exist.
   *
   * @param rows the segments at the far point
   * @param start position of the first byte, from the ISN
   * @param end position after the last one
   * @param proofs what shows it
   * @param shownBy the sender's segment at the near point that shows it
   * @param use what the receiver makes of it
   * @param flowRow the flow's own segment before it at the far point
   * @param isOtherTtl whether none of the flow's own segments has its TTL
   * @param isOtherIpId whether the flow's IP IDs all rise in small steps and its own does not
   * @param ownRow the sender's own first segment of this range at the far point
   * @param ownBytes how many bytes of the range the sender's own segments carry there
   * @param vainAcknowledgments the sender's segments without data after it at the near point that
   *     repeat a number which the receiver does not expect any more
   */
  public record Run(
      List<Integer> rows,
      long start,
      long end,
      Set<Proof> proofs,
      int shownBy,
      Use use,
      int flowRow,
      boolean isOtherTtl,
      boolean isOtherIpId,
      int ownRow,
      long ownBytes,
      int vainAcknowledgments) {
    public Run {
      rows = List.copyOf(rows);
      proofs = Set.copyOf(proofs);
    }

    /** Whether it is shown even if the near capture misses packets. */
    public boolean isSure() {
      return proofs.contains(Proof.NOT_SENT_YET) || proofs.contains(Proof.OTHER_BYTES);
    }

    /** Number of bytes. */
    public long bytes() {
      return end - start;
    }
  }

  public InjectedData {
    found = List.copyOf(found);
    undecided = List.copyOf(undecided);
  }

  static InjectedData of(Evidence evidence, PairedConnection pair, Direction direction) {
    Alignment alignment = pair.alignment(direction);
    if (!pair.isTimed()
        || !alignment.isFollowed()
        // A device that changes the length of the stream sends data of its own.
        || !alignment.lengthChanges().isEmpty()
        || Arrays.stream(alignment.far().peers()).noneMatch(peers -> peers == 0)) {
      return NONE;
    }
    Optional<TimeDifference> difference = TimeDifference.of(evidence, pair, direction);
    return difference.isEmpty() ? NONE : new Search(pair, direction, difference.get()).search();
  }

  /** Whether a segment at the far point is part of it. */
  public boolean contains(int row) {
    return found.stream().anyMatch(run -> Collections.binarySearch(run.rows(), row) >= 0);
  }

  /** Adjoining segments at the far point that nothing at the near point can be. */
  private static final class Suspect {
    final List<Integer> rows = new ArrayList<>();
    final long start;
    final int ttl;
    final Set<Proof> proofs = EnumSet.noneOf(Proof.class);
    long end;

    /** How many of the segments have no byte that the near capture holds. */
    int unheld;

    int shownBy = -1;

    Suspect(long start, int ttl) {
      this.start = start;
      this.ttl = ttl;
      end = start;
    }
  }

  /** A byte range with a mark of its content. */
  private record Content(long start, int bytes, int mark) implements Comparable<Content> {
    private static final Comparator<Content> ORDER =
        Comparator.comparingLong(Content::start)
            .thenComparingInt(Content::bytes)
            .thenComparingInt(Content::mark);

    @Override
    public int compareTo(Content other) {
      return ORDER.compare(this, other);
    }
  }

  private static final class Search {
    private final PairedConnection pair;
    private final Direction direction;
    private final TimeDifference difference;
    private final Alignment alignment;
    private final SegmentTable near;
    private final SegmentTable far;
    private final SegmentBoundaries held;
    private final Counterparts own;
    private final boolean sumsAreUsable;

    /** Own segments by range and IP ID, and by range and payload sum. */
    private final Set<Content> ownIds = new TreeSet<>();

    private final Set<Content> ownSums = new TreeSet<>();

    /** The ranges of own segments whose sum is known. */
    private final Set<Content> ownRanges = new TreeSet<>();

    Search(PairedConnection pair, Direction direction, TimeDifference difference) {
      this.pair = pair;
      this.direction = direction;
      this.difference = difference;
      alignment = pair.alignment(direction);
      near = pair.nearFlow(direction).table();
      far = pair.farFlow(direction).table();
      held = SegmentBoundaries.at(pair, pair.nearPoint(direction), direction);
      own = new Counterparts(pair, direction);
      sumsAreUsable = PayloadSums.areUsable(pair.farFlow(direction));
      boolean nearSums = PayloadSums.areUsable(pair.nearFlow(direction));
      OptionalInt limit = pair.near(direction).mssLimit(direction);
      for (int i = 0; i < alignment.near().size(); i++) {
        int row = alignment.near().row()[i];
        addOwn(
            alignment.near().start()[i],
            near.payloadBytes(row),
            near.ipId(row),
            nearSums ? PayloadSums.of(near, row, limit) : -1);
      }
      for (int i = 0; i < alignment.far().size(); i++) {
        int row = alignment.far().row()[i];
        if (alignment.far().peers()[i] > 0) {
          long start = alignment.far().start()[i];
          addOwn(start, far.payloadBytes(row), far.ipId(row), sum(row));
          if (sum(row) >= 0) {
            ownRanges.add(new Content(start, far.payloadBytes(row), 0));
          }
        }
      }
    }

    private void addOwn(long start, int bytes, int ipId, int sum) {
      if (ipId > 0) {
        ownIds.add(new Content(start, bytes, ipId));
      }
      if (sum >= 0) {
        ownSums.add(new Content(start, bytes, sum));
      }
    }

    /** The sum of an arrival's payload, -1 where unknown. */
    private int sum(int row) {
      return sumsAreUsable ? PayloadSums.of(far, row, pair.far(direction).mssLimit(direction)) : -1;
    }

    InjectedData search() {
      List<Suspect> suspects = suspects();
      int unheld = unheld();
      for (Suspect suspect : suspects) {
        proveAlone(suspect);
        unheld -= suspect.proofs.isEmpty() ? 0 : suspect.unheld;
      }
      List<Run> found = new ArrayList<>();
      List<Integer> undecided = new ArrayList<>();
      for (Suspect suspect : suspects) {
        boolean surely = !suspect.proofs.isEmpty();
        Set<Proof> probable = probable(suspect);
        boolean missesOthers =
            unheld > (surely ? 0 : suspect.unheld)
                || pair.nearCapture(direction).coverage().droppedPackets().orElse(0) > 0
                || pair.alignment(direction.reverse()).missed().size() > 0;
        if (surely || (!probable.isEmpty() && !missesOthers && !mayBeOwn(suspect))) {
          suspect.proofs.addAll(probable);
          found.add(run(suspect));
        } else if (!probable.isEmpty()) {
          undecided.add(suspect.rows.get(0));
        }
      }
      return found.isEmpty() && undecided.isEmpty() ? NONE : new InjectedData(found, undecided);
    }

    /** Whether TTL and IP ID are as if the sender had sent it. */
    private boolean mayBeOwn(Suspect suspect) {
      int row = suspect.rows.get(0);
      return isOtherTtl(suspect) ? own.isNextIpId(row) : !own.isOtherIpId(row);
    }

    private List<Suspect> suspects() {
      Alignment.Sightings seen = alignment.far();
      List<Suspect> suspects = new ArrayList<>();
      for (int i = 0; i < seen.size() && suspects.size() <= MAX_RUNS; i++) {
        if (!isSuspect(seen, i)) {
          continue;
        }
        int row = seen.row()[i];
        Suspect last = suspects.isEmpty() ? null : suspects.get(suspects.size() - 1);
        if (last == null || last.end != seen.start()[i] || last.ttl != far.ttl(row)) {
          last = new Suspect(seen.start()[i], far.ttl(row));
          suspects.add(last);
        }
        last.rows.add(row);
        last.end += far.payloadBytes(row);
        last.unheld += isHeld(seen, i) ? 0 : 1;
      }
      return suspects.size() > MAX_RUNS ? suspects.subList(0, MAX_RUNS) : suspects;
    }

    private boolean isSuspect(Alignment.Sightings seen, int i) {
      int row = seen.row()[i];
      return seen.peers()[i] == 0
          && far.payloadBytes(row) > 1 // One byte is a keep-alive or a probe of a closed window.
          && (far.flags(row) & CLOSING) == 0
          && far.checksum(row) != ChecksumState.WRONG
          && Arrays.binarySearch(alignment.duplicated(), i) < 0
          && isCovered(row)
          && !isOwnContent(seen.start()[i], row);
    }

    /** Whether the near capture was running when the segment should have passed. */
    private boolean isCovered(int row) {
      Coverage coverage = pair.nearCapture(direction).coverage();
      return coverage.contains(far.timeNanos(row) - difference.minNanos())
          && coverage.contains(far.timeNanos(row) - difference.typicalNanos());
    }

    /** Whether it is what the sender sends as well: a copy, or a transmission that near missed. */
    private boolean isOwnContent(long start, int row) {
      int bytes = far.payloadBytes(row);
      return ownIds.contains(new Content(start, bytes, far.ipId(row)))
          || ownSums.contains(new Content(start, bytes, sum(row)));
    }

    private boolean isHeld(Alignment.Sightings seen, int i) {
      long start = seen.start()[i];
      return held.holdsAnyOf(start, start + far.payloadBytes(seen.row()[i]));
    }

    /** The segments of which the near capture holds no byte. */
    private int unheld() {
      int count = 0;
      for (int i = 0; i < alignment.far().size(); i++) {
        count += alignment.far().peers()[i] == 0 && !isHeld(alignment.far(), i) ? 1 : 0;
      }
      return count;
    }

    /** What shows it even if the near capture misses packets. */
    private void proveAlone(Suspect suspect) {
      suspect.shownBy = notSentYet(suspect);
      if (suspect.shownBy >= 0) {
        suspect.proofs.add(Proof.NOT_SENT_YET);
      }
      long start = suspect.start;
      for (int row : suspect.rows) {
        int bytes = far.payloadBytes(row);
        if (sum(row) >= 0 && ownRanges.contains(new Content(start, bytes, 0))) {
          suspect.proofs.add(Proof.OTHER_BYTES);
        }
        start += bytes;
      }
    }

    /** When its first segment passed the near point at the latest, had it done so. */
    private long passedNanos(Suspect suspect) {
      return far.timeNanos(suspect.rows.get(0)) - difference.minNanos();
    }

    /**
     * The sender's first segment without data, after the run was acknowledged, whose number is that
     * of the next byte to send (RFC 9293, section 3.10.7.4: SEQ=SND.NXT) and not beyond the run's
     * first byte; -1 where there is none.
     */
    private int notSentYet(Suspect suspect) {
      int acknowledged = acknowledgedRow(pair.nearPoint(direction), suspect.end, -1);
      if (acknowledged < 0) {
        return -1;
      }
      long since = passedNanos(suspect) + REORDERED_NANOS;
      int base = pair.base(pair.nearPoint(direction), direction);
      long next = 0;
      Flow sender = pair.nearFlow(direction);
      for (int row = sender.firstRow(); row >= 0; row = near.next(row)) {
        long position = near.position(row, base, next);
        if (row > acknowledged
            && near.timeNanos(row) >= since
            && near.payloadBytes(row) == 0
            && (near.flags(row) & CLOSING) == 0
            && position == next
            && position <= suspect.start) {
          return row;
        }
        next = Math.max(next, position + length(near, row));
      }
      return -1;
    }

    /** The first segment of the receiver after a row that acknowledges a position, or -1. */
    private int acknowledgedRow(CapturePoint point, long position, int after) {
      Connection seen = pair.at(point);
      SegmentTable table = seen.flow(direction).table();
      int base = pair.base(point, direction);
      for (int row = seen.flow(direction.reverse()).firstRow(); row >= 0; row = table.next(row)) {
        if (row > after
            && (table.flags(row) & (TcpFlags.ACK | TcpFlags.RST)) == TcpFlags.ACK
            && SequenceNumber.unwrap(table.acknowledgment(row) - base, position) >= position) {
          return row;
        }
      }
      return -1;
    }

    private static int length(SegmentTable table, int row) {
      int flags = table.flags(row);
      return (flags & TcpFlags.RST) != 0
          ? 0
          : table.payloadBytes(row)
              + ((flags & TcpFlags.SYN) != 0 ? 1 : 0)
              + ((flags & TcpFlags.FIN) != 0 ? 1 : 0);
    }

    /** What shows it unless the near capture missed the segment. */
    private Set<Proof> probable(Suspect suspect) {
      Set<Proof> proofs = EnumSet.noneOf(Proof.class);
      int first = firstSent(suspect);
      // What the sender had sent before may be sent again, and missed.
      if (first >= 0 && near.timeNanos(first) < passedNanos(suspect) + REORDERED_NANOS) {
        return proofs;
      }
      if (first >= 0 && isAcknowledgedBefore(suspect, first)) {
        proofs.add(Proof.ACKNOWLEDGED_FIRST);
        suspect.shownBy = suspect.shownBy < 0 ? first : suspect.shownBy;
      }
      if (isOtherTtl(suspect)
          && own.hasAfter(suspect.rows.get(suspect.rows.size() - 1))
          && (first >= 0 || !isSentLater(suspect))) {
        proofs.add(Proof.TTL);
      }
      return proofs;
    }

    private boolean isOtherTtl(Suspect suspect) {
      return !own.isEmpty() && !own.hasTtl(suspect.ttl);
    }

    /** The first row at the near point that carries any byte of the range, or -1. */
    private int firstSent(Suspect suspect) {
      Alignment.Sightings sent = alignment.near();
      if (!held.holdsAnyOf(suspect.start, suspect.end)) {
        return -1;
      }
      for (int i = 0; i < sent.size(); i++) {
        long start = sent.start()[i];
        if (start < suspect.end && start + near.payloadBytes(sent.row()[i]) > suspect.start) {
          return sent.row()[i];
        }
      }
      return -1;
    }

    /** Whether the sender goes on beyond a range that the near capture lacks: it sent the range. */
    private boolean isSentLater(Suspect suspect) {
      int base = pair.base(pair.nearPoint(direction), direction);
      Flow sender = pair.nearFlow(direction);
      for (int row = sender.firstRow(); row >= 0; row = near.next(row)) {
        if ((near.flags(row) & TcpFlags.RST) == 0
            && near.position(row, base, suspect.end) + length(near, row) > suspect.start
            && near.timeNanos(row) > passedNanos(suspect)) {
          return true;
        }
      }
      return false;
    }

    /**
     * Whether the acknowledgment of the run passes the near point so long before the sender's first
     * segment of that range that the sender had it. The same range may be a repetition of what the
     * capture missed.
     */
    private boolean isAcknowledgedBefore(Suspect suspect, int first) {
      int acknowledged = acknowledgedRow(pair.nearPoint(direction), suspect.end, -1);
      long toSender =
          HandshakeGaps.of(pair.near(direction)).map(gaps -> gaps.toNanos(direction)).orElse(-1L);
      boolean isSameRange =
          near.payloadBytes(first) == suspect.end - suspect.start
              && near.sequence(first) - pair.base(pair.nearPoint(direction), direction)
                  == (int) suspect.start;
      return acknowledged >= 0
          && toSender >= 0
          && acknowledged < first
          && !isSameRange
          && near.timeNanos(first) - near.timeNanos(acknowledged) > toSender + REORDERED_NANOS;
    }

    private Run run(Suspect suspect) {
      int last = suspect.rows.get(suspect.rows.size() - 1);
      int acknowledged = acknowledgedRow(pair.farPoint(direction), suspect.end, last);
      int before = -1;
      int after = -1;
      long from = suspect.end;
      long to = suspect.start;
      Alignment.Sightings seen = alignment.far();
      for (int i = 0; i < seen.size(); i++) {
        int row = seen.row()[i];
        long start = Math.max(suspect.start, seen.start()[i]);
        long end = Math.min(suspect.end, seen.start()[i] + far.payloadBytes(row));
        if (seen.peers()[i] > 0 && start < end) {
          before = row < suspect.rows.get(0) && before < 0 ? row : before;
          after = row > last && after < 0 ? row : after;
          from = Math.min(from, start);
          to = Math.max(to, end);
        }
      }
      return new Run(
          suspect.rows,
          suspect.start,
          suspect.end,
          suspect.proofs,
          suspect.shownBy,
          use(before, after, acknowledged),
          own.before(suspect.rows.get(0)),
          isOtherTtl(suspect),
          own.isOtherIpId(suspect.rows.get(0)),
          before >= 0 ? before : after,
          Math.max(0, to - from),
          vainAcknowledgments(suspect));
    }

    private static Use use(int before, int after, int acknowledged) {
      if (before >= 0) {
        return Use.TOO_LATE;
      }
      if (acknowledged < 0 || (after >= 0 && after < acknowledged)) {
        return Use.UNKNOWN;
      }
      return after >= 0 ? Use.REPLACES : Use.ADDS;
    }

    /** The sender's segments without data that have a number below what is acknowledged already. */
    private int vainAcknowledgments(Suspect suspect) {
      int acknowledged = acknowledgedRow(pair.nearPoint(direction), suspect.end, -1);
      int base = pair.base(pair.nearPoint(direction), direction);
      int count = 0;
      for (int row = pair.nearFlow(direction).firstRow(); row >= 0; row = near.next(row)) {
        count +=
            acknowledged >= 0
                    && row > acknowledged
                    && near.payloadBytes(row) == 0
                    && (near.flags(row) & CLOSING) == 0
                    && near.position(row, base, suspect.start) <= suspect.start
                ? 1
                : 0;
      }
      return count;
    }
  }
}
