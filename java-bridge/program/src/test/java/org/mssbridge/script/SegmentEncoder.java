package org.mssbridge.script;

import java.nio.ByteBuffer;
import org.mssbridge.model.Direction;

/** Encodes a segment at a point: relative sequence numbers become those of the point. */
record SegmentEncoder(Devices devices, ScriptConnection connection, ScriptPoint point) {
  static final int PROTOCOL_TCP = 6;
  private static final int PROTOCOL_ICMP = 1;
  private static final int HEADER_BYTES = 20;
  private static final int OPTIONS_MAX_BYTES = 40;
  private static final int WRONG_BY = 1234;
  private static final int FLIPPED = 0x10;

  /** The IP packet. */
  byte[] packet(ScriptSegment segment, int line) {
    boolean fromClient = segment.direction() == Direction.C2S;
    ScriptEndpoint source = devices.endpointAt(connection, point, fromClient);
    ScriptEndpoint destination = devices.endpointAt(connection, point, !fromClient);
    byte[] from = source.address().getAddress();
    byte[] to = destination.address().getAddress();
    if (connection.protocol != PROTOCOL_TCP) {
      byte[] content = datagram(segment, source, destination, from, to);
      return FrameEncoder.ip(from, to, connection.protocol, segment.ip(), content);
    }
    byte[] tcp = header(segment, source.port(), destination.port(), line);
    FrameEncoder.putChecksum(tcp, 16, from, to, PROTOCOL_TCP);
    if (segment.sum() == ScriptSegment.Sum.WRONG) {
      int right = Short.toUnsignedInt(ByteBuffer.wrap(tcp).getShort(16));
      ByteBuffer.wrap(tcp).putShort(16, (short) (right + WRONG_BY));
    }
    if (segment.sum() == ScriptSegment.Sum.DAMAGED) {
      tcp[tcp.length - 1] ^= FLIPPED;
    }
    if (segment.sum() == ScriptSegment.Sum.INCOMPLETE) {
      // Only the pseudo-header's sum: with checksum offload the adapter completes it.
      int sum = Checksum.pseudoHeader(from, to, PROTOCOL_TCP, tcp.length);
      ByteBuffer.wrap(tcp).putShort(16, (short) Checksum.fold(sum));
    }
    return FrameEncoder.ip(from, to, PROTOCOL_TCP, segment.ip(), tcp);
  }

  /** UDP, an ICMP echo whose identifier is the client's port, or the content as it is. */
  private byte[] datagram(
      ScriptSegment segment,
      ScriptEndpoint source,
      ScriptEndpoint destination,
      byte[] from,
      byte[] to) {
    boolean isRequest = segment.direction() == Direction.C2S;
    return switch (connection.protocol) {
      case FrameEncoder.PROTOCOL_UDP ->
          FrameEncoder.udp(source.port(), destination.port(), segment.payload(), from, to);
      case PROTOCOL_ICMP -> {
        ByteBuffer echo = ByteBuffer.allocate(6 + segment.payload().length);
        echo.putShort((short) (isRequest ? 8 << 8 : 0)).putShort((short) 0);
        echo.putShort((short) (isRequest ? source : destination).port());
        byte[] bytes = echo.put(segment.payload()).array();
        int sum = Checksum.fold(Checksum.sum(bytes, 0, bytes.length));
        yield echo.putShort(2, (short) ~sum).array();
      }
      default -> segment.payload();
    };
  }

  /** RFC 9293, section 3.1. */
  private byte[] header(ScriptSegment segment, int sourcePort, int destinationPort, int line) {
    long ownIsn = devices.isnAt(connection, point, segment.direction());
    long otherIsn = devices.isnAt(connection, point, segment.direction().reverse());
    byte[] options = options(segment, otherIsn + segment.sackError());
    if (options.length > OPTIONS_MAX_BYTES) {
      throw new ScriptException(
          line, "the options take " + options.length + " bytes, a TCP header has room for 40");
    }
    int headerBytes = HEADER_BYTES + options.length;
    ByteBuffer tcp = ByteBuffer.allocate(headerBytes + segment.payload().length);
    tcp.putShort((short) sourcePort).putShort((short) destinationPort);
    tcp.putInt((int) (ownIsn + segment.start() + segment.sequenceShift()));
    tcp.putInt(segment.has(ScriptSegment.ACK) ? (int) (otherIsn + segment.ack()) : 0);
    tcp.put((byte) ((headerBytes / 4) << 4)).put((byte) segment.flags());
    tcp.putShort((short) segment.windowField()).putInt(0);
    return tcp.put(options).put(segment.payload()).array();
  }

  private static byte[] options(ScriptSegment segment, long sackBase) {
    byte[] bytes = new byte[0];
    for (ScriptOption option : segment.options()) {
      byte[] next =
          option instanceof ScriptOption.Sack sack
              ? sack.encode(sackBase)
              : ((ScriptOption.Plain) option).bytes();
      bytes = FrameEncoder.concat(bytes, next);
    }
    return java.util.Arrays.copyOf(bytes, (bytes.length + 3) / 4 * 4);
  }
}
