package org.mssbridge.flow;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.Segment;
import org.mssbridge.model.TcpFlags;
import org.mssbridge.model.Tunnel;
import org.mssbridge.model.Unreachable;

/**
 * One direction of a connection at one capture point: its sender and the segments that were seen.
 */
public final class Flow {
  private final FlowTable flows;
  private final int number;

  /**
   * @param number its number in the table
   */
  Flow(FlowTable flows, int number) {
    this.flows = flows;
    this.number = number;
  }

  private int get(int field) {
    return flows.get(number, field);
  }

  private int rest(int field) {
    return flows.rest(number, field);
  }

  /** Source address and port of the segments. */
  public Endpoint sender() {
    return flows.sender(number);
  }

  /** The table that holds the rows of this flow. */
  public SegmentTable table() {
    return flows.segments();
  }

  /** The SYNs or SYN/ACKs of this direction, retransmissions included, in order. */
  public List<Segment> handshake() {
    List<Segment> several = flows.handshake(number);
    if (!several.isEmpty()) {
      return Collections.unmodifiableList(several);
    }
    return firstHandshakeRow() < 0 ? List.of() : List.of(flows.firstHandshake(number));
  }

  /** How many these are. */
  public int handshakes() {
    int several = flows.handshake(number).size();
    return several > 0 ? several : firstHandshakeRow() < 0 ? 0 : 1;
  }

  /** The row of the first SYN or SYN/ACK, -1 where there is none with a row. */
  public int firstHandshakeRow() {
    return get(FlowTable.HANDSHAKE_ROW);
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
    return segments() > 0 && flows.carried(number).segments() == segments()
        ? flows.carried(number).tunnel()
        : Optional.empty();
  }

  /** The first tunnel in which a segment of this direction is, also where others are in none. */
  public Optional<Tunnel> anyTunnel() {
    return flows.carried(number).tunnel();
  }

  /** The most VLAN tags that a SYN or the first data of this direction has. */
  public int vlanTags() {
    return rest(FlowTable.VLAN_TAGS);
  }

  /** Whether no segment of this direction is in a tunnel, and one was seen. */
  public boolean isPlain() {
    return segments() > 0 && flows.carried(number).segments() == 0;
  }

  /** The ICMP errors, but for "too big", that quote a segment of this direction. */
  public List<Unreachable> unreachables() {
    return Collections.unmodifiableList(flows.unreachables(number));
  }

  /** Of these, the first that refuses the segment. */
  public Optional<Unreachable> firstRefusal() {
    List<Unreachable> errors = flows.unreachables(number);
    return errors.isEmpty()
        ? Optional.empty()
        : errors.stream().filter(Unreachable::isRefusal).findFirst();
  }

  /** Whether any of these says that the time of a segment is exceeded. */
  public boolean hasTimeExceeded() {
    List<Unreachable> errors = flows.unreachables(number);
    return !errors.isEmpty() && errors.stream().anyMatch(error -> !error.isRefusal());
  }

  /** The first SYN or SYN/ACK. */
  public Optional<Segment> firstHandshake() {
    List<Segment> several = flows.handshake(number);
    if (!several.isEmpty()) {
      return Optional.of(several.get(0));
    }
    return firstHandshakeRow() < 0 ? Optional.empty() : Optional.of(flows.firstHandshake(number));
  }

  /** Its flags; 0 where none was seen. */
  private int handshakeFlags() {
    int row = firstHandshakeRow();
    if (row >= 0) {
      return table().flags(row);
    }
    List<Segment> copied = flows.handshake(number);
    return copied.isEmpty() ? 0 : copied.get(0).flags();
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
    int row = firstHandshakeRow();
    if (row >= 0) {
      return OptionalInt.of(table().sequence(row));
    }
    List<Segment> copied = flows.handshake(number);
    if (!copied.isEmpty()) {
      return OptionalInt.of(copied.get(0).sequence());
    }
    return rest(FlowTable.HAS_LEARNED_ISN) != 0
        ? OptionalInt.of(rest(FlowTable.LEARNED_ISN))
        : OptionalInt.empty();
  }

  /**
   * The raw number after the last byte or FIN that was seen; after the SYN where nothing was sent.
   * Empty where it does not follow from the capture.
   */
  public OptionalInt next() {
    if (sends()) {
      return OptionalInt.of(rest(FlowTable.SENT_END));
    }
    OptionalInt isn = isn();
    return isn.isPresent() ? OptionalInt.of(isn.getAsInt() + 1) : isn;
  }

  /** Whether a byte or FIN was seen. */
  private boolean sends() {
    return rest(FlowTable.SENDS) != 0;
  }

  /** First row, -1 where there is none; the others follow by {@link SegmentTable#next}. */
  public int firstRow() {
    return get(FlowTable.FIRST_ROW);
  }

