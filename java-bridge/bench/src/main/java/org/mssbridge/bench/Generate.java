package org.mssbridge.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/**
 * Writes client.pcap and server.pcap: TCP connections seen on both sides of a middlebox that clamps
 * the MSS, shifts the client's sequence numbers, and loses some data segments, which are then
 * retransmitted. The same arguments give the same bytes.
 *
 * <p>Usage: {@code Generate FOLDER [PACKETS [CONNECTIONS [PAYLOAD_BYTES [PER_LOSS]]]]}; PACKETS is
 * the number for each capture, and one data segment in PER_LOSS is lost.
 */
public final class Generate {
  private static final int CLIENT_MSS_BYTES = 1460;
  private static final int CLAMPED_MSS_BYTES = 1380;

  /** Smaller than any segment with data, so that each has its own IP ID. */
  private static final int IP_ID_STEP_BYTES = 100;

  /** The time between two packets of a capture; the far point sees each packet half of it later. */
  private static final int STEP_US = 40;

  private static final long START_US = 1_700_000_000_000_000L;

  private static final int FIN = 0x01;
  private static final int SYN = 0x02;
  private static final int PSH = 0x08;
  private static final int ACK = 0x10;

  private final Capture client;
  private final Capture server;
  private final Random random = new Random(1380);
  private final byte[] payload;
  private final int perLoss;
  private long nowUs = START_US;

