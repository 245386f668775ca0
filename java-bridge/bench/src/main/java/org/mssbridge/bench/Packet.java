package org.mssbridge.bench;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A packet as its sender sends it, written as a capture point sees it.
 *
 * @param position where it starts in the sender's stream
 * @param acknowledged the position of the receiver's stream it acknowledges
 * @param blocks its SACK blocks, positions of the receiver's stream
 */
record Packet(
    Host sender,
    Host receiver,
    boolean fromClient,
    int flags,
    long position,
    int dataBytes,
    long acknowledged,
    List<Host.Range> blocks,
    boolean timestamps,
    int timestamp,
    int echo,
    int window,
    int ipId) {
  static final int FIN = 0x01;
  static final int SYN = 0x02;
  static final int RST = 0x04;
  static final int PSH = 0x08;
  static final int ACK = 0x10;

  private static final int CLAMP_BELOW_MTU_BYTES = 80;
  private static final int MTU_BYTES = 1500;
  private static final int ETHERNET_BYTES = 14;

  /** Ethernet pads what is shorter. */
  private static final int MIN_FRAME_BYTES = 60;

  boolean is(int flag) {
    return (flags & flag) != 0;
  }

  private boolean ipv6() {
    return sender.numbers().near().getAddress().getAddress().length == 16;
  }

  /** The number of bytes of the frame. */
  int frameBytes() {
    return Math.max(MIN_FRAME_BYTES, ETHERNET_BYTES + ipBytes() + tcpBytes());
  }

  private int ipBytes() {
    return ipv6() ? 40 : 20;
  }

  private int tcpBytes() {
    return 20 + optionBytes() + dataBytes;
  }

  private int optionBytes() {
    if (is(SYN)) {
      boolean macos = sender.stack() == Stack.MACOS;
      return macos ? 24 : timestamps ? 20 : 12;
    }
    return (timestamps ? 12 : 0) + (blocks.isEmpty() ? 0 : 4 + 8 * blocks.size());
  }

  /**
   * Writes the frame.
   *
   * @param near whether it is seen on the sender's side of the middlebox
   */
  void write(ByteBuffer out, boolean near) {
    int start = out.position();
    long macs = 0x0200_5E00_0001_0200L;
    out.putLong(fromClient ? macs : macs + 0x0100_0000L).putInt(0x5E00_0002);
    out.putShort((short) (ipv6() ? 0x86DD : 0x0800));
    InetSocketAddress from = near ? sender.numbers().near() : sender.numbers().far();
    InetSocketAddress to = near ? receiver.numbers().far() : receiver.numbers().near();
    int hops = near ? sender.numbers().nearHops() : sender.numbers().farHops();
    writeIp(out, sender.stack().ttl() - hops, from, to);
    int tcp = out.position();
    writeTcp(out, near, from.getPort(), to.getPort());
    int tcpBytes = out.position() - tcp;
    int addressBytes = ipv6() ? 32 : 8;
    long pseudo = Checksum.sum(out, tcp - addressBytes, addressBytes) + 6 + tcpBytes;
    out.putShort(tcp + 16, Checksum.folded(pseudo + Checksum.sum(out, tcp, tcpBytes)));
    while (out.position() < start + MIN_FRAME_BYTES) {
      out.put((byte) 0);
    }
  }

  private void writeIp(ByteBuffer out, int ttl, InetSocketAddress from, InetSocketAddress to) {
    int ip = out.position();
    if (ipv6()) {
      out.putInt(0x6000_0000 | sender.numbers().flowLabel());
      out.putShort((short) tcpBytes()).put((byte) 6).put((byte) ttl);
    } else {
      out.putShort((short) 0x4500).putShort((short) (20 + tcpBytes()));
      out.putShort((short) ipId).putShort((short) 0x4000);
      out.put((byte) ttl).put((byte) 6).putShort((short) 0);
    }
    out.put(from.getAddress().getAddress()).put(to.getAddress().getAddress());
    if (!ipv6()) {
      out.putShort(ip + 10, Checksum.folded(Checksum.sum(out, ip, 20)));
    }
  }

  private void writeTcp(ByteBuffer out, boolean near, int fromPort, int toPort) {
    int senderIsn = near ? sender.numbers().nearIsn() : sender.numbers().farIsn();
    int receiverIsn = near ? receiver.numbers().farIsn() : receiver.numbers().nearIsn();
    // Who refuses a connection has no sequence number of its own yet (RFC 9293, 3.10.7.1).
    boolean refusal = is(RST) && position == 0;
    out.putShort((short) fromPort).putShort((short) toPort);
    out.putInt(refusal ? 0 : senderIsn + (int) position);
    out.putInt(is(ACK) ? receiverIsn + (int) acknowledged : 0);
    out.put((byte) ((20 + optionBytes()) << 2)).put((byte) flags);
    out.putShort((short) window).putInt(0);
    if (is(SYN)) {
      int mssBytes = MTU_BYTES - ipBytes() - 20 - (near ? 0 : CLAMP_BELOW_MTU_BYTES);
      sender.stack().writeSyn(out, mssBytes, timestamps, timestamp, echo);
    } else {
      if (timestamps) {
        out.putInt(0x0101_080A).putInt(timestamp).putInt(echo);
      }
      if (!blocks.isEmpty()) {
        out.putShort((short) 0x0101).put((byte) 5).put((byte) (2 + 8 * blocks.size()));
        for (Host.Range block : blocks) {
          out.putInt(receiverIsn + (int) block.start()).putInt(receiverIsn + (int) block.end());
        }
      }
    }
    if (dataBytes > 0) {
      sender.content().copy(position - 1, dataBytes, out);
    }
  }

  /** The most data that fits into a segment after the clamp. */
  static int segmentBytes(boolean ipv6, boolean timestamps) {
    return MTU_BYTES - (ipv6 ? 60 : 40) - CLAMP_BELOW_MTU_BYTES - (timestamps ? 12 : 0);
  }
}
