package org.mssbridge.script;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mssbridge.model.Direction;
import org.mssbridge.script.ScriptSegment.IpFields;

/**
 * An ICMP error, such as "too big" or "destination unreachable", on its way back to the packet's
 * sender.
 *
 * @param type its type and code, for both families
 * @param mtuBytes the MTU of a "too big", otherwise 0
 * @param at the first point that sees it, or null for the last point that saw the packet
 * @param quotedAt quotes the packet as seen at this point, or null for each point's own view
 * @param piece the quoted piece of a supersegment, from 1; 0 for the first lost one
 * @param quoteBytes quoted bytes of the packet; 0 for the protocol's default
 * @param saysBytes the total length in the quoted IPv4 header, where a router changes it; else 0
 * @param swapped whether the router swaps the bytes of length and IP ID in the quoted IPv4 header
 * @param label the message's label in the script, or null
 */
record ScriptedIcmpError(
    int line,
    long nanos,
    Type type,
    int mtuBytes,
    InetAddress router,
    String quoting,
    int ttl,
    ScriptPoint at,
    ScriptPoint quotedAt,
    ScriptPoint lostBefore,
    int piece,
    int quoteBytes,
    int saysBytes,
    boolean swapped,
    String label) {
  private static final int PROTOCOL_ICMP = 1;
  private static final int PROTOCOL_ICMPV6 = 58;
  private static final int IPV4_QUOTE_BYTES = 28; // RFC 792: the header and 8 bytes of data
  private static final int IPV6_QUOTE_BYTES = 1232; // RFC 4443, section 2.4: up to the minimum MTU

  /** RFC 792, RFC 1191, section 4; RFC 4443, section 3. */
  private record Type(int type, int code, int type6, int code6) {
    static final Type TOO_BIG = new Type(3, 4, 2, 0);

    static Type unreachable(int code) {
      return new Type(3, code, 1, code);
    }

    static Type timeExceeded(int code) {
      return new Type(11, code, 3, code);
    }

    static Type parameter(int code) {
      return new Type(12, code, 4, code);
    }
  }

  /** {@code too-big MTU from ADDRESS quoting LABEL …}, without its first word. */
  static ScriptedIcmpError takeTooBig(ScriptWords words, long nanos, List<ScriptPoint> points) {
    return take(Type.TOO_BIG, words.takeInt("an MTU in bytes"), words, nanos, points);
  }

  /** {@code unreachable CODE from ADDRESS quoting LABEL …}, without its first word. */
  static ScriptedIcmpError takeUnreachable(
      ScriptWords words, long nanos, List<ScriptPoint> points) {
    return take(Type.unreachable(words.takeInt("an ICMP code")), 0, words, nanos, points);
  }

  /** {@code time-exceeded CODE from ADDRESS quoting LABEL …}, without its first word. */
  static ScriptedIcmpError takeTimeExceeded(
      ScriptWords words, long nanos, List<ScriptPoint> points) {
    return take(Type.timeExceeded(words.takeInt("an ICMP code")), 0, words, nanos, points);
  }

  /** {@code parameter-problem CODE from ADDRESS quoting LABEL …}, without its first word. */
  static ScriptedIcmpError takeParameterProblem(
      ScriptWords words, long nanos, List<ScriptPoint> points) {
    return take(Type.parameter(words.takeInt("an ICMP code")), 0, words, nanos, points);
  }

  private static ScriptedIcmpError take(
      Type type, int mtuBytes, ScriptWords words, long nanos, List<ScriptPoint> points) {
    words.expect("from");
    InetAddress router = ScriptEndpoint.takeAddress(words);
    words.expect("quoting");
    String quoting = words.take("the label of a packet");
    int piece = words.accept("piece") ? words.takeInt("a piece's number") : 0;
    int ttl = 255;
    int quoteBytes = 0;
    int saysBytes = 0;
    boolean swapped = false;
    String label = null;
    ScriptPoint at = null;
    ScriptPoint quotedAt = null;
    ScriptPoint lostBefore = null;
    while (!words.atEnd()) {
      String word = words.take("a property of the message");
      switch (word) {
        case "ttl" -> ttl = words.takeInt("a TTL");
        case "at" -> at = ScriptChange.takePoint(words, points);
        case "quote" -> quoteBytes = words.takeInt("the number of bytes quoted");
        case "says" -> saysBytes = words.takeInt("a total length in bytes");
        case "swapped" -> swapped = true;
        case "as" -> label = words.take("a label");
        case "quoted-as-at" -> quotedAt = ScriptChange.takePoint(words, points);
        case "lost" -> {
          words.expect("before");
          lostBefore = ScriptChange.takePoint(words, points);
        }
        default -> throw words.error("an ICMP message has no property '" + word + "'");
      }
    }
    return new ScriptedIcmpError(
        words.line,
        nanos,
        type,
        mtuBytes,
        router,
        quoting,
        ttl,
        at,
        quotedAt,
        lostBefore,
        piece,
        quoteBytes,
        saysBytes,
        swapped,
        label);
  }

  List<ScriptSighting> sightings(Devices devices, Journey quoted) {
    ScriptConnection connection = quoted.packet().connection;
    Direction back = quoted.packet().segment.direction().reverse();
    ScriptPoint start = at == null ? quoted.lastPoint() : at;
    List<ScriptPoint> path = connection.pathOf(back);
    List<ScriptSighting> sightings = new ArrayList<>();
    for (ScriptPoint point : path.subList(path.indexOf(start), path.size())) {
      if (point.equals(lostBefore)) {
        break;
      }
      ScriptSegment withMessageIp =
          quoted.packet().segment.withIp(new IpFields(ttl, 0, false, 0, 0, 0));
      ScriptSegment carrier = reversed(withMessageIp, back);
      IpFields ip = devices.cross(connection, carrier, start, point).ip();
      byte[] frame = new FrameEncoder(point).frame(back, packet(devices, quoted, point, ip));
      long seen = nanos + devices.delayNanos(connection, back, start, point);
      sightings.add(new ScriptSighting(point, seen, frame, List.of(), label));
    }
    return sightings;
  }

  /** A bare ACK in the opposite direction that carries the IP fields past the devices. */
  private static ScriptSegment reversed(ScriptSegment segment, Direction direction) {
    return new ScriptSegment(
        direction, ScriptSegment.ACK, 0, 0, 0, List.of(), new byte[0], segment.ip(), 0, 0, false);
  }

  private byte[] packet(Devices devices, Journey quoted, ScriptPoint point, IpFields ip) {
    ScriptConnection connection = quoted.packet().connection;
    boolean toClient = quoted.packet().segment.direction() == Direction.C2S;
    byte[] to = devices.endpointAt(connection, point, toClient).address().getAddress();
    byte[] from = router.getAddress();
    if (from.length != to.length) {
      throw new ScriptException(line, "the router's address is of another IP version");
    }
    byte[] quote = quote(devices, quoted, quotedAt == null ? point : quotedAt);
    boolean isIpv6 = to.length == 16;
    ByteBuffer message = ByteBuffer.allocate(8 + quote.length);
    message.put((byte) (isIpv6 ? type.type6() : type.type()));
    message.put((byte) (isIpv6 ? type.code6() : type.code()));
    message.putInt(4, mtuBytes).position(8).put(quote);
    if (isIpv6) {
      FrameEncoder.putChecksum(message.array(), 2, from, to, PROTOCOL_ICMPV6);
    } else {
      message.putShort(2, (short) Checksum.of(message.array(), 0, message.capacity()));
    }
    return FrameEncoder.ip(from, to, isIpv6 ? PROTOCOL_ICMPV6 : PROTOCOL_ICMP, ip, message.array());
  }

  private byte[] quote(Devices devices, Journey quoted, ScriptPoint view) {
    int index = piece > 0 ? piece - 1 : quoted.firstLostPiece();
    if (!quoted.passes(view)) {
      throw new ScriptException(line, "'" + quoting + "' never comes near " + view.name());
    }
    byte[] packet =
        new SegmentEncoder(devices, quoted.packet().connection, view)
            .packet(quoted.wireAt(view, index), line);
    int defaultBytes = router.getAddress().length == 16 ? IPV6_QUOTE_BYTES : IPV4_QUOTE_BYTES;
    int length = Math.min(quoteBytes > 0 ? quoteBytes : defaultBytes, packet.length);
    return rewritten(Arrays.copyOf(packet, length));
  }

  /** What some routers make of the IPv4 header that they quote. */
  private byte[] rewritten(byte[] quote) {
    ByteBuffer header = ByteBuffer.wrap(quote);
    if (saysBytes > 0) {
      header.putShort(2, (short) saysBytes);
    }
    for (int at = 2; swapped && at <= 4; at += 2) {
      header.putShort(at, Short.reverseBytes(header.getShort(at)));
    }
    return quote;
  }
}
