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
import org.mssbridge.model.TcpOptions;
import org.mssbridge.model.Tunnel;
import org.mssbridge.model.Unreachable;

/**
 * One direction of a connection at one capture point: its sender and the segments that were seen.
 */
public final class Flow {
  private final Endpoint sender;
  private final int addressSum;
  private final SegmentTable table;

  /** Of the first SYN or SYN/ACK, and its row; null and -1 where there is none with a row. */
  private TcpOptions options;

  private int handshakeRow = -1;
  private int firstRow = -1;
  private int lastRow = -1;
  private int segments;

  /** The highest raw number that is acknowledged. */
  private int acknowledgment;

  private boolean acknowledges;
  private Rest rest = Rest.NONE;

  /** What a direction has beyond a handshake. */
  private static final class Rest {
    /** Of a flow that has nothing of it; nothing may be written to it. */
    static final Rest NONE = new Rest();

    /** The whole handshake where it is more than one segment, or has no rows; else empty. */
    List<Segment> handshake = List.of();

    List<Unreachable> unreachables = List.of();
    Carried carried = Carried.NEVER;
    int vlanTags;
    int dataSegments;
    int largestPayloadBytes;
    long payloadDigest;
    long tlsRandom;
    boolean http;
    OptionalInt learnedIsn = OptionalInt.empty();
    int firstClosingRow = -1;
    int firstSackRow = -1;
    int resets;
    int repeatedSegments;
    int wrongHeaderSums;
    int wrongChecksums;
    int closedWindows;
    int firstDataRow = -1;
    int lastDataRow = -1;

    /** Raw number after the last byte sent. */
    int sentEnd;

    boolean sends;
  }

  Flow(Endpoint sender, int addressSum, SegmentTable table) {
    this.sender = sender;
    this.addressSum = addressSum;
    this.table = table;
  }

  /** What it has beyond a handshake, to write to. */
  private Rest rest() {
    if (rest == Rest.NONE) {
      rest = new Rest();
    }
    return rest;
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
    if ((flags & (TcpFlags.FIN | TcpFlags.RST)) != 0 && rest.firstClosingRow < 0) {
      rest().firstClosingRow = row;
    }
    if (table.headerSum(row) == HeaderSum.WRONG) {
      rest().wrongHeaderSums++;
    }
    if (table.checksum(row) == ChecksumState.WRONG) {
      rest().wrongChecksums++;
    }
    int payloadBytes = table.payloadBytes(row);
    if (payloadBytes > 0) {
      noteData(row, payloadBytes);
    }
    if ((flags & TcpFlags.RST) != 0) {
      rest().resets++;
      return;
    }
    if (table.window(row) == 0) {
      rest().closedWindows++;
    }
    noteProgress(table.sequence(row), payloadBytes, flags, table.acknowledgment(row));
  }

  private void noteData(int row, int payloadBytes) {
    Rest own = rest();
    own.dataSegments++;
    own.firstDataRow = own.firstDataRow < 0 ? row : own.firstDataRow;
    own.lastDataRow = row;
    own.largestPayloadBytes = Math.max(own.largestPayloadBytes, payloadBytes);
  }

  private void noteProgress(int sequence, int payloadBytes, int flags, int number) {
    int length = payloadBytes + ((flags & TcpFlags.FIN) != 0 ? 1 : 0);
    if (length > 0) {
      Rest own = rest();
      int start = sequence + ((flags & TcpFlags.SYN) != 0 ? 1 : 0);
      own.repeatedSegments += own.sends && start - own.sentEnd < 0 ? 1 : 0;
      if (!own.sends || start + length - own.sentEnd > 0) {
        own.sentEnd = start + length;
        own.sends = true;
      }
    } else if (isProbe(sequence, flags)) {
      rest().repeatedSegments++;
    }
    if ((flags & TcpFlags.ACK) != 0 && (!acknowledges || number - acknowledgment > 0)) {
      acknowledgment = number;
      acknowledges = true;
    }
  }

  /** Whether a segment without data has the number of the last byte sent: a keep-alive. */
  private boolean isProbe(int sequence, int flags) {
    return rest.sends && sequence == rest.sentEnd - 1 && (flags & TcpFlags.SYN) == 0;
  }

