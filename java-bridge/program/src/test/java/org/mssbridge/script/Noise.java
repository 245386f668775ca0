package org.mssbridge.script;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.mssbridge.model.Direction;

/** Creates frames that belong to no connection. */
final class Noise {
  private static final int ETHERTYPE_ARP = 0x0806;
  private static final byte[] SENDER = {(byte) 192, 0, 2, (byte) 200};
  private static final byte[] TARGET = {(byte) 192, 0, 2, (byte) 201};

  private Noise() {}

  /** {@code background N arp|udp at POINT every DURATION}, without its first word. */
  static List<ScriptSighting> takeBackground(
      ScriptWords words, long nanos, List<ScriptPoint> points) {
    int count = words.takeInt("a number of frames");
    boolean arp = words.accept("arp");
    if (!arp) {
      words.expect("udp");
    }
    words.expect("at");
    ScriptPoint point = ScriptChange.takePoint(words, points);
    long everyNanos = words.accept("every") ? words.takeDurationNanos() : 1_000_000;
    List<ScriptSighting> sightings = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] frame = arp ? arp(point) : udp(point, i);
      sightings.add(new ScriptSighting(point, nanos + i * everyNanos, frame, List.of(), null));
    }
    return sightings;
  }

  /** {@code raw at POINT HEX}, a whole frame, without its first word. */
  static ScriptSighting takeRaw(ScriptWords words, long nanos, List<ScriptPoint> points) {
    words.expect("at");
    ScriptPoint point = ScriptChange.takePoint(words, points);
    return new ScriptSighting(point, nanos, words.takeBytes("a frame"), List.of(), null);
  }

  /** An ARP request (RFC 826). */
  private static byte[] arp(ScriptPoint point) {
    FrameEncoder encoder = new FrameEncoder(point);
    ByteBuffer request = ByteBuffer.allocate(28);
    request.putShort((short) 1).putShort((short) 0x0800).put((byte) 6).put((byte) 4);
    request.putShort((short) 1).put(encoder.mac(1)).put(SENDER).put(new byte[6]).put(TARGET);
    return encoder.ethernet(Direction.C2S, point.vlan(), ETHERTYPE_ARP, request.array());
  }

  private static byte[] udp(ScriptPoint point, int number) {
    byte[] text = ("background " + number).getBytes(StandardCharsets.US_ASCII);
    byte[] datagram = FrameEncoder.udp(40_000, 40_001, text, SENDER, TARGET);
    ScriptSegment.IpFields ip = new ScriptSegment.IpFields(64, number, false, 0, 0, 0);
    byte[] packet = FrameEncoder.ip(SENDER, TARGET, 17, ip, datagram);
    return new FrameEncoder(point).ethernet(Direction.C2S, point.vlan(), 0x0800, packet);
  }
}
