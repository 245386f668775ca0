package org.mssbridge.pipeline;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Builds frames of TCP connections with a given link layer, each with different contents. */
final class MadeFrames {
  static final int FIN = 1;
  static final int SYN = 2;
  static final int RST = 4;
  static final int PSH = 8;
  static final int ACK = 16;

  private static final byte[] MSS = {2, 4, 5, (byte) 0xb4, 4, 2, 1, 1};

  private final List<byte[]> frames = new ArrayList<>();
  private final Random random = new Random(7);
  private final Link link;
  private final boolean ipv6;
  private final int[] next = new int[2];

  /** A way to carry IP, with its number in the LINKTYPE registry. */
  enum Link {
    ETHERNET(1),
    VLAN(1),
    QINQ(1),
    MPLS(1),
    PPPOE(1),
    LINUX_COOKED(113),
    LINUX_COOKED_2(276),
    RAW(101),
    NULL(0),
    LOOP(108);

    final int number;

    Link(int number) {
      this.number = number;
    }

    private byte[] wrap(byte[] packet, boolean ipv6) {
      int type = ipv6 ? 0x86dd : 0x0800;
      return switch (this) {
        case ETHERNET -> join(macs(), shorts(type), packet);
        case VLAN -> join(macs(), shorts(0x8100, 7, type), packet);
        case QINQ -> join(macs(), shorts(0x88a8, 9, 0x8100, 7, type), packet);
        case MPLS -> join(macs(), shorts(0x8847, 1, 0x40, 2, 0x140), packet);
        case PPPOE ->
            join(macs(), shorts(0x8864, 0x1100, 5, packet.length + 2, ipv6 ? 0x57 : 0x21), packet);
        case LINUX_COOKED -> join(shorts(0, 1, 6, 0x200, 0, 2, 0, type), packet);
        case LINUX_COOKED_2 -> join(shorts(type, 0, 0, 3, 1, 6, 0x200, 0, 2, 0), packet);
        case RAW -> packet;
        case NULL -> join(new byte[] {(byte) (ipv6 ? 30 : 2), 0, 0, 0}, packet);
        case LOOP -> join(shorts(0, ipv6 ? 24 : 2), packet);
      };
    }

    private static byte[] macs() {
      return shorts(0x200, 0, 1, 0x200, 0, 2);
    }
  }

  MadeFrames(Link link, boolean ipv6) {
    this.link = link;
    this.ipv6 = ipv6;
  }

  List<byte[]> frames() {
    return List.copyOf(frames);
  }

  /** Adds SYN, SYN/ACK and ACK. */
  MadeFrames handshake(int port, int isn) {
    next[0] = isn;
    next[1] = isn + 12_345;
    add(port, 0, SYN, 0, MSS, new byte[0]);
    add(port, 1, SYN | ACK, 0, MSS, new byte[0]);
    return add(port, 0, ACK, 0, new byte[0], new byte[0]);
  }

  /** Adds data segments with timestamps from one end, and the ACKs of the other. */
  MadeFrames data(int port, int sender, int segments, int bytes) {
    for (int i = 0; i < segments; i++) {
      byte[] payload = new byte[bytes];
      random.nextBytes(payload);
      add(port, sender, PSH | ACK, 0, timestamps(), payload);
      add(port, 1 - sender, ACK, 0, timestamps(), new byte[0]);
    }
    return this;
  }

  /**
   * Adds a segment.
   *
   * @param skip bytes between the last segment and this one; negative for a retransmission
   */
  MadeFrames add(int port, int sender, int flags, int skip, byte[] options, byte[] payload) {
    next[sender] += skip;
    int acknowledgment = (flags & ACK) == 0 ? 0 : next[1 - sender];
    addRaw(port, sender, flags, next[sender], acknowledgment, options, payload);
    next[sender] += payload.length + (flags & SYN) / SYN + (flags & FIN);
    return this;
  }

  /** Adds a segment with any numbers. */
  void addRaw(
      int port,
      int sender,
      int flags,
      int sequence,
      int acknowledgment,
      byte[] options,
      byte[] payload) {
    ByteBuffer tcp = ByteBuffer.allocate(20 + options.length + payload.length);
    tcp.putShort((short) (sender == 0 ? port : 4711));
    tcp.putShort((short) (sender == 0 ? 4711 : port));
    tcp.putInt(sequence).putInt(acknowledgment);
    tcp.put((byte) ((20 + options.length) << 2)).put((byte) flags);
    tcp.putShort((short) random.nextInt()).putShort((short) random.nextInt()).putShort((short) 0);
    tcp.put(options).put(payload);
    frames.add(link.wrap(packet(sender, 6, tcp.array()), ipv6));
  }

  /** Adds packets of UDP with random data and, at times, bytes after the packet. */
  MadeFrames datagrams(int port, int packets, int mostBytes) {
    for (int i = 0; i < packets; i++) {
      byte[] data = new byte[random.nextInt(mostBytes + 1)];
      random.nextBytes(data);
      int sender = random.nextInt(2);
      ByteBuffer udp = ByteBuffer.allocate(8 + data.length);
      udp.putShort((short) (sender == 0 ? port : 4711))
          .putShort((short) (sender == 0 ? 4711 : port));
      udp.putShort((short) udp.capacity()).putShort((short) random.nextInt()).put(data);
      byte[] after = new byte[random.nextInt(3) * random.nextInt(20)];
      frames.add(join(link.wrap(packet(sender, 17, udp.array()), ipv6), after));
    }
    return this;
  }

  private byte[] packet(int sender, int protocol, byte[] content) {
    byte[] near = ipv6 ? bytes(0x20, 1, 0x0d, 0xb8, 16) : bytes(192, 0, 2, 7, 4);
    byte[] far = ipv6 ? bytes(0xfd, 0, 0, 9, 16) : bytes(198, 51, 100, 20, 4);
    byte[] addresses = sender == 0 ? join(near, far) : join(far, near);
    ByteBuffer header;
    if (ipv6) {
      header = ByteBuffer.allocate(8).putInt(6 << 28 | random.nextInt(1 << 28));
      header.putShort((short) content.length).put((byte) protocol).put((byte) random.nextInt());
    } else {
      header = ByteBuffer.allocate(12).putShort((short) (0x4500 + random.nextInt(256)));
      header.putShort((short) (20 + content.length)).putShort((short) random.nextInt());
      header.putShort((short) (random.nextBoolean() ? 0x4000 : 0));
      header.put((byte) random.nextInt()).put((byte) protocol).putShort((short) 0);
    }
    return join(header.array(), addresses, content);
  }

  byte[] timestamps() {
    ByteBuffer option = ByteBuffer.allocate(12).putInt(0x0101080a);
    return option.putInt(random.nextInt()).putInt(random.nextInt()).array();
  }

  private static byte[] bytes(int a, int b, int c, int d, int length) {
    return Arrays.copyOf(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d}, length);
  }

  private static byte[] shorts(int... values) {
    ByteBuffer buffer = ByteBuffer.allocate(2 * values.length);
    for (int value : values) {
      buffer.putShort((short) value);
    }
    return buffer.array();
  }

  static byte[] join(byte[]... parts) {
    ByteBuffer joined = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(p -> p.length).sum());
    for (byte[] part : parts) {
      joined.put(part);
    }
    return joined.array();
  }
}