  /** The row of a frame, -1 where it is none of this flow. */
  public int rowOf(int frame) {
    SegmentTable table = table();
    int row = firstRow();
    while (row >= 0 && table.frame(row) != frame) {
      row = table.next(row);
    }
    return row;
  }

  /** The frames of all segments, in order. */
  public List<Integer> frames() {
    SegmentTable table = table();
    List<Integer> frames = new ArrayList<>(segments());
    for (int row = firstRow(); row >= 0; row = table.next(row)) {
      frames.add(table.frame(row));
    }
    return frames;
  }

  /** First row with FIN or RST, -1 where there is none. */
  public int firstClosingRow() {
    return rest(FlowTable.FIRST_CLOSING_ROW);
  }

  /** Whether any segment is a RST. */
  public boolean hasReset() {
    return resets() > 0;
  }

  /** Last row, -1 where there is none. */
  public int lastRow() {
    return get(FlowTable.LAST_ROW);
  }

  /** Number of RSTs. */
  public int resets() {
    return rest(FlowTable.RESETS);
  }

  /** First row with data, -1 where there is none. */
  public int firstDataRow() {
    return rest(FlowTable.FIRST_DATA_ROW);
  }

  /** Last row with data, -1 where there is none. */
  public int lastDataRow() {
    return rest(FlowTable.LAST_DATA_ROW);
  }

  /** Whether the last segment is a probe: a keep-alive, or the last byte or FIN once more. */
  public boolean endsWithProbe() {
    int last = lastRow();
    return last >= 0 && flows.isProbe(number, table().sequence(last), table().flags(last));
  }

  /**
   * Segments with data or a FIN that begin before what was already sent: repeated, overtaken, or
   * probes.
   */
  public int repeatedSegments() {
    return rest(FlowTable.REPEATED_SEGMENTS);
  }

  /** Packets whose IPv4 header has a wrong checksum. */
  public int wrongHeaderSums() {
    return rest(FlowTable.WRONG_HEADER_SUMS);
  }

  /** Segments whose checksum was verified and does not fit. */
  public int wrongChecksums() {
    return rest(FlowTable.WRONG_CHECKSUMS);
  }

  /** Segments, but for RSTs, that announce a window of 0. */
  public int closedWindows() {
    return rest(FlowTable.CLOSED_WINDOWS);
  }

  /** The highest raw number that it acknowledges; empty where it acknowledges nothing. */
  public OptionalInt acknowledged() {
    return acknowledges() ? OptionalInt.of(acknowledgment()) : OptionalInt.empty();
  }

  private boolean acknowledges() {
    return get(FlowTable.ACKNOWLEDGES) != 0;
  }

  private int acknowledgment() {
    return get(FlowTable.ACKNOWLEDGMENT);
  }

  /** Whether the other end acknowledges, but not the last byte or FIN that this one sent. */
  public boolean isOutstanding(Flow receiver) {
    return sends()
        && receiver.acknowledges()
        && rest(FlowTable.SENT_END) - receiver.acknowledgment() > 0;
  }

  /** Whether its acknowledgments reach a raw sequence number of the other direction. */
  public boolean hasAcknowledged(int sequence) {
    return acknowledges() && acknowledgment() - sequence >= 0;
  }

  /** First row with SACK blocks, -1 where there is none. */
  public int firstSackRow() {
    return rest(FlowTable.FIRST_SACK_ROW);
  }

  /** TTL or hop limit of the first segment, -1 where unknown. */
  public int firstTtl() {
    return firstRow() < 0 ? -1 : table().ttl(firstRow());
  }

  /** Number of segments, those without data included. */
  public int segments() {
    return get(FlowTable.SEGMENTS);
  }

  /** Number of segments with data. */
  public int dataSegments() {
    return rest(FlowTable.DATA_SEGMENTS);
  }

  /** Largest payload in bytes, 0 where no segment has data. */
  public int largestPayloadBytes() {
    return rest(FlowTable.LARGEST_PAYLOAD_BYTES);
  }

  /** Digest of the first data, 0 where there is none. */
  public long payloadDigest() {
    return flows.restLong(number, FlowTable.PAYLOAD_DIGEST);
  }

  /** The start of the random in the first TLS hello of this direction, 0 where there is none. */
  public long tlsRandom() {
    return flows.restLong(number, FlowTable.TLS_RANDOM);
  }

  /** Whether the first data was recognised as HTTP. */
  public boolean isHttp() {
    return rest(FlowTable.HTTP) != 0;
  }

  /** The MSS of the first SYN or SYN/ACK, in bytes; empty where absent or unseen. */
  public OptionalInt announcedMss() {
    return firstHandshakeRow() >= 0
        ? flows.options(number).mss()
        : firstHandshake().map(first -> first.options().mss()).orElse(OptionalInt.empty());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Flow that && flows == that.flows && number == that.number;
  }

  @Override
  public int hashCode() {
    return 31 * System.identityHashCode(flows) + number;
  }
}
