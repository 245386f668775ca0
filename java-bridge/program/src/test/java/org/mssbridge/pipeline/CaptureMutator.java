package org.mssbridge.pipeline;

import static org.mssbridge.pipeline.MadeFrames.join;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * Makes captures from others by changing what a reader relies on: the order of the records, their
 * headers, times and lengths, interfaces and their options, link types, tunnels, and the headers of
 * IP and TCP.
 */
final class CaptureMutator {
  private static final int MOST_RECORDS = 150;

  /** What a segment may start with, so that tshark may see more in it than TCP. */
  private static final List<byte[]> STARTS =
      List.of(
          HexFormat.of().parseHex("160301005001000000" + "4c0303090909"),
          HexFormat.of().parseHex("16030300500200004c0303080808"),
          text("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
          text("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"),
          text("CONNECT b:443 HTTP/1.1\r\n\r\n"),
          text("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n"),
          HexFormat.of().parseHex("0d0a0d0a000d0a515549540a2111000c010203040506070800010002"),
          HexFormat.of().parseHex("45000028000100004006000001010101020202020001000200000003"));

  private static final int[] PORTS = {0, 80, 443, 639, 1998, 2123, 2152, 3225, 6653, 65535};
  private static final int[] LINK_TYPES = {0, 1, 101, 108, 113, 127, 147, 228, 276};

  private final Random random;
  private final List<CaptureParts> seeds;

  CaptureMutator(Random random, List<CaptureParts> seeds) {
    this.random = random;
    this.seeds = seeds;
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  CaptureParts capture() {
    CaptureParts capture = excerpt(seeds.get(random.nextInt(seeds.size())));
    if (oneIn(8)) {
      CaptureParts other = excerpt(seeds.get(random.nextInt(seeds.size())));
      if (other.isPcapng() == capture.isPcapng()) {
        capture.parts().addAll(other.parts());
      }
    }
    for (int i = random.nextInt(7); i >= 0; i--) {
      mutate(capture);
    }
    return capture;
  }

  /** What comes before the packets, and some records from the start or from the middle. */
  private CaptureParts excerpt(CaptureParts seed) {
    int first = oneIn(3) ? random.nextInt(seed.parts().size()) : 0;
    List<byte[]> some = new ArrayList<>();
    for (int i = 0; i < seed.parts().size() && some.size() < MOST_RECORDS; i++) {
      if (seed.isHead(i) || i >= first) {
        some.add(seed.parts().get(i).clone());
      }
    }
    return seed.with(some);
  }

  private void mutate(CaptureParts capture) {
    if (capture.parts().isEmpty()) {
      return;
    }
    int at = random.nextInt(capture.parts().size());
    switch (random.nextInt(12)) {
      case 0 -> moveRecords(capture.parts(), at);
      case 1 -> changeHeader(capture, at);
      case 2 -> flipBits(capture.parts().get(at));
      case 3 -> changeHead(capture);
      case 4 -> wrap(capture, at);
      case 5 -> cut(capture, at);
      case 6 -> capture.parts().set(at, shortened(capture.parts().get(at)));
      case 7, 8 -> changeIp(capture, at);
      case 9, 10 -> changeTcp(capture, at);
      default -> startWith(capture, at);
    }
  }

  private void moveRecords(List<byte[]> parts, int at) {
    int to = random.nextInt(parts.size());
    switch (random.nextInt(4)) {
      case 0 -> parts.add(to, parts.remove(at));
      case 1 -> parts.add(to, parts.get(at).clone());
      case 2 -> parts.set(at, parts.get(to).clone());
      default -> parts.remove(at);
    }
  }

  /** A number in the first bytes of a record or block: its type, a length, a time, an interface. */
  private void changeHeader(CaptureParts capture, int at) {
    byte[] part = capture.parts().get(at);
    int words = Math.min(part.length, capture.isPcapng() ? 28 : 16) / 4;
    if (words == 0) {
      return;
    }
    int word = 4 * random.nextInt(words);
    ByteBuffer bytes = ByteBuffer.wrap(part).order(capture.order());
    bytes.putInt(word, strangeOf(bytes.getInt(word)));
    if (capture.isPcapng() && word == 4 && oneIn(2) && part.length > 12) {
      bytes.putInt(part.length - 4, bytes.getInt(4));
    }
  }

  private int strangeOf(int value) {
    return switch (random.nextInt(8)) {
      case 0 -> 0;
      case 1 -> value + 1;
      case 2 -> value - 1;
      case 3 -> value + 4;
      case 4 -> -1;
      case 5 -> Integer.MIN_VALUE;
      case 6 -> random.nextInt(70_000);
      default -> value ^ (1 << random.nextInt(32));
    };
  }

  private void flipBits(byte[] part) {
    for (int i = random.nextInt(4); i >= 0 && part.length > 0; i--) {
      part[random.nextInt(part.length)] ^= (byte) (1 << random.nextInt(8));
    }
  }

  /** The link type, or the options of an interface. */
  private void changeHead(CaptureParts capture) {
    for (int i = 0; i < capture.parts().size(); i++) {
      byte[] part = capture.parts().get(i);
      boolean isInterface = capture.isHead(i) && part.length >= (capture.isPcapng() ? 20 : 24);
      if (isInterface && (!capture.isPcapng() || i > 0) && oneIn(2)) {
        ByteBuffer bytes = ByteBuffer.wrap(part).order(capture.order());
        if (!capture.isPcapng()) {
          bytes.putInt(20, linkType());
        } else if (oneIn(3)) {
          bytes.putShort(8, (short) linkType());
        } else {
          capture.parts().set(i, withOptions(capture, part));
          if (oneIn(3)) {
            capture.parts().add(i, part); // One more interface shifts the numbers of the others.
          }
        }
        return;
      }
    }
  }

  private int linkType() {
    return oneIn(4) ? random.nextInt(300) : LINK_TYPES[random.nextInt(LINK_TYPES.length)];
  }

  /** An interface block with other options: time resolution, time offset, FCS length, a comment. */
  private byte[] withOptions(CaptureParts capture, byte[] part) {
    ByteBuffer options = ByteBuffer.allocate(200).order(capture.order());
    for (int i = random.nextInt(4); i >= 0; i--) {
      int[] codes = {9, 9, 14, 13, 1, 0, 3000};
      int code = codes[random.nextInt(codes.length)];
      int usual = code == 14 ? 8 : code == 0 ? 0 : code == 1 ? 5 : 1;
      int length = oneIn(6) ? random.nextInt(10) : usual;
      byte[] value = new byte[(length + 3) & ~3];
      if (length > 0) {
        int number = code == 9 ? new int[] {6, 9, 3, 0, 10, 0x8a, 255}[random.nextInt(7)] : 4;
        value[length == 8 && capture.order() == ByteOrder.BIG_ENDIAN ? 7 : 0] = (byte) number;
      }
      options.putShort((short) code).putShort((short) length).put(value);
    }
    byte[] written = Arrays.copyOf(options.array(), options.position());
    int bytes = 20 + written.length;
    ByteBuffer block = ByteBuffer.allocate(bytes).order(capture.order());
    block.put(part, 0, 16).put(written).putInt(bytes).putInt(4, bytes);
    return block.array();
  }

  private byte[] shortened(byte[] part) {
    return oneIn(4) && part.length > 1 ? Arrays.copyOf(part, random.nextInt(part.length)) : part;
  }

  /** Cuts a packet, as a snapshot length does. */
  private void cut(CaptureParts capture, int at) {
    if (capture.packetAt(at) >= 0) {
      byte[] packet = capture.packet(at);
      int kept = packet.length == 0 ? 0 : random.nextInt(Math.min(packet.length, 120));
      byte[] less = Arrays.copyOf(packet, kept);
      capture.parts().set(at, capture.withPacket(at, less, packet.length - kept));
    }
  }

  /** Puts the packet of an Ethernet frame into a tunnel. */
  private void wrap(CaptureParts capture, int at) {
    byte[] frame = capture.packetAt(at) < 0 ? new byte[0] : capture.packet(at);
    int ip = ipAt(frame);
    if (ip < 14) {
      return;
    }
    byte[] macs = Arrays.copyOf(frame, 12);
    byte[] type = Arrays.copyOfRange(frame, 12, 14);
    byte[] packet = Arrays.copyOfRange(frame, ip, frame.length);
    int first = packet[0] >> 4;
    byte[] wrapped =
        switch (random.nextInt(8)) {
          case 0 -> join(macs, hex("81000007"), type, packet);
          case 1 -> join(macs, hex("88a8000981000007"), type, packet);
          case 2 -> join(macs, hex("884700001140"), packet);
          case 3 -> join(macs, hex("88641100000100000021"), packet);
          case 4 -> join(macs, hex("0800"), ipv4(first == 6 ? 41 : 4, packet));
          case 5 -> join(macs, hex("0800"), ipv4(47, join(hex("0000"), type, packet)));
          case 6 -> join(macs, hex("0800"), ipv4(17, vxlan(frame)));
          default -> join(macs, hex("0800"), ipv4(1, join(hex("0304000000000578"), quote(packet))));
        };
    capture.parts().set(at, capture.withPacket(at, wrapped, 0));
  }

  private byte[] quote(byte[] packet) {
    return Arrays.copyOf(packet, Math.min(packet.length, 20 + random.nextInt(40)));
  }

  private static byte[] vxlan(byte[] frame) {
    ByteBuffer udp = ByteBuffer.allocate(16 + frame.length);
    udp.putShort((short) 4789).putShort((short) 4789).putShort((short) udp.capacity());
    return udp.putShort((short) 0).putInt(0x08000000).putInt(0x700).put(frame).array();
  }

  private static byte[] ipv4(int protocol, byte[] payload) {
    ByteBuffer header = ByteBuffer.allocate(20 + payload.length);
    header.putShort((short) 0x4500).putShort((short) header.capacity()).putInt(0x00010000);
    header.put((byte) 64).put((byte) protocol).putShort((short) 0);
    return header.putInt(0x0a010101).putInt(0x0a020202).put(payload).array();
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  /** Where the IP header starts in an Ethernet frame; -1 if there is none. */
  private static int ipAt(byte[] frame) {
    for (int at = 14; at + 20 <= frame.length && at <= 22; at += 4) {
      int type = ((frame[at - 2] & 0xff) << 8) | (frame[at - 1] & 0xff);
      if (type == 0x0800 || type == 0x86dd) {
        return at;
      }
    }
    return (frame.length >= 20 && (frame[0] == 0x45 || (frame[0] >> 4) == 6)) ? 0 : -1;
  }

  private void changeIp(CaptureParts capture, int at) {
    byte[] frame = capture.packetAt(at) < 0 ? new byte[0] : capture.packet(at);
    int ip = ipAt(frame);
    if (ip >= 0) {
      int field = random.nextInt(20);
      frame[ip + field] =
          switch (random.nextInt(4)) {
            case 0 -> (byte) random.nextInt(256);
            case 1 -> (byte) (frame[ip + field] + 1);
            case 2 -> (byte) (frame[ip + field] ^ (1 << random.nextInt(8)));
            default -> new byte[] {4, 41, 47, 6, 1, 0, 51, 17}[random.nextInt(8)];
          };
      capture.parts().set(at, capture.withPacket(at, frame, 0));
    }
  }

  private void changeTcp(CaptureParts capture, int at) {
    byte[] frame = capture.packetAt(at) < 0 ? new byte[0] : capture.packet(at);
    int tcp = tcpAt(frame);
    if (tcp < 0) {
      changeUdp(capture, at, frame);
      return;
    }
    ByteBuffer bytes = ByteBuffer.wrap(frame);
    switch (random.nextInt(7)) {
      case 0 -> bytes.putShort(tcp + 2 * random.nextInt(2), (short) PORTS[random.nextInt(10)]);
      case 1 -> bytes.putInt(tcp + 4, bytes.getInt(tcp + 4) + random.nextInt(4000) - 2000);
      case 2 -> bytes.putInt(tcp + 8, bytes.getInt(tcp + 8) + random.nextInt(4000) - 2000);
      case 3 -> bytes.put(tcp + 13, (byte) random.nextInt(256));
      case 4 -> bytes.put(tcp + 12, (byte) random.nextInt(256));
      case 5 -> bytes.put(tcp + random.nextInt(Math.min(60, frame.length - tcp)), (byte) 2);
      default -> {
        byte[] addresses = Arrays.copyOfRange(frame, tcp - 8, tcp - 4); // The other direction.
        System.arraycopy(frame, tcp - 4, frame, tcp - 8, 4);
        System.arraycopy(addresses, 0, frame, tcp - 4, 4);
      }
    }
    capture.parts().set(at, capture.withPacket(at, frame, 0));
  }

  /** Ports, length or data of UDP. */
  private void changeUdp(CaptureParts capture, int at, byte[] frame) {
    int ip = ipAt(frame);
    int udp = ip < 0 ? 0 : ip + (frame[ip] >> 4 == 6 ? 40 : 20);
    if (ip < 0 || frame[ip + (frame[ip] >> 4 == 6 ? 6 : 9)] != 17 || udp + 8 > frame.length) {
      return;
    }
    ByteBuffer bytes = ByteBuffer.wrap(frame);
    switch (random.nextInt(4)) {
      case 0 -> bytes.putShort(udp + 2 * random.nextInt(2), (short) PORTS[random.nextInt(10)]);
      case 1 -> bytes.putShort(udp + 4, (short) strangeOf(bytes.getShort(udp + 4)));
      case 2 -> bytes.put(udp + random.nextInt(Math.min(80, frame.length - udp)), (byte) 0x45);
      default -> frame = Arrays.copyOf(frame, frame.length + 1 + random.nextInt(20));
    }
    capture.parts().set(at, capture.withPacket(at, frame, 0));
  }

  /** Where the TCP header starts; -1 if there is none with 20 bytes. */
  private static int tcpAt(byte[] frame) {
    int ip = ipAt(frame);
    if (ip < 0) {
      return -1;
    }
    boolean isIpv6 = frame[ip] >> 4 == 6;
    int tcp = ip + (isIpv6 ? 40 : 4 * (frame[ip] & 15));
    return frame[ip + (isIpv6 ? 6 : 9)] == 6 && tcp + 20 <= frame.length && tcp >= ip + 20
        ? tcp
        : -1;
  }

  private void startWith(CaptureParts capture, int at) {
    byte[] frame = capture.packetAt(at) < 0 ? new byte[0] : capture.packet(at);
    int tcp = tcpAt(frame);
    int payload = tcp < 0 ? frame.length : tcp + 4 * (frame[tcp + 12] >> 4 & 15);
    if (payload < frame.length) {
      byte[] start = STARTS.get(random.nextInt(STARTS.size()));
      System.arraycopy(start, 0, frame, payload, Math.min(start.length, frame.length - payload));
      capture.parts().set(at, capture.withPacket(at, frame, 0));
    }
  }

  private boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }
}
