package org.mssbridge.datagram;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mssbridge.flow.DatagramFlow;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.FragmentedDatagram;

/**
 * The packets of one direction of a flow on their way from one point to the next. Packets are given
 * by their index among those of their point.
 */
public final class FlowPassage {
  /** Where so much is at the far point only, contents are changed or packets joined on the way. */
  private static final int MOST_STRANGE = 10;

  /** A gap in which a capture may have been stopped. */
  private static final long GAP_NANOS = 2_000_000_000L;

  /** What a packet takes, and the clocks gain or lose meanwhile, is not known better. */
  private static final long MARGIN_NANOS = 1_000_000_000L;

  private static final long MARGIN_SHARE = 1_000;

  private final PointCapture nearCapture;
  private final PointCapture farCapture;
  private final DatagramTable near;
  private final DatagramTable far;
  private final Direction direction;
  private final TracedFlow flow;
  private final PacketMatch match;

  private int arrived;
  private int unknown;
  private int missed;
  private int[] strange = {};
  private int[] passedNear = {};
  private boolean isNearLacking;
  private int lostAtEnd;
  private int[] lost;
  private final List<Modified> modified = new ArrayList<>();
  private final List<Partial> partial = new ArrayList<>();
  private final int[] duplicated;

  /**
   * A packet whose content is another at the far point.
   *
   * @param nearRow in the table of the near point
   * @param farRow in that of the far point
   */
  public record Modified(int nearRow, int farRow) {}

  /**
   * A packet of which only some fragments arrive.
   *
   * @param nearRow in the table of the near point
   * @param fragments those at the far point
   */
  public record Partial(int nearRow, FragmentedDatagram fragments) {}

  FlowPassage(
      TracedFlow flow,
      Direction direction,
      PointCapture nearCapture,
      PointCapture farCapture,
      PacketMatch match,
      Sightings sightings) {
    this.flow = flow;
    this.direction = direction;
    this.nearCapture = nearCapture;
    this.farCapture = farCapture;
    this.near = nearCapture.datagrams();
    this.far = farCapture.datagrams();
    this.match = match;
    this.lost = judge(sightings);
    this.duplicated = findDuplicates();
  }

  /** The flow, at all its points. */
  public TracedFlow flow() {
    return flow;
  }

  /** By which end of the flow sends. */
  public Direction direction() {
    return direction;
  }

  public CapturePoint nearPoint() {
    return nearCapture.point();
  }

  public CapturePoint farPoint() {
    return farCapture.point();
  }

  /** The table of the near point. */
  public DatagramTable near() {
    return near;
  }

  /** The table of the far point. */
  public DatagramTable far() {
    return far;
  }

  /** The flow at its first point, as people call it in this direction. */
  public String name() {
    return flow.name(flow.points().get(0), direction);
  }

  /** Number of packets at the near point. */
  public int sent() {
    return match.rowsAtFirst().length;
  }

  /** Number of packets that are at both points. */
  public int arrived() {
    return arrived;
  }

  /** Number of packets of which the captures cannot show whether they arrived. */
  public int unknown() {
    return unknown;
  }

  /** Number of packets that the near capture lacks, as they are at the far point. */
  public int missedByNear() {
    return missed;
  }

  /**
   * The rows at the far point of packets that passed the near point and that its capture lacks; not
   * where they may be others of the near point, changed or joined on the way. Those that are at a
   * point before it too are no others.
   */
  public int[] lackedByNear() {
    return isNearLacking && modified.isEmpty()
        ? IntStream.concat(IntStream.of(strange), IntStream.of(passedNear)).sorted().toArray()
        : passedNear.clone();
  }

  /** The rows at the near point of packets that did not arrive. */
  public int[] lost() {
    return lost.clone();
  }

  /** How many of these are the last ones: since then nothing arrives. */
  public int lostAtEnd() {
    return lostAtEnd;
  }

  /** The packets whose content is another at the far point. */
  public List<Modified> modified() {
    return List.copyOf(modified);
  }

