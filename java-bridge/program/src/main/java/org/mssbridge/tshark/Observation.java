package org.mssbridge.tshark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.mssbridge.model.ChecksumState;
import org.mssbridge.model.Frame;
import org.mssbridge.model.HeaderSum;
import org.mssbridge.model.IpFragment;
import org.mssbridge.model.Tunnel;
import org.mssbridge.model.TunnelKind;
import org.mssbridge.model.UdpHeader;
import org.mssbridge.model.Unreachable;

/**
 * A {@link Frame} read from one line of {@code -T ek}; values stay characters until they are
 * needed.
 */
final class Observation implements Frame {
  private static final EkField[] FIELDS = EkField.values();
  private static final int IPV4 = 4;
  private static final int IPV6 = 6;
  private static final int LONG_DIGITS = 16;
  private static final int TCP = 6;

  /** Of the flags in the IPv4 header (RFC 791, section 3.1). */
  private static final int DONT_FRAGMENT = 2;

  private static final int MORE_FRAGMENTS = 1;
  private static final int FLAGS_SHIFT = 5;
  private static final int FLAGS_DIGITS = 4;
  private static final int IPV4_BYTES = 20;

  /** The first byte of a header without options, in its place in the word. */
  private static final int VERSION_AND_LENGTH = 0x4500;

  private static final int IPV6_BYTES = 40;
  private static final int FRAGMENT_HEADER_BYTES = 8;
  private static final int FRAGMENT_UNIT_BYTES = 8;

  private final int[] counts = new int[FIELDS.length];
  private final int[][] bounds = new int[FIELDS.length][8];
  private char[] text = new char[4096];
  private int textLength;
  private final IpHeaders headers = new IpHeaders();
  private final TunnelHeaders tunnels = new TunnelHeaders();

  // Values that every frame needs are parsed once. Their accessors only return a field, so the JVM
  // can inline them and compiles the callers early.
  private int number;
  private long timeNanos;
  private int frameBytes;
  private int capturedBytes;
  private boolean tcp;
  private int stream;
  private int sourcePort;
  private int destinationPort;
  private int ttl;
  private int ipId;
  private int dsField;
  private boolean dontFragment;
  private int sequence;
  private int acknowledgment;
  private int payloadBytes;
  private int flags;
  private int window;
  private long timestamp;
  private int checksum;
  private int ipBytes;

  void clear() {
    Arrays.fill(counts, 0);
    textLength = 0;
  }

  void add(EkField field, char[] source, int offset, int length) {
    if (textLength + length > text.length) {
      text = Arrays.copyOf(text, Math.max(text.length * 2, textLength + length));
    }
    System.arraycopy(source, offset, text, textLength, length);
    int slot = counts[field.column()]++ * 2;
    int[] fieldBounds = bounds[field.column()];
    if (slot + 1 >= fieldBounds.length) {
      fieldBounds = Arrays.copyOf(fieldBounds, fieldBounds.length * 2);
      bounds[field.column()] = fieldBounds;
    }
    fieldBounds[slot] = textLength;
    textLength += length;
    fieldBounds[slot + 1] = textLength;
  }

  /** Parses the values; called after the last one was added. */
  void settle() {
    findHeaders();
    number = (int) number(EkField.FRAME_NUMBER, 0, 0);
    timeNanos =
        count(EkField.FRAME_TIME) == 0
            ? NO_TIME
            : Numbers.epochNanos(text, start(EkField.FRAME_TIME, 0), end(EkField.FRAME_TIME, 0));
    frameBytes = (int) number(EkField.FRAME_BYTES, 0, 0);
    capturedBytes = (int) number(EkField.CAPTURED_BYTES, 0, 0);
    settleIp();
    settleTcp();
  }

  private void settleIp() {
    boolean ipv6 = headers.innermostIsIpv6();
    int index = headers.indexOf(headers.innermost());
    ttl = headers.ttl(this, headers.innermost());
    ipId = ipv6 ? -1 : (int) number(EkField.IP_ID, index, -1);
    dsField = (int) number(ipv6 ? EkField.IPV6_TRAFFIC_CLASS : EkField.IP_DS_FIELD, index, -1);
    dontFragment = ipv6 || (ipFlags(index) & DONT_FRAGMENT) != 0;
    ipBytes =
        ipv6
            ? 40 + (int) number(EkField.IPV6_PAYLOAD_BYTES, index, -40)
            : (int) number(EkField.IP_BYTES, index, 0);
  }