  /** A flow of this sender without rows: what it knows of its handshake and data is copied. */
  Flow withoutRows(Flow stray) {
    Flow copy = new Flow(sender, addressSum, table);
    Rest own = copy.rest();
    own.handshake =
        Stream.concat(handshake().stream(), stray.handshake().stream())
            .sorted(Comparator.comparingInt(Segment::frame))
            .toList();
    own.carried = rest.carried.and(stray.rest.carried);
    own.vlanTags = Math.max(rest.vlanTags, stray.rest.vlanTags);
    own.learnedIsn = rest.learnedIsn.isPresent() ? rest.learnedIsn : stray.rest.learnedIsn;
    copy.firstData(rest.payloadDigest, rest.http);
    copy.firstData(stray.rest.payloadDigest, stray.rest.http);
    copy.tlsHello(rest.tlsRandom);
    copy.tlsHello(stray.rest.tlsRandom);
    own.unreachables =
        Stream.concat(rest.unreachables.stream(), stray.rest.unreachables.stream())
            .sorted(Comparator.comparingInt(Unreachable::frame))
            .toList();
    return copy;
  }

  void addSack(int row, int left, int right) {
    table.appendSack(row, left, right);
    noteSack(row);
  }

  void noteSack(int row) {
    if (rest.firstSackRow < 0) {
      rest().firstSackRow = row;
    }
  }

  /** Adds a SYN or SYN/ACK, whose row was appended. */
  void addHandshake(int row, TcpOptions of) {
    if (handshakeRow < 0) {
      handshakeRow = row; // Nearly all have one.
      options = of;
      return;
    }
    List<Segment> more = new ArrayList<>(handshake());
    more.add(segment(row, of));
    rest().handshake = more;
  }

  private Segment segment(int row, TcpOptions of) {
    return new Segment(
        table.frame(row),
        table.timeNanos(row),
        table.sequence(row),
        table.acknowledgment(row),
        table.flags(row),
        table.ipId(row),
        of);
  }

  /**
   * Records that a segment is in a tunnel.
   *
   * @param overheadBytes its {@link Frame#tunnelBytes}
   */
  void addCarried(Frame frame, int overheadBytes) {
    if (rest.carried == Carried.NEVER) {
      rest().carried = new Carried();
    }
    rest.carried.add(frame, overheadBytes);
  }

  void addVlanTags(int tags) {
    if (tags > rest.vlanTags) {
      rest().vlanTags = tags;
    }
  }

  void addUnreachable(Unreachable error) {
    if (rest.unreachables.isEmpty()) {
      rest().unreachables = new ArrayList<>(1);
    }
    rest.unreachables.add(error);
  }

  void firstData(long digest, boolean isHttp) {
    if (rest.payloadDigest == 0 && digest != 0) {
      rest().payloadDigest = digest;
      rest.http = isHttp;
    }
  }

  void tlsHello(long random) {
    if (rest.tlsRandom == 0 && random != 0) {
      rest().tlsRandom = random;
    }
  }

  /**
   * The sum of both addresses, which is part of every checksum, see {@link PayloadSum#ofAddresses}.
   */
  int addressSum() {
    return addressSum;
  }

