package org.mssbridge.flow;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.mssbridge.model.ChecksumState;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.Frame;
import org.mssbridge.model.HeaderSum;
import org.mssbridge.model.Segment;
import org.mssbridge.model.TcpFlags;
import org.mssbridge.model.Tunnel;
import org.mssbridge.model.Unreachable;

/**
 * One direction of a connection at one capture point: its sender and the segments that were seen.
 */
public final class Flow {
  private final Endpoint sender;
  private final int addressSum;
  private final SegmentTable table;
  private List<Segment> handshake = List.of();
  private List<Unreachable> unreachables = List.of();
  private Carried carried = Carried.NEVER;
  private int vlanTags;
  private int firstRow = -1;
  private int lastRow = -1;
  private int segments;
  private int dataSegments;
  private int largestPayloadBytes;
  private long payloadDigest;
  private long tlsRandom;
  private boolean http;
  private OptionalInt learnedIsn = OptionalInt.empty();
  private int firstClosingRow = -1;
  private int firstSackRow = -1;
  private int resets;
  private int repeatedSegments;
  private int wrongHeaderSums;
  private int wrongChecksums;
  private int closedWindows;
  private int firstDataRow = -1;
  private int lastDataRow = -1;

  /** Raw numbers: after the last byte sent, and the highest that is acknowledged. */
  private int sentEnd;

  private boolean sends;
  private int acknowledgment;
  private boolean acknowledges;

  Flow(Endpoint sender, int addressSum, SegmentTable table) {
    this.sender = sender;
    this.addressSum = addressSum;
    this.table = table;
  }

  void append(int row) {
    if (lastRow < 0) {
      firstRow = row;
    } else {
      table.chain(lastRow, row);
    }
    lastRow = row;
    segments++;
    int flags = table.flags(row);
    if (firstClosingRow < 0 && (flags & (TcpFlags.FIN | TcpFlags.RST)) != 0) {
      firstClosingRow = row;
    }
    wrongHeaderSums += table.headerSum(row) == HeaderSum.WRONG ? 1 : 0;
    wrongChecksums += table.checksum(row) == ChecksumState.WRONG ? 1 : 0;
    int payloadBytes = table.payloadBytes(row);
    if (payloadBytes > 0) {
      dataSegments++;
      firstDataRow = firstDataRow < 0 ? row : firstDataRow;
      lastDataRow = row;
      largestPayloadBytes = Math.max(largestPayloadBytes, payloadBytes);
    }
    if ((flags & TcpFlags.RST) != 0) {
      resets++;
    } else {
      closedWindows += table.window(row) == 0 ? 1 : 0;
      noteProgress(table.sequence(row), payloadBytes, flags, table.acknowledgment(row));
    }
  }

  private void noteProgress(int sequence, int payloadBytes, int flags, int number) {
    int length = payloadBytes + ((flags & TcpFlags.FIN) != 0 ? 1 : 0);
    if (length > 0) {
      int start = sequence + ((flags & TcpFlags.SYN) != 0 ? 1 : 0);
      repeatedSegments += sends && start - sentEnd < 0 ? 1 : 0;
      if (!sends || start + length - sentEnd > 0) {
        sentEnd = start + length;
        sends = true;
      }
    } else if (isProbe(sequence, flags)) {
      repeatedSegments++;
    }
    if ((flags & TcpFlags.ACK) != 0 && (!acknowledges || number - acknowledgment > 0)) {
      acknowledgment = number;
      acknowledges = true;
    }
  }

  /** Whether a segment without data has the number of the last byte sent: a keep-alive. */
  private boolean isProbe(int sequence, int flags) {
    return sends && sequence == sentEnd - 1 && (flags & TcpFlags.SYN) == 0;
  }

  /** A flow of this sender without rows: what it knows of its handshake and data is copied. */
  Flow withoutRows(Flow stray) {
    Flow copy = new Flow(sender, addressSum, table);
    Stream.concat(handshake.stream(), stray.handshake.stream())
        .sorted(Comparator.comparingInt(Segment::frame))
        .forEach(copy::addHandshake);
    copy.carried = carried.and(stray.carried);
    copy.vlanTags = Math.max(vlanTags, stray.vlanTags);
    copy.learnedIsn = learnedIsn.isPresent() ? learnedIsn : stray.learnedIsn;
    copy.firstData(payloadDigest, http);
    copy.firstData(stray.payloadDigest, stray.http);
    copy.tlsHello(tlsRandom);
    copy.tlsHello(stray.tlsRandom);
    Stream.concat(unreachables.stream(), stray.unreachables.stream())
        .sorted(Comparator.comparingInt(Unreachable::frame))
        .forEach(copy::addUnreachable);
    return copy;
  }