  /** The three bits of the flags; tshark 3.4 prints them in their place in the octet. */
  private int ipFlags(int index) {
    int value = (int) number(EkField.IP_FLAGS, index, 0);
    return hasFlagsInPlace(index) ? value >> FLAGS_SHIFT : value;
  }

  /** Such as {@code 0x00000040}: then the offset is in bytes. Later versions print {@code 0x02}. */
  private boolean hasFlagsInPlace(int index) {
    return index >= 0
        && index < count(EkField.IP_FLAGS)
        && end(EkField.IP_FLAGS, index) - start(EkField.IP_FLAGS, index) > FLAGS_DIGITS;
  }

  private void settleTcp() {
    tcp =
        count(EkField.TCP_STREAM) > 0
            && count(EkField.TCP_FLAGS) > 0
            && count(EkField.TCP_PAYLOAD_BYTES) > 0
            && count(EkField.TCP_SEQUENCE) > 0
            && headers.innermost() >= 0
            && !quotesPacket();
    stream = (int) lastNumber(EkField.TCP_STREAM, -1);
    sourcePort = (int) lastNumber(EkField.TCP_SOURCE_PORT, 0);
    destinationPort = (int) lastNumber(EkField.TCP_DESTINATION_PORT, 0);
    sequence = (int) lastNumber(EkField.TCP_SEQUENCE, 0);
    acknowledgment = (int) lastNumber(EkField.TCP_ACKNOWLEDGMENT, 0);
    payloadBytes = (int) lastNumber(EkField.TCP_PAYLOAD_BYTES, 0);
    flags = (int) lastNumber(EkField.TCP_FLAGS, 0);
    window = (int) lastNumber(EkField.TCP_WINDOW, 0);
    timestamp = lastNumber(EkField.TCP_TIMESTAMP, -1);
    checksum = (int) lastNumber(EkField.TCP_CHECKSUM, -1);
  }

  /** Finds the IP header of the TCP segment. */
  private void findHeaders() {
    headers.clear();
    int ipv4Headers = count(EkField.IP_SOURCE);
    int ipv6Headers = count(EkField.IPV6_SOURCE);
    if (ipv4Headers + ipv6Headers == 1) {
      headers.only(ipv4Headers == 1 ? IPV4 : IPV6);
    } else if (count(EkField.FRAME_PROTOCOLS) > 0) {
      int[] span = bounds[EkField.FRAME_PROTOCOLS.column()];
      headers.read(text, span[0], span[1], ipv4Headers, ipv6Headers);
    }
    if (count(EkField.FRAME_PROTOCOLS) == 0) {
      tunnels.clear();
    } else {
      int[] span = bounds[EkField.FRAME_PROTOCOLS.column()];
      tunnels.read(text, span[0], span[1]);
    }
  }

  /** The number of the frame in what tshark read, from 1. */
  int number() {
    return number;
  }

  @Override
  public long timeNanos() {
    return timeNanos;
  }

  @Override
  public int frameBytes() {
    return frameBytes;
  }

  @Override
  public int capturedBytes() {
    return capturedBytes;
  }

  @Override
  public boolean isTcp() {
    return tcp;
  }

  @Override
  public int tcpHeaders() {
    return count(EkField.TCP_STREAM);
  }

  @Override
  public boolean isTooBig() {
    return (isFragmentationNeeded() || lastNumber(EkField.ICMPV6_TYPE, -1) == 2) && quotesSegment();
  }

  @Override
  public boolean isUnreachable() {
    return errorType() != null && !isFragmentationNeeded() && quotesSegment();
  }

  private boolean isFragmentationNeeded() {
    return lastNumber(EkField.ICMP_TYPE, -1) == 3 && lastNumber(EkField.ICMP_CODE, -1) == 4;
  }

  @Override
  public Unreachable.Type errorType() {
    return Unreachable.Type.of(
        (int) lastNumber(EkField.ICMP_TYPE, -1), (int) lastNumber(EkField.ICMPV6_TYPE, -1));
  }

  @Override
  public int errorCode() {
    return (int) Math.max(lastNumber(EkField.ICMP_CODE, -1), lastNumber(EkField.ICMPV6_CODE, -1));
  }

  @Override
  public Optional<IpFragment> fragment() {
    if (headers.innermost() < 0 || headers.quoted()) {
      return Optional.empty();
    }
    return headers.innermostIsIpv6() ? ipv6Fragment() : ipv4Fragment();
  }