  /** Sets an ISN that follows from an acknowledgment in the other direction. */
  void learnIsn(int isn) {
    if (rest.learnedIsn.isEmpty()) {
      rest().learnedIsn = OptionalInt.of(isn);
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
    if (!rest.handshake.isEmpty()) {
      return Collections.unmodifiableList(rest.handshake);
    }
    return handshakeRow < 0 ? List.of() : List.of(segment(handshakeRow, options));
  }

  /** How many these are. */
  public int handshakes() {
    return !rest.handshake.isEmpty() ? rest.handshake.size() : handshakeRow < 0 ? 0 : 1;
  }

  /** The row of the first SYN or SYN/ACK, -1 where there is none with a row. */
  public int firstHandshakeRow() {
    return handshakeRow;
  }

  /** Whether a SYN or SYN/ACK of this direction was seen. */
  public boolean hasHandshake() {
    return handshakes() > 0;
  }

  /**
   * The tunnel in which all segments of this direction are; empty where any is outside, or none was
   * seen.
   */
  public Optional<Tunnel> tunnel() {
    return segments > 0 && rest.carried.segments() == segments
        ? rest.carried.tunnel()
        : Optional.empty();
  }

  /** The first tunnel in which a segment of this direction is, also where others are in none. */
  public Optional<Tunnel> anyTunnel() {
    return rest.carried.tunnel();
  }

  /** The most VLAN tags that a SYN or the first data of this direction has. */
  public int vlanTags() {
    return rest.vlanTags;
  }

  /** Whether no segment of this direction is in a tunnel, and one was seen. */
  public boolean isPlain() {
    return segments > 0 && rest.carried.segments() == 0;
  }

  /** The ICMP errors, but for "too big", that quote a segment of this direction. */
  public List<Unreachable> unreachables() {
    return Collections.unmodifiableList(rest.unreachables);
  }

  /** Of these, the first that refuses the segment. */
  public Optional<Unreachable> firstRefusal() {
    return rest.unreachables.isEmpty()
        ? Optional.empty()
        : rest.unreachables.stream().filter(Unreachable::isRefusal).findFirst();
  }

  /** Whether any of these says that the time of a segment is exceeded. */
  public boolean hasTimeExceeded() {
    return !rest.unreachables.isEmpty()
        && rest.unreachables.stream().anyMatch(error -> !error.isRefusal());
  }

  /** The first SYN or SYN/ACK. */
  public Optional<Segment> firstHandshake() {
    if (!rest.handshake.isEmpty()) {
      return Optional.of(rest.handshake.get(0));
    }
    return handshakeRow < 0 ? Optional.empty() : Optional.of(segment(handshakeRow, options));
  }

  /** Its flags; 0 where none was seen. */
  private int handshakeFlags() {
    return handshakeRow >= 0
        ? table.flags(handshakeRow)
        : rest.handshake.isEmpty() ? 0 : rest.handshake.get(0).flags();
  }

  /** Whether the first one is a SYN without ACK: then the sender is the client. */
  boolean startsWithSyn() {
    return TcpFlags.isSyn(handshakeFlags());
  }

  /** Whether the first one is a SYN/ACK: then the sender is the server. */
  boolean startsWithSynAck() {
    return TcpFlags.isSynAck(handshakeFlags());
  }

  /** The raw initial sequence number; empty where it does not follow from the capture. */
  public OptionalInt isn() {
    if (handshakeRow >= 0) {
      return OptionalInt.of(table.sequence(handshakeRow));
    }
    return rest.handshake.isEmpty()
        ? rest.learnedIsn
        : OptionalInt.of(rest.handshake.get(0).sequence());
  }

  /**
   * The raw number after the last byte or FIN that was seen; after the SYN where nothing was sent.
   * Empty where it does not follow from the capture.
   */
  public OptionalInt next() {
    if (rest.sends) {
      return OptionalInt.of(rest.sentEnd);
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
    return rest.firstClosingRow;
  }

  /** Whether any segment is a RST. */
  public boolean hasReset() {
    return rest.resets > 0;
  }

  /** Last row, -1 where there is none. */
  public int lastRow() {
    return lastRow;
  }

  /** Number of RSTs. */
  public int resets() {
    return rest.resets;
  }

  /** First row with data, -1 where there is none. */
  public int firstDataRow() {
    return rest.firstDataRow;
  }

  /** Last row with data, -1 where there is none. */
  public int lastDataRow() {
    return rest.lastDataRow;
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
    return rest.repeatedSegments;
  }

  /** Packets whose IPv4 header has a wrong checksum. */
  public int wrongHeaderSums() {
    return rest.wrongHeaderSums;
  }

  /** Segments whose checksum was verified and does not fit. */
  public int wrongChecksums() {
    return rest.wrongChecksums;
  }

  /** Segments, but for RSTs, that announce a window of 0. */
  public int closedWindows() {
    return rest.closedWindows;
  }

  /** The highest raw number that it acknowledges; empty where it acknowledges nothing. */
  public OptionalInt acknowledged() {
    return acknowledges ? OptionalInt.of(acknowledgment) : OptionalInt.empty();
  }

  /** Whether the other end acknowledges, but not the last byte or FIN that this one sent. */
  public boolean isOutstanding(Flow receiver) {
    return rest.sends && receiver.acknowledges && rest.sentEnd - receiver.acknowledgment > 0;
  }

  /** Whether its acknowledgments reach a raw sequence number of the other direction. */
  public boolean hasAcknowledged(int sequence) {
    return acknowledges && acknowledgment - sequence >= 0;
  }

  /** First row with SACK blocks, -1 where there is none. */
  public int firstSackRow() {
    return rest.firstSackRow;
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
    return rest.dataSegments;
  }

  /** Largest payload in bytes, 0 where no segment has data. */
  public int largestPayloadBytes() {
    return rest.largestPayloadBytes;
  }

  /** Digest of the first data, 0 where there is none. */
  public long payloadDigest() {
    return rest.payloadDigest;
  }

  /** The start of the random in the first TLS hello of this direction, 0 where there is none. */
  public long tlsRandom() {
    return rest.tlsRandom;
  }

  /** Whether the first data was recognised as HTTP. */
  public boolean isHttp() {
    return rest.http;
  }

  /** The MSS of the first SYN or SYN/ACK, in bytes; empty where absent or unseen. */
  public OptionalInt announcedMss() {
    return handshakeRow >= 0
        ? options.mss()
        : firstHandshake().map(first -> first.options().mss()).orElse(OptionalInt.empty());
  }
}