  void addSack(int row, int left, int right) {
    table.appendSack(row, left, right);
    noteSack(row);
  }

  void noteSack(int row) {
    firstSackRow = firstSackRow < 0 ? row : firstSackRow;
  }

  void addHandshake(Segment segment) {
    if (handshake.isEmpty()) {
      handshake = List.of(segment); // Nearly all have one.
      return;
    }
    if (handshake.size() == 1) {
      handshake = new ArrayList<>(handshake);
    }
    handshake.add(segment);
  }

  /**
   * Records that a segment is in a tunnel.
   *
   * @param overheadBytes its {@link Frame#tunnelBytes}
   */
  void addCarried(Frame frame, int overheadBytes) {
    if (carried == Carried.NEVER) {
      carried = new Carried();
    }
    carried.add(frame, overheadBytes);
  }

  void addVlanTags(int tags) {
    vlanTags = Math.max(vlanTags, tags);
  }

  void addUnreachable(Unreachable error) {
    if (unreachables.isEmpty()) {
      unreachables = new ArrayList<>(1);
    }
    unreachables.add(error);
  }

  void firstData(long digest, boolean isHttp) {
    if (payloadDigest == 0) {
      payloadDigest = digest;
      http = isHttp;
    }
  }

  void tlsHello(long random) {
    tlsRandom = tlsRandom == 0 ? random : tlsRandom;
  }

  /**
   * The sum of both addresses, which is part of every checksum, see {@link PayloadSum#ofAddresses}.
   */
  int addressSum() {
    return addressSum;
  }

  /** Sets an ISN that follows from an acknowledgment in the other direction. */
  void learnIsn(int isn) {
    if (learnedIsn.isEmpty()) {
      learnedIsn = OptionalInt.of(isn);
    }
  }

  /** Source address and port of the segments. */
  public Endpoint sender() {
    return sender;
  }

  /** The table that holds the rows of this flow. */
  public SegmentTable table() {
    return table;
  }

  /** The SYNs or SYN/ACKs of this direction, retransmissions included, in order. */
  public List<Segment> handshake() {
    return Collections.unmodifiableList(handshake);
  }

  /**
   * The tunnel in which all segments of this direction are; empty where any is outside, or none was
   * seen.
   */
  public Optional<Tunnel> tunnel() {
    return segments > 0 && carried.segments() == segments ? carried.tunnel() : Optional.empty();
  }

  /** The first tunnel in which a segment of this direction is, also where others are in none. */
  public Optional<Tunnel> anyTunnel() {
    return carried.tunnel();
  }

  /** The most VLAN tags that a SYN or the first data of this direction has. */
  public int vlanTags() {
    return vlanTags;
  }

  /** Whether no segment of this direction is in a tunnel, and one was seen. */
  public boolean isPlain() {
    return segments > 0 && carried.segments() == 0;
  }

  /** The ICMP errors, but for "too big", that quote a segment of this direction. */
  public List<Unreachable> unreachables() {
    return Collections.unmodifiableList(unreachables);
  }

  /** Of these, the first that refuses the segment. */
  public Optional<Unreachable> firstRefusal() {
    return unreachables.stream().filter(Unreachable::isRefusal).findFirst();
  }

  /** Whether any of these says that the time of a segment is exceeded. */
  public boolean hasTimeExceeded() {
    return unreachables.stream().anyMatch(error -> !error.isRefusal());
  }

  /** The first SYN or SYN/ACK. */
  public Optional<Segment> firstHandshake() {
    return handshake.isEmpty() ? Optional.empty() : Optional.of(handshake.get(0));
  }

  /** Whether the first one is a SYN without ACK: then the sender is the client. */
  boolean startsWithSyn() {
    return !handshake.isEmpty() && TcpFlags.isSyn(handshake.get(0).flags());
  }

  /** Whether the first one is a SYN/ACK: then the sender is the server. */
  boolean startsWithSynAck() {
    return !handshake.isEmpty() && TcpFlags.isSynAck(handshake.get(0).flags());
  }

  /** The raw initial sequence number; empty where it does not follow from the capture. */
  public OptionalInt isn() {
    return handshake.isEmpty() ? learnedIsn : OptionalInt.of(handshake.get(0).sequence());
  }