  private Optional<IpFragment> ipv4Fragment() {
    int index = headers.indexOf(headers.innermost());
    boolean more = (ipFlags(index) & MORE_FRAGMENTS) != 0;
    long offset = number(EkField.IP_FRAGMENT_OFFSET, index, 0);
    if ((!more && offset == 0) || number(EkField.IP_PROTOCOL, index, 0) != TCP) {
      return Optional.empty();
    }
    long offsetBytes = hasFlagsInPlace(index) ? offset : offset * FRAGMENT_UNIT_BYTES;
    return Optional.of(fragment(ipId, offsetBytes, ipBytes - IPV4_BYTES, more));
  }

  private Optional<IpFragment> ipv6Fragment() {
    if (count(EkField.IPV6_SOURCE) != 1
        || count(EkField.IPV6_FRAGMENT_OFFSET) != 1
        || number(EkField.IPV6_FRAGMENT_PROTOCOL, 0, 0) != TCP) {
      return Optional.empty();
    }
    boolean more = number(EkField.IPV6_MORE_FRAGMENTS, 0, 0) != 0;
    long offset = number(EkField.IPV6_FRAGMENT_OFFSET, 0);
    int id = (int) number(EkField.IPV6_FRAGMENT_ID, 0, 0);
    return more || offset > 0 // Else an atomic fragment: a whole packet (RFC 6946).
        ? Optional.of(
            fragment(
                id,
                offset * FRAGMENT_UNIT_BYTES,
                ipBytes - IPV6_BYTES - FRAGMENT_HEADER_BYTES,
                more))
        : Optional.empty();
  }

  /** All fragments but the last hold a multiple of 8 bytes: the rest is a longer IP header's. */
  private IpFragment fragment(int id, long offset, int bytes, boolean more) {
    int content = more ? bytes - bytes % FRAGMENT_UNIT_BYTES : bytes;
    return new IpFragment(
        id, (int) offset, Math.max(0, content), more, offset == 0 ? fragmentHead() : 0);
  }

  /** A first fragment that completes its packet is dissected as the segment itself. */
  private long fragmentHead() {
    int last = count(EkField.FRAGMENT_HEAD) - 1;
    if (last >= 0) {
      return Numbers.hexadecimal(
          text, start(EkField.FRAGMENT_HEAD, last), end(EkField.FRAGMENT_HEAD, last));
    }
    return tcp ? IpFragment.head(sourcePort, destinationPort, sequence) : 0;
  }

  private boolean quotesSegment() {
    return count(EkField.TCP_SOURCE_PORT) > 0
        && headers.innermost() >= 0
        && headers.enclosing() >= 0;
  }

  private boolean quotesPacket() {
    return (count(EkField.ICMP_TYPE) > 0 || count(EkField.ICMPV6_TYPE) > 0) && headers.quoted();
  }

  @Override
  public int tunnelBytes() {
    return tunnels.isEmpty() ? 0 : tunnelOverheadBytes();
  }

  /** What the outermost header counts, less the innermost; and what is in front of IP. */
  private int tunnelOverheadBytes() {
    int bytes = tunnels.linkBytes(count(EkField.MPLS_LABEL));
    if (headers.innermost() > 0) {
      int between = packetBytes(0) - ipBytes;
      return ipBytes > 0 && between > 0 ? bytes + between : -1;
    }
    return bytes > 0 ? bytes : -1;
  }

  /** The length of an IP packet; too small for a fragment that completes one. */
  private int packetBytes(int header) {
    int index = headers.indexOf(header);
    return headers.isIpv6(header)
        ? IPV6_BYTES + (int) number(EkField.IPV6_PAYLOAD_BYTES, index, -IPV6_BYTES)
        : (int) number(EkField.IP_BYTES, index, 0);
  }

  @Override
  public Optional<Tunnel> tunnel() {
    if (tunnels.isEmpty()) {
      return Optional.empty();
    }
    boolean overIp = headers.innermost() > 0;
    return Optional.of(
        new Tunnel(
            tunnels.kinds(),
            overIp ? headers.address(this, 0, true) : "",
            overIp ? headers.address(this, 0, false) : "",
            Math.max(0, tunnelBytes())));
  }

  @Override
  public int vlanTags() {
    return tunnels.vlanTags();
  }