  /** The packets of which only some fragments arrive. */
  public List<Partial> partial() {
    return List.copyOf(partial);
  }

  /** The rows at the far point of further copies of packets that passed the near point once. */
  public int[] duplicated() {
    return duplicated.clone();
  }

  /** Its RTP at the near point. */
  public List<RtpStream> rtpStreams() {
    return RtpStream.of(near, flow.at(nearPoint()).orElseThrow(), flow.at(nearPoint(), direction));
  }

  /** Takes both rows of each packet that is at both points. */
  public interface Crossing {
    /**
     * Takes a packet.
     *
     * @param isCertain false for one of several with equal contents that was matched by IP ID or by
     *     its place
     */
    void at(int nearRow, int farRow, boolean isCertain);
  }

  /** Visits all packets that are at both points, in the order of the near capture. */
  public void forEachCrossing(Crossing visitor) {
    int[] peers = match.peersOfFirst();
    for (int i = 0; i < peers.length; i++) {
      if (peers[i] >= 0) {
        visitor.at(match.rowsAtFirst()[i], match.rowsAtSecond()[peers[i]], !match.isRepeated(i));
      }
    }
  }

  /** Decides what happened to each packet of the near point; returns the rows of the lost ones. */
  private int[] judge(Sightings sightings) {
    arrived = match.matched();
    int[] rows = match.rowsAtFirst();
    int[] peers = match.peersOfFirst();
    int first = firstMatched(peers);
    int last = lastMatched(peers);
    int[] found = new int[rows.length];
    int count = 0;
    long bytes = 0;
    for (int i = first; i < last; i++) {
      if (peers[i] == PacketMatch.ALONE
          && !sightings.isElsewhere(farCapture, near, rows[i], match.hasSureIds())) {
        found[count++] = i;
        bytes += near.contentBytes(rows[i]);
      }
    }
    long strangeBytes = strangeBytes(sightings);
    isNearLacking = bytes * MOST_STRANGE <= strangeBytes;
    count -= takeModified(found, count);
    count -= takePartial(found, count);
    int[] start = outside(first, /* isAfter= */ false, sightings);
    int countAtStart = start.length - takePartial(start, start.length);
    int[] end = outside(last, /* isAfter= */ true, sightings);
    int countAtEnd = end.length - takePartial(end, end.length);
    boolean isExplained =
        (missed > 0 && (missed * MOST_STRANGE >= count || strangeBytes * MOST_STRANGE >= bytes))
            || isUnreadable();
    int[] kept = new int[0];
    if (!isExplained) {
      lostAtEnd = countAtEnd;
      kept =
          Stream.of(
                  Arrays.copyOf(start, countAtStart),
                  withoutGaps(found, count, sightings),
                  Arrays.copyOf(end, countAtEnd))
              .flatMapToInt(Arrays::stream)
              .toArray();
    }
    unknown = rows.length - arrived - kept.length - modified.size() - partial.size();
    for (int i = 0; i < kept.length; i++) {
      kept[i] = rows[kept[i]];
    }
    return kept;
  }

  /**
   * What the far capture would hold after the last packet that arrived, or before the first one, if
   * it surely runs then: it has nothing of the flow at that time, but others.
   *
   * @param edge the last packet that arrived, or the first one
   */
  private int[] outside(int edge, boolean isAfter, Sightings sightings) {
    int[] rows = match.rowsAtFirst();
    int[] there = match.peersOfSecond();
    int farEdge = isAfter ? lastMatched(there) + 1 : firstMatched(there);
    if (arrived == 0
        || farEdge != (isAfter ? there.length : 0)
        || sightings.hasMoreTunnels(nearCapture, farCapture)) {
      return new int[0];
    }
    long nearNanos = near.timeNanos(rows[edge]);
    long farNanos = far.timeNanos(match.rowsAtSecond()[match.peersOfFirst()[edge]]);
    int[] found = new int[rows.length];
    int count = 0;
    for (int i = isAfter ? edge + 1 : 0; i < (isAfter ? rows.length : edge); i++) {
      long since = near.timeNanos(rows[i]) - nearNanos;
      long due = farNanos + since;
      if (match.peersOfFirst()[i] == PacketMatch.ALONE
          && isCovered(due, Math.abs(since) / MARGIN_SHARE, sightings)
          && !sightings.isElsewhere(farCapture, near, rows[i], match.hasSureIds())) {
        found[count++] = i;
      }
    }
    return Arrays.copyOf(found, count);
  }