  /**
   * The raw number after the last byte or FIN that was seen; after the SYN where nothing was sent.
   * Empty where it does not follow from the capture.
   */
  public OptionalInt next() {
    if (sends) {
      return OptionalInt.of(sentEnd);
    }
    OptionalInt isn = isn();
    return isn.isPresent() ? OptionalInt.of(isn.getAsInt() + 1) : isn;
  }

  /** First row, -1 where there is none; the others follow by {@link SegmentTable#next}. */
  public int firstRow() {
    return firstRow;
  }

  /** The row of a frame, -1 where it is none of this flow. */
  public int rowOf(int frame) {
    int row = firstRow;
    while (row >= 0 && table.frame(row) != frame) {
      row = table.next(row);
    }
    return row;
  }

  /** The frames of all segments, in order. */
  public List<Integer> frames() {
    List<Integer> frames = new ArrayList<>(segments);
    for (int row = firstRow; row >= 0; row = table.next(row)) {
      frames.add(table.frame(row));
    }
    return frames;
  }

  /** First row with FIN or RST, -1 where there is none. */
  public int firstClosingRow() {
    return firstClosingRow;
  }

  /** Whether any segment is a RST. */
  public boolean hasReset() {
    return resets > 0;
  }

  /** Last row, -1 where there is none. */
  public int lastRow() {
    return lastRow;
  }

  /** Number of RSTs. */
  public int resets() {
    return resets;
  }

  /** First row with data, -1 where there is none. */
  public int firstDataRow() {
    return firstDataRow;
  }

  /** Last row with data, -1 where there is none. */
  public int lastDataRow() {
    return lastDataRow;
  }

  /** Whether the last segment is a probe: a keep-alive, or the last byte or FIN once more. */
  public boolean endsWithProbe() {
    return lastRow >= 0 && isProbe(table.sequence(lastRow), table.flags(lastRow));
  }

  /**
   * Segments with data or a FIN that begin before what was already sent: repeated, overtaken, or
   * probes.
   */
  public int repeatedSegments() {
    return repeatedSegments;
  }

  /** Packets whose IPv4 header has a wrong checksum. */
  public int wrongHeaderSums() {
    return wrongHeaderSums;
  }

  /** Segments whose checksum was verified and does not fit. */
  public int wrongChecksums() {
    return wrongChecksums;
  }

  /** Segments, but for RSTs, that announce a window of 0. */
  public int closedWindows() {
    return closedWindows;
  }

  /** The highest raw number that it acknowledges; empty where it acknowledges nothing. */
  public OptionalInt acknowledged() {
    return acknowledges ? OptionalInt.of(acknowledgment) : OptionalInt.empty();
  }

  /** Whether the other end acknowledges, but not the last byte or FIN that this one sent. */
  public boolean isOutstanding(Flow receiver) {
    return sends && receiver.acknowledges && sentEnd - receiver.acknowledgment > 0;
  }

  /** Whether its acknowledgments reach a raw sequence number of the other direction. */
  public boolean hasAcknowledged(int sequence) {
    return acknowledges && acknowledgment - sequence >= 0;
  }

  /** First row with SACK blocks, -1 where there is none. */
  public int firstSackRow() {
    return firstSackRow;
  }

  /** TTL or hop limit of the first segment, -1 where unknown. */
  public int firstTtl() {
    return firstRow < 0 ? -1 : table.ttl(firstRow);
  }

  /** Number of segments, those without data included. */
  public int segments() {
    return segments;
  }

  /** Number of segments with data. */
  public int dataSegments() {
    return dataSegments;
  }

  /** Largest payload in bytes, 0 where no segment has data. */
  public int largestPayloadBytes() {
    return largestPayloadBytes;
  }

  /** Digest of the first data, 0 where there is none. */
  public long payloadDigest() {
    return payloadDigest;
  }

  /** The start of the random in the first TLS hello of this direction, 0 where there is none. */
  public long tlsRandom() {
    return tlsRandom;
  }

  /** Whether the first data was recognised as HTTP. */
  public boolean isHttp() {
    return http;
  }

  /** The MSS of the first SYN or SYN/ACK, in bytes; empty where absent or unseen. */
  public OptionalInt announcedMss() {
    return handshake.isEmpty() ? OptionalInt.empty() : handshake.get(0).options().mss();
  }
}