  @Override
  public Optional<TunnelKind> encrypted() {
    return tcp || headers.innermost() < 0 || headers.quoted()
        ? Optional.empty()
        : tunnels.encrypted();
  }

  @Override
  public int stream() {
    return stream;
  }

  @Override
  public String sourceAddress() {
    return headers.address(this, headers.innermost(), true);
  }

  @Override
  public String destinationAddress() {
    return headers.address(this, headers.innermost(), false);
  }

  @Override
  public int sourcePort() {
    return sourcePort;
  }

  @Override
  public int destinationPort() {
    return destinationPort;
  }

  @Override
  public boolean isFrom(String address, int port) {
    return sourcePort() == port && headers.isSource(this, address);
  }

  @Override
  public int ttl() {
    return ttl;
  }

  @Override
  public int ipId() {
    return ipId;
  }

  @Override
  public int dsField() {
    return dsField;
  }

  @Override
  public boolean dontFragment() {
    return dontFragment;
  }

  @Override
  public HeaderSum headerSum() {
    int index = headers.indexOf(headers.innermost());
    if (headers.innermost() < 0
        || headers.innermostIsIpv6()
        || ipBytes == 0
        || count(EkField.IP_CHECKSUM) != count(EkField.IP_SOURCE)
        || number(EkField.IP_HEADER_BYTES, index, 0) != IPV4_BYTES) {
      return HeaderSum.UNKNOWN;
    }
    int field = (int) number(EkField.IP_CHECKSUM, index);
    int offset = (int) number(EkField.IP_FRAGMENT_OFFSET, index, 0);
    int flagsAndOffset =
        ipFlags(index) << 13 | (hasFlagsInPlace(index) ? offset / FRAGMENT_UNIT_BYTES : offset);
    int words = VERSION_AND_LENGTH | dsField;
    words += ipBytes + ipId + flagsAndOffset + field;
    words += ttl << Byte.SIZE | (int) number(EkField.IP_PROTOCOL, index, 0);
    words += addressWords(EkField.IP_SOURCE, index) + addressWords(EkField.IP_DESTINATION, index);
    return HeaderSum.of(words, field);
  }

  private int addressWords(EkField field, int index) {
    return Numbers.dottedWords(text, start(field, index), end(field, index));
  }

  @Override
  public int sequence() {
    return sequence;
  }

  @Override
  public boolean hasSequence() {
    return count(EkField.TCP_SEQUENCE) > 0;
  }

  @Override
  public int acknowledgment() {
    return acknowledgment;
  }

  @Override
  public int payloadBytes() {
    return payloadBytes;
  }

  @Override
  public int flags() {
    return flags;
  }

  @Override
  public int window() {
    return window;
  }

  @Override
  public long timestamp() {
    return timestamp;
  }

  @Override
  public List<Integer> optionKinds() {
    List<Integer> kinds = numbers(EkField.TCP_OPTION_KIND);
    int end = kinds.size();
    // 4.0 and 4.4 report the end of the list once more for each byte of padding.
    while (end > 1 && kinds.get(end - 1) == 0 && kinds.get(end - 2) == 0) {
      end--;
    }
    return kinds.subList(0, end);
  }

  @Override
  public List<Integer> mssValues() {
    return numbers(EkField.TCP_MSS);
  }

  @Override
  public int windowScale() {
    return (int) lastNumber(EkField.TCP_WINDOW_SCALE, -1);
  }

  @Override
  public String optionBytes() {
    int last = count(EkField.TCP_OPTIONS) - 1;
    return last < 0 ? "" : string(EkField.TCP_OPTIONS, last);
  }

  @Override
  public int checksum() {
    return checksum;
  }

  @Override
  public Optional<UdpHeader> udp() {
    return count(EkField.UDP_BYTES) != 1
        ? Optional.empty()
        : Optional.of(
            new UdpHeader(
                (int) number(EkField.UDP_SOURCE_PORT, 0, -1),
                (int) number(EkField.UDP_DESTINATION_PORT, 0, -1),
                (int) number(EkField.UDP_BYTES, 0, -1),
                (int) number(EkField.UDP_CHECKSUM, 0, -1)));
  }

  @Override
  public String udpEnds() {
    StringBuilder ends = new StringBuilder();
    for (int i = 0; i < count(EkField.UDP_ENDS); i++) {
      ends.append(string(EkField.UDP_ENDS, i));
    }
    return ends.toString();
  }