  private boolean isCovered(long due, long moreNanos, Sightings sightings) {
    return farCapture.coverage().contains(due - MARGIN_NANOS - moreNanos)
        && farCapture.coverage().contains(due + MARGIN_NANOS + moreNanos)
        && sightings.isRunning(farCapture, due);
  }

  /** Whether the far point holds nothing of this direction. */
  boolean isSilent() {
    return match.rowsAtSecond().length == 0;
  }

  /** Whether every packet that is lost is one of all that were sent: none arrived. */
  public boolean isAllLost() {
    return isSilent() && lost.length > 0;
  }

  /**
   * Judges a direction of which nothing arrives, where others of the same hosts do.
   *
   * @param datagrams what knows the clocks
   */
  void judgeSilent(Datagrams datagrams, Sightings sightings) {
    if (isUnreadable() || sightings.hasMoreTunnels(nearCapture, farCapture)) {
      return;
    }
    int[] rows = match.rowsAtFirst();
    int[] found = new int[rows.length];
    int count = 0;
    for (int row : rows) {
      OptionalLong due =
          datagrams.aboutTimeAt(farCapture.point(), nearCapture.point(), near.timeNanos(row));
      if (due.isPresent()
          && isCovered(due.getAsLong(), 0, sightings)
          && !sightings.isElsewhere(farCapture, near, row, /* keepsIds= */ false)) {
        found[count++] = row;
      }
    }
    lost = Arrays.copyOf(found, count);
    unknown = rows.length - count;
  }

  private static int firstMatched(int[] peers) {
    int i = 0;
    while (i < peers.length && peers[i] < 0) {
      i++;
    }
    return i;
  }

  private static int lastMatched(int[] peers) {
    int i = peers.length - 1;
    while (i >= 0 && peers[i] < 0) {
      i--;
    }
    return i;
  }

  /** Counts what is at the far point only, between packets that are at both; returns its bytes. */
  private long strangeBytes(Sightings sightings) {
    int[] rows = match.rowsAtSecond();
    int[] peers = match.peersOfSecond();
    long bytes = 0;
    int count = 0;
    strange = new int[rows.length];
    passedNear = new int[rows.length];
    int passed = 0;
    int last = lastMatched(peers);
    for (int i = firstMatched(peers); i < last; i++) {
      if (peers[i] == PacketMatch.ALONE && sightings.isOnBothSidesOf(nearCapture, far, rows[i])) {
        passedNear[passed++] = rows[i];
      } else if (peers[i] == PacketMatch.ALONE
          && !sightings.isElsewhere(nearCapture, far, rows[i], match.hasSureIds())) {
        missed++;
        strange[count++] = rows[i];
        bytes += far.contentBytes(rows[i]);
      }
    }
    strange = Arrays.copyOf(strange, count);
    passedNear = Arrays.copyOf(passedNear, passed);
    return bytes;
  }

  /** Whether packets of the flow may be at the far point and were not looked at there. */
  private boolean isUnreadable() {
    DatagramFlow there = flow.at(farPoint()).orElseThrow();
    Direction way = flow.at(farPoint(), direction);
    String source = there.sender(way).address();
    String destination = there.sender(way.reverse()).address();
    if (far.hasUnread(source, destination)
        || far.fragments().incomplete(source, destination).size() > partial.size()) {
      return true;
    }
    return match.hasUnreadableAtSecond();
  }

