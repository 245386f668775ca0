package org.mssbridge.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Writes client.pcap and server.pcap: TCP connections seen on both sides of a middlebox that clamps
 * the MSS, translates the client's address and port (IPv4), and rewrites the sequence numbers of
 * both ends, SACK blocks included. The same arguments give the same bytes.
 *
 * <p>Usage: {@code Generate WORKLOAD FOLDER [SCALE [SEED]]}; WORKLOAD is the name of a {@link
 * Workload}, SCALE multiplies its connections. {@code Generate batch FOLDER PAIRS [SEED]} writes
 * PAIRS small pairs, FOLDER/client/0001.pcap and FOLDER/server/0001.pcap first.
 */
public final class Generate {
  static final long SEED = 1380;

  private static final long START_US = 1_700_000_000_000_000L;

  /** How far the clock at the server is ahead, and how much faster it is. */
  private static final long CLOCK_OFFSET_US = 35_000;

  private static final long CLOCK_DRIFT_PARTS = 125_000; // 8 ppm

  private static final int CLIENTS = 2000;
  private static final int SERVERS = 200;
  private static final int HOPS_BETWEEN = 4;

  private final Workload workload;
  private final SplittableRandom random;
  private final Capture client;
  private final Capture server;

  private Generate(Workload workload, long seed, Capture client, Capture server) {
    this.workload = workload;
    random = new SplittableRandom(seed);
    this.client = client;
    this.server = server;
  }

  public static void main(String[] arguments) throws IOException {
    String what = arguments[0].toUpperCase(Locale.ROOT);
    Path folder = Path.of(arguments[1]);
    double number = arguments.length > 2 ? Double.parseDouble(arguments[2]) : 1;
    long seed = arguments.length > 3 ? Long.parseLong(arguments[3]) : SEED;
    if ("BATCH".equals(what)) {
      writePairs(folder, (int) number, seed);
      return;
    }
    List<Path> files = List.of(folder.resolve("client.pcap"), folder.resolve("server.pcap"));
    System.out.println(write(Workload.valueOf(what), files, number, seed));
  }

  private static void writePairs(Path folder, int pairs, long seed) throws IOException {
    Path client = Files.createDirectories(folder.resolve("client"));
    Path server = Files.createDirectories(folder.resolve("server"));
    for (int pair = 1; pair <= pairs; pair++) {
      String name = String.format(Locale.ROOT, "%04d.pcap", pair);
      write(Workload.SMALL, List.of(client.resolve(name), server.resolve(name)), 1, seed + pair);
    }
  }

  /**
   * Writes a pair.
   *
   * @param files the client's and the server's capture
   * @return what was written, in words
   */
  static String write(Workload workload, List<Path> files, double scale, long seed)
      throws IOException {
    int connections = (int) Math.max(1, Math.round(scale * workload.connections()));
    Capture client = new Capture(files.get(0), timeUs -> timeUs);
    Capture server =
        new Capture(
            files.get(1),
            timeUs -> timeUs + CLOCK_OFFSET_US + (timeUs - START_US) / CLOCK_DRIFT_PARTS);
    try (client;
        server) {
      new Generate(workload, seed, client, server).write(connections);
    }
    return String.format(
        Locale.ROOT,
        "%s: %,d connections, %,d and %,d packets, %.3f and %.3f GB",
        workload.name().toLowerCase(Locale.ROOT),
        connections,
        client.packets(),
        server.packets(),
        client.bytes() / 1e9,
        server.bytes() / 1e9);
  }

  private void write(int connections) throws IOException {
    long startUs = START_US;
    for (int i = 0; i < connections; i++) {
      startUs += 1 + random.nextInt(2 * workload.gapUs());
      client.writeBefore(startUs);
      server.writeBefore(startUs);
      SplittableRandom own = random.split();
      Script script = workload.script(own);
      script.play(exchange(script.serverPort(), i, startUs, own));
    }
  }