  private Generate(Capture client, Capture server, int payloadBytes, int perLoss) {
    this.client = client;
    this.server = server;
    payload = new byte[payloadBytes];
    this.perLoss = perLoss;
  }

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    int packets = number(arguments, 1, 1_000_000);
    int connections = number(arguments, 2, 1000);
    try (Capture client = new Capture(folder.resolve("client.pcap"));
        Capture server = new Capture(folder.resolve("server.pcap"))) {
      new Generate(client, server, number(arguments, 3, 500), number(arguments, 4, 1000))
          .write(packets, connections);
    }
  }

  private static int number(String[] arguments, int index, int otherwise) {
    return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
  }

  /** Opens all connections at once and sends on each in turn: the worst case for memory. */
  private void write(int packets, int connections) throws IOException {
    Connection[] all = new Connection[connections];
    for (int i = 0; i < connections; i++) {
      all[i] = new Connection(i, random.nextInt(), random.nextInt(), random.nextInt());
      open(all[i]);
    }
    int closingPackets = 3 * connections;
    for (int turn = 0; client.packets() < packets - closingPackets; turn++) {
      send(all[turn % connections]);
    }
    for (Connection connection : all) {
      close(connection);
    }
  }

  private void open(Connection c) throws IOException {
    both(c, true, SYN, c.clientSequence++, 0, 0);
    both(c, false, SYN | ACK, c.serverSequence++, c.clientSequence, 0);
    both(c, true, ACK, c.clientSequence, c.serverSequence, 0);
  }

  /** Sends two data segments and the server's ACK for both. */
  private void send(Connection c) throws IOException {
    for (int i = 0; i < 2; i++) {
      random.nextBytes(payload);
      boolean lost = random.nextInt(perLoss) == 0;
      if (lost) {
        one(client, c, true, PSH | ACK, c.clientSequence, c.serverSequence, payload.length);
        nowUs += 200_000; // Linux's minimum retransmission timeout (see RFC 6298).
      }
      both(c, true, PSH | ACK, c.clientSequence, c.serverSequence, payload.length);
      c.clientSequence += payload.length;
    }
    both(c, false, ACK, c.serverSequence, c.clientSequence, 0);
  }

  private void close(Connection c) throws IOException {
    both(c, true, FIN | ACK, c.clientSequence++, c.serverSequence, 0);
    both(c, false, FIN | ACK, c.serverSequence++, c.clientSequence, 0);
    both(c, true, ACK, c.clientSequence, c.serverSequence, 0);
  }

  private void both(Connection c, boolean fromClient, int flags, int seq, int ack, int bytes)
      throws IOException {
    one(client, c, fromClient, flags, seq, ack, bytes);
    nowUs -= STEP_US;
    one(server, c, fromClient, flags, seq, ack, bytes);
  }

  /** Writes a packet as one capture point sees it. */
  private void one(
      Capture to, Connection c, boolean fromClient, int flags, int seq, int ack, int bytes)
      throws IOException {
    nowUs += STEP_US;
    boolean far = to == (fromClient ? server : client);
    int shift = to == server ? c.shift : 0;
    int mssBytes = (flags & SYN) == 0 ? 0 : far ? CLAMPED_MSS_BYTES : CLIENT_MSS_BYTES;
    int optionBytes = mssBytes == 0 ? 12 : 20;
    int tcpBytes = 20 + optionBytes + bytes;
    ByteBuffer out = to.packet(nowUs + (far ? STEP_US / 2 : 0), 14 + 20 + tcpBytes);
    out.putLong(0x0200_0000_0001_0200L).putInt(2).putShort((short) 0x0800);
    int from = fromClient ? c.clientAddress : c.serverAddress;
    int towards = fromClient ? c.serverAddress : c.clientAddress;
    int ip = out.position();
    out.putShort((short) 0x4500).putShort((short) (20 + tcpBytes));
    out.putShort((short) (fromClient ? c.clientIpId(seq) : c.serverIpId(ack)));
    out.putShort((short) 0x4000).put((byte) (far ? 63 : 64)).put((byte) 6).putShort((short) 0);
    out.putInt(from).putInt(towards);
    out.putShort(ip + 10, checksum(out, ip, 20, 0));
    int tcp = out.position();
    out.putShort((short) (fromClient ? c.clientPort : 443));
    out.putShort((short) (fromClient ? 443 : c.clientPort));
    out.putInt(fromClient ? seq + shift : seq);
    out.putInt((flags & ACK) == 0 ? 0 : fromClient ? ack : ack + shift);
    out.put((byte) ((20 + optionBytes) << 2)).put((byte) flags).putShort((short) 0xFFFF).putInt(0);
    if (mssBytes != 0) {
      out.putShort((short) 0x0204).putShort((short) mssBytes).putInt(0x0103_0307);
    }
    int millis = (int) ((nowUs - START_US) / 1000) + c.clientPort;
    out.putInt(0x0101_080A).putInt(millis).putInt((flags & ACK) == 0 ? 0 : millis - 1);
    out.put(payload, 0, bytes);
    int pseudo = sum16(from) + sum16(towards) + 6 + tcpBytes;
    out.putShort(tcp + 16, checksum(out, tcp, tcpBytes, pseudo));
  }

  private static int sum16(int word) {
    return (word >>> 16) + (word & 0xFFFF);
  }

  /** RFC 1071. */
  private static short checksum(ByteBuffer buffer, int start, int bytes, int initial) {
    long sum = initial;
    for (int i = 0; i + 1 < bytes; i += 2) {
      sum += buffer.getShort(start + i) & 0xFFFF;
    }
    if ((bytes & 1) != 0) {
      sum += (buffer.get(start + bytes - 1) & 0xFF) << 8;
    }
    while (sum > 0xFFFF) {
      sum = (sum & 0xFFFF) + (sum >>> 16);
    }
    return (short) ~sum;
  }

  private static final class Connection {
    private final int clientAddress;
    private final int serverAddress;
    private final int clientPort;

    /** What the middlebox adds to the client's sequence numbers. */
    private final int shift;

    private int clientSequence;
    private int serverSequence;

    private Connection(int index, int clientSequence, int serverSequence, int shift) {
      clientAddress = 0x0A00_0000 + 2 + index / 20_000;
      serverAddress = 0xC000_0200 + 1 + index % 200; // 192.0.2.0/24, RFC 5737
      clientPort = 20_000 + index % 20_000;
      this.clientSequence = clientSequence;
      this.serverSequence = serverSequence;
      this.shift = shift;
    }

    private int clientIpId(int sequence) {
      return sequence / IP_ID_STEP_BYTES + clientPort;
    }

    private int serverIpId(int acknowledgment) {
      return acknowledgment / IP_ID_STEP_BYTES;
    }
  }

  /** A pcap file of Ethernet frames with microsecond timestamps. */
  private static final class Capture implements AutoCloseable {
    private final FileChannel file;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
    private int packets;

    private Capture(Path path) throws IOException {
      file =
          FileChannel.open(
              path,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE);
      buffer.putInt(0xA1B2_C3D4).putShort((short) 2).putShort((short) 4);
      buffer.putLong(0).putInt(0x40000).putInt(1);
    }

    private int packets() {
      return packets;
    }

    /** Writes the record header of a packet and returns the buffer for its bytes. */
    private ByteBuffer packet(long timeUs, int bytes) throws IOException {
      if (buffer.remaining() < bytes + 16) {
        flush();
      }
      packets++;
      buffer.putInt((int) (timeUs / 1_000_000)).putInt((int) (timeUs % 1_000_000));
      return buffer.putInt(bytes).putInt(bytes);
    }

    private void flush() throws IOException {
      buffer.flip();
      while (buffer.hasRemaining()) {
        file.write(buffer);
      }
      buffer.clear();
    }

    @Override
    public void close() throws IOException {
      flush();
      file.close();
    }
  }
}