  /**
   * Takes those out that are at the far point with another content: the same IP ID and length, in
   * the same place between packets that are at both points. Returns how many.
   */
  private int takeModified(int[] found, int count) {
    if (!match.keepsIds()) {
      return 0;
    }
    int[] peers = match.peersOfFirst();
    int kept = 0;
    for (int k = 0; k < count; k++) {
      int i = found[k];
      int before = i - 1;
      int row = match.rowsAtFirst()[i];
      int candidate = peers[before] < 0 ? -1 : peers[before] + 1;
      boolean isBetween =
          candidate >= 0
              && i + 1 < peers.length
              && candidate + 1 < match.rowsAtSecond().length
              && peers[i + 1] == candidate + 1
              && match.peersOfSecond()[candidate] == PacketMatch.ALONE;
      int there = isBetween ? match.rowsAtSecond()[candidate] : -1;
      if (isBetween
          && near.ipId(row) != 0
          && near.ipId(row) == far.ipId(there)
          && near.contentBytes(row) == far.contentBytes(there)) {
        modified.add(new Modified(row, there));
        missed = Math.max(0, missed - 1);
      } else {
        found[kept++] = i;
      }
    }
    return count - kept;
  }

  /**
   * Takes those out of which fragments are at the far point: those with the first fragment, which
   * holds what the head of a content is told by, or else those with the same ID and length. Returns
   * how many.
   */
  private int takePartial(int[] found, int count) {
    DatagramFlow there = flow.at(farPoint()).orElseThrow();
    Direction way = flow.at(farPoint(), direction);
    List<FragmentedDatagram> left =
        new ArrayList<>(
            far.fragments()
                .incomplete(there.sender(way).address(), there.sender(way.reverse()).address()));
    int kept = 0;
    for (int k = 0; k < count; k++) {
      int row = match.rowsAtFirst()[found[k]];
      Optional<FragmentedDatagram> part = left.stream().filter(each -> isOf(each, row)).findFirst();
      if (part.isPresent()) {
        left.remove(part.get());
        partial.add(new Partial(row, part.get()));
      } else {
        found[kept++] = found[k];
      }
    }
    return count - kept;
  }

  private boolean isOf(FragmentedDatagram fragments, int row) {
    if (fragments.headDigest() != 0) {
      return fragments.headDigest() == near.headDigest(row);
    }
    int id = near.fragments().of(row).map(FragmentedDatagram::id).orElse(near.ipId(row));
    return fragments.lacksFirst()
        && id != 0
        && fragments.id() == id
        && fragments.contentBytes() == near.contentBytes(row);
  }

  /** Leaves out those in gaps in which the far capture holds nothing at all. */
  private int[] withoutGaps(int[] found, int count, Sightings sightings) {
    int[] peers = match.peersOfFirst();
    int[] kept = new int[count];
    int size = 0;
    int at = 0;
    while (at < count) {
      int end = at;
      int before = found[at] - 1;
      while (before >= 0 && peers[before] < 0) {
        before--;
      }
      int after = found[at];
      while (after < peers.length && peers[after] < 0) {
        after++;
      }
      while (end < count && found[end] < after) {
        end++;
      }
      long from = far.timeNanos(match.rowsAtSecond()[peers[before]]);
      long until = far.timeNanos(match.rowsAtSecond()[peers[after]]);
      if (until - from < GAP_NANOS || sightings.holdsAnything(farCapture, from, until)) {
        System.arraycopy(found, at, kept, size, end - at);
        size += end - at;
      }
      at = end;
    }
    return Arrays.copyOf(kept, size);
  }

  /** Copies with the same IP ID; none where the capture holds most packets twice. */
  private int[] findDuplicates() {
    BitSet copies = match.copiesAtSecond();
    if (copies.cardinality() * MOST_STRANGE > match.matched()) {
      return new int[0];
    }
    return copies.stream().map(index -> match.rowsAtSecond()[index]).toArray();
  }
}