  private Exchange exchange(int serverPort, int index, long startUs, SplittableRandom own)
      throws UnknownHostException {
    boolean flood = workload == Workload.FLOOD;
    Ends ends = flood ? floodEnds(index, own) : ends(serverPort, index, own);
    // A host is always as far away.
    SplittableRandom place = new SplittableRandom(ends.client.getAddress().hashCode());
    int clientHops = flood ? place.nextInt(8, 20) : place.nextInt(2);
    long clientUs = place.nextInt(30, flood ? 90_000 : 2000);
    int server = ends.serverIndex;
    int serverHops = 1 + server % 11;
    Exchange.Path path =
        new Exchange.Path(
            this.client,
            this.server,
            clientUs,
            3000,
            50 + 73L * server,
            workload.perLoss(),
            workload.segmentsPerAck());
    Host clientHost = host(ends.stack, ends.client, ends.translatedClient, clientHops, own);
    Stack serverStack = server % 10 == 9 ? Stack.WINDOWS : Stack.LINUX;
    Host serverHost = host(serverStack, ends.server, ends.server, serverHops, own);
    return new Exchange(clientHost, serverHost, path, startUs, own);
  }

  private static Host host(
      Stack stack, InetSocketAddress near, InetSocketAddress far, int hops, SplittableRandom own) {
    return new Host(
        stack,
        new Host.Numbers(
            near,
            far,
            own.nextInt(),
            own.nextInt(),
            hops,
            hops + HOPS_BETWEEN,
            own.nextInt(),
            own.nextInt(),
            own.nextInt(1 << 20)),
        own.nextLong());
  }

  /** The addresses of a connection, and the system of its client. */
  private record Ends(
      Stack stack,
      int serverIndex,
      InetSocketAddress client,
      InetSocketAddress translatedClient,
      InetSocketAddress server) {}

  private static Ends ends(int serverPort, int index, SplittableRandom own)
      throws UnknownHostException {
    int clientIndex = index % CLIENTS;
    int serverIndex = own.nextInt(SERVERS);
    Stack stack =
        clientIndex % 20 < 9 ? Stack.LINUX : clientIndex % 20 < 14 ? Stack.WINDOWS : Stack.MACOS;
    // Each client counts its ports up, from a place of its own.
    int ports = 65_536 - stack.firstPort();
    int port = stack.firstPort() + (clientIndex * 7919 + index / CLIENTS * 2) % ports;
    if (own.nextInt(10) == 0) {
      InetSocketAddress client = ipv6(0x0001_0000 + clientIndex, port);
      return new Ends(
          stack, serverIndex, client, client, ipv6(0xFFFF_0000 + serverIndex, serverPort));
    }
    return new Ends(
        stack,
        serverIndex,
        ipv4(0x0A14_0002 + clientIndex, port), // 10.20.0.2
        ipv4(0xCB00_7100 + 1 + index % 8, 1024 + (int) (index / 8 * 7919L % 64_512)), // 203.0.113.1
        ipv4(0xC633_6400 + 1 + serverIndex, serverPort)); // 198.51.100.1
  }

  /** Addresses of a flood: each SYN comes from another one, and nothing translates it. */
  private static Ends floodEnds(int index, SplittableRandom own) throws UnknownHostException {
    // An odd factor visits every number of 24 bits once.
    int address = 0x0B00_0000 + (index * 0x9E3779 & 0xFF_FFFF);
    InetSocketAddress client = ipv4(address, own.nextInt(1024, 65_536));
    return new Ends(Stack.LINUX, 0, client, client, ipv4(0xC633_6401, 443));
  }

  private static InetSocketAddress ipv4(int address, int port) throws UnknownHostException {
    byte[] bytes = ByteBuffer.allocate(4).putInt(address).array();
    return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
  }

  /** An address of the documentation prefix (RFC 3849). */
  private static InetSocketAddress ipv6(int host, int port) throws UnknownHostException {
    byte[] bytes =
        ByteBuffer.allocate(16)
            .putInt(0x2001_0DB8)
            .putInt(host >>> 16)
            .putLong(0x0200_5EFF_FE00_0000L + (host & 0xFFFF))
            .array();
    return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
  }
}