  @Override
  public ChecksumState checksumState() {
    int last = count(EkField.TCP_CHECKSUM_STATUS) - 1;
    if (last < 0 || last + 1 != count(EkField.TCP_CHECKSUM)) {
      return ChecksumState.UNKNOWN;
    }
    return switch (text[start(EkField.TCP_CHECKSUM_STATUS, last)]) {
      case '0', 'B' -> ChecksumState.WRONG; // A number, or the name of its value: Bad.
      case '1', 'G' -> ChecksumState.RIGHT;
      default -> ChecksumState.UNKNOWN;
    };
  }

  @Override
  public int optionLengthBytes() {
    int last = count(EkField.TCP_OPTIONS) - 1;
    if (last < 0) {
      return 0;
    }
    int digits = end(EkField.TCP_OPTIONS, last) - start(EkField.TCP_OPTIONS, last);
    return digits % 8 == 0 ? digits / 2 : -1;
  }

  @Override
  public int optionSum() {
    int last = count(EkField.TCP_OPTIONS) - 1;
    return last < 0
        ? 0
        : Numbers.wordSum(text, start(EkField.TCP_OPTIONS, last), end(EkField.TCP_OPTIONS, last));
  }

  @Override
  public int sackBlocks() {
    return Math.min(count(EkField.TCP_SACK_LEFT), count(EkField.TCP_SACK_RIGHT));
  }

  @Override
  public int sackLeft(int block) {
    return (int) number(EkField.TCP_SACK_LEFT, block);
  }

  @Override
  public int sackRight(int block) {
    return (int) number(EkField.TCP_SACK_RIGHT, block);
  }

  @Override
  public long payloadDigest() {
    int last = count(EkField.PAYLOAD_DIGEST) - 1;
    return last < 0
        ? 0
        : Numbers.hexadecimal(
            text, start(EkField.PAYLOAD_DIGEST, last), end(EkField.PAYLOAD_DIGEST, last));
  }

  @Override
  public long tlsRandom() {
    if (count(EkField.TLS_RANDOM) == 0) {
      return 0;
    }
    int start = start(EkField.TLS_RANDOM, 0);
    return Numbers.hexadecimal(
        text, start, Math.min(start + LONG_DIGITS, end(EkField.TLS_RANDOM, 0)));
  }

  @Override
  public int tooBigMtu() {
    return (int) Math.max(lastNumber(EkField.ICMP_MTU, 0), lastNumber(EkField.ICMPV6_MTU, 0));
  }

  @Override
  public String errorSender() {
    return headers.address(this, headers.enclosing(), true);
  }

  @Override
  public String errorReceiver() {
    return headers.address(this, headers.enclosing(), false);
  }

  @Override
  public int errorTtl() {
    return headers.ttl(this, headers.enclosing());
  }

  @Override
  public int ipBytes() {
    return ipBytes;
  }

  @Override
  public boolean isHttp() {
    int protocols = count(EkField.FRAME_PROTOCOLS);
    return protocols > 0 && (":" + string(EkField.FRAME_PROTOCOLS, 0) + ":").contains(":http:");
  }

  /** The error message of the Lua post-dissector, empty if there is none. */
  String luaError() {
    return count(EkField.LUA_ERROR) == 0 ? "" : string(EkField.LUA_ERROR, 0);
  }

  int count(EkField field) {
    return counts[field.column()];
  }

  String string(EkField field, int index) {
    int start = start(field, index);
    return new String(text, start, end(field, index) - start);
  }

  boolean matches(EkField field, int index, String value) {
    int start = start(field, index);
    int length = end(field, index) - start;
    if (length != value.length()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (text[start + i] != value.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  long number(EkField field, int index, long otherwise) {
    return index >= 0 && index < count(field) ? number(field, index) : otherwise;
  }

  private long number(EkField field, int index) {
    return Numbers.parse(text, start(field, index), end(field, index));
  }

  private long lastNumber(EkField field, long otherwise) {
    return number(field, count(field) - 1, otherwise);
  }

  private List<Integer> numbers(EkField field) {
    List<Integer> numbers = new ArrayList<>(count(field));
    for (int i = 0; i < count(field); i++) {
      numbers.add((int) number(field, i));
    }
    return numbers;
  }

  private int start(EkField field, int index) {
    Objects.checkIndex(index, count(field)); // Beyond it are values of frames before.
    return bounds[field.column()][2 * index];
  }

  private int end(EkField field, int index) {
    return bounds[field.column()][2 * index + 1];
  }
}
