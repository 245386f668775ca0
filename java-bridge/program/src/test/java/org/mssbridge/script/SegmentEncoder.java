package org.mssbridge.script;

import java.nio.ByteBuffer;
import org.mssbridge.model.Direction;

/** Encodes a segment at a point: relative sequence numbers become those of the point. */
record SegmentEncoder(Devices devices, ScriptConnection connection, ScriptPoint point) {
  private static final int PROTOCOL_TCP = 6;
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
