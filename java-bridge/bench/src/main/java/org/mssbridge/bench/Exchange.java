package org.mssbridge.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A connection while it is played: both hosts, the path between them, and what of it the two
 * captures see. Segments are lost at random and then retransmitted as Linux does it.
 */
final class Exchange {
  private static final long LOST = -1;
  private static final int FIRST_FLIGHT_SEGMENTS = 10;
  private static final int MAX_FLIGHT_SEGMENTS = 64;
  private static final int DUPLICATE_ACKS = 3;

  /** Linux's minimum (see RFC 6298). */
  private static final long RETRANSMISSION_TIMEOUT_US = 200_000;

  private static final long SYN_TIMEOUT_US = 1_000_000;

  /** The time a full frame takes at 1 Gbit/s. */
  private static final long FRAME_US = 12;

  private final Host client;
  private final Host server;
  private final Path path;
  private final SplittableRandom random;
  private final boolean timestamps;
  private final int segmentBytes;
  private final int segmentsPerAck;
  private final long[] lastSeenUs = new long[4];
  private long nowUs;

  Exchange(Host client, Host server, Path path, long startUs, SplittableRandom random) {
    this.client = client;
    this.server = server;
    this.path = path;
    this.random = random;
    nowUs = startUs;
    timestamps = client.stack().timestamps();
    segmentBytes =
        Packet.segmentBytes(
            client.numbers().near().getAddress().getAddress().length == 16, timestamps);
    segmentsPerAck = path.segmentsPerAck();
  }

  /**
   * The path.
   *
   * @param clientUs one way from the client to its capture point
   * @param middleUs one way between the capture points
   * @param serverUs one way from the server to its capture point
   * @param perLoss one packet of so many is lost; 0 for none
   */
  record Path(
      Capture clientCapture,
      Capture serverCapture,
      long clientUs,
      long middleUs,
      long serverUs,
      int perLoss,
      int segmentsPerAck) {
    private long oneWayUs() {
      return clientUs + middleUs + serverUs;
    }
  }

  Content clientContent() {
    return client.content();
  }

  Content serverContent() {
    return server.content();
  }

  SplittableRandom random() {
    return random;
  }

  /** Lets time pass. */
  void pauseUs(long timeUs) {
    nowUs += timeUs;
  }

  /** Sends a SYN that nobody answers, as often as Linux repeats it for a caller who gives up. */
  void unanswered(int times, boolean passesMiddlebox) {
    long waitUs = SYN_TIMEOUT_US;
    for (int i = 0; i < times; i++) {
      transmit(client, nowUs, Packet.SYN, 0, 0, passesMiddlebox ? Loss.AFTER : Loss.BETWEEN);
      nowUs += waitUs;
      waitUs *= 2;
    }
  }

  /** Sends a SYN and a RST in answer, and so on. */
  void refused(int times) {
    for (int i = 0; i < times; i++) {
      long arrivesUs = transmit(client, nowUs, Packet.SYN, 0, 0, Loss.NEVER);
      server.receive(0, 1);
      transmit(server, arrivesUs, Packet.RST | Packet.ACK, 0, 0, Loss.NEVER);
      nowUs += 500_000; // Windows asks again after half a second.
    }
  }

  /** Sends a SYN and a SYN/ACK, and no more. */
  void halfOpen() {
    long arrivesUs = transmit(client, nowUs, Packet.SYN, 0, 0, Loss.NEVER);
    server.receive(0, 1);
    transmit(server, arrivesUs, Packet.SYN | Packet.ACK, 0, 0, Loss.NEVER);
  }

  /** The three-way handshake; afterwards it is the client's turn. */
  void open() {
    long arrivesUs = repeated(client, Packet.SYN, 0, SYN_TIMEOUT_US);
    client.advance(1);
    server.receive(0, 1);
    nowUs = arrivesUs;
    arrivesUs = repeated(server, Packet.SYN | Packet.ACK, 0, SYN_TIMEOUT_US);
    server.advance(1);
    client.receive(0, 1);
    nowUs = arrivesUs;
    transmit(client, nowUs, Packet.ACK, 1, 0, Loss.RANDOM);
    nowUs += 50;
  }

  /** Sends what was appended to the client's content; afterwards it is the server's turn. */
  void clientSends() {
    send(client, server);
  }

  /** Sends what was appended to the server's content; afterwards it is the client's turn. */
  void serverSends() {
    send(server, client);
  }

  /** Acknowledges what has arrived, as a host that has nothing to send yet. */
  void clientAcknowledges() {
    acknowledge(client, nowUs);
  }

  /** Acknowledges what has arrived, as a host that has nothing to send yet. */
  void serverAcknowledges() {
    acknowledge(server, nowUs);
  }

  /** Both ends close, the client or the server first. */
  void close(boolean clientFirst) {
    Host first = clientFirst ? client : server;
    Host second = clientFirst ? server : client;
    nowUs = repeated(first, Packet.FIN | Packet.ACK, first.sent(), RETRANSMISSION_TIMEOUT_US);
    second.receive(first.sent(), first.sent() + 1);
    first.advance(1);
    if (random.nextInt(3) == 0) {
      acknowledge(second, nowUs);
      nowUs += random.nextInt(100, 20_000);
    }
    nowUs = repeated(second, Packet.FIN | Packet.ACK, second.sent(), RETRANSMISSION_TIMEOUT_US);
    first.receive(second.sent(), second.sent() + 1);
    second.advance(1);
    transmit(first, nowUs, Packet.ACK, first.sent(), 0, Loss.NEVER);
  }

  /** An end resets the connection. */
  void reset(boolean byClient) {
    Host from = byClient ? client : server;
    transmit(from, nowUs, Packet.RST | Packet.ACK, from.sent(), 0, Loss.NEVER);
  }

  /** Where a packet gets lost. */
  private enum Loss {
    NEVER,
    RANDOM,
    BETWEEN,
    AFTER
  }

  private Host other(Host host) {
    return host == client ? server : client;
  }

  /** Sends a packet, again after a timeout that doubles if it was lost. */
  private long repeated(Host from, int flags, long position, long timeoutUs) {
    long waitUs = timeoutUs;
    while (true) {
      long arrivesUs = transmit(from, nowUs, flags, position, 0, Loss.RANDOM);
      if (arrivesUs != LOST) {
        return arrivesUs;
      }
      nowUs += waitUs;
      waitUs *= 2;
    }
  }

  private void acknowledge(Host from, long timeUs) {
    transmit(from, timeUs, Packet.ACK, from.sent(), 0, Loss.RANDOM);
  }

  private void send(Host from, Host to) {
    int flight = FIRST_FLIGHT_SEGMENTS;
    while (from.sent() < from.content().length() + 1) {
      sendFlight(from, to, flight);
      flight = Math.min(2 * flight, MAX_FLIGHT_SEGMENTS);
    }
  }

  private void sendFlight(Host from, Host to, int segments) {
    long end = from.content().length() + 1;
    long flightEnd = Math.min(end, from.sent() + (long) segments * segmentBytes);
    List<Host.Range> lost = new ArrayList<>();
    long sendsUs = nowUs;
    long lastArrivalUs = nowUs;
    int unacknowledged = 0;
    int duplicates = 0;
    long recoversUs = LOST;
    while (from.sent() < flightEnd) {
      long start = from.sent();
      int bytes = (int) Math.min(segmentBytes, end - start);
      int push = start + bytes == flightEnd ? Packet.PSH : 0;
      long arrivesUs = transmit(from, sendsUs, push | Packet.ACK, start, bytes, Loss.RANDOM);
      from.advance(bytes);
      sendsUs += FRAME_US;
      if (arrivesUs == LOST) {
        lost.add(new Host.Range(start, start + bytes));
        continue;
      }
      lastArrivalUs = arrivesUs;
      to.receive(start, start + bytes);
      unacknowledged++;
      if (!lost.isEmpty()) {
        acknowledge(to, arrivesUs);
        duplicates++;
        if (duplicates == DUPLICATE_ACKS) {
          recoversUs = arrivesUs + path.oneWayUs();
        }
      } else if (unacknowledged == segmentsPerAck && from.sent() < end) {
        acknowledge(to, arrivesUs);
        unacknowledged = 0;
      }
    }
    if (!lost.isEmpty()) {
      if (recoversUs == LOST) {
        recoversUs = sendsUs + RETRANSMISSION_TIMEOUT_US + 2 * path.oneWayUs();
      }
      lastArrivalUs = retransmit(from, to, lost, Math.max(recoversUs, sendsUs));
      unacknowledged = 0;
    }
    nowUs = lastArrivalUs;
    if (from.sent() < end) {
      if (unacknowledged > 0) {
        acknowledge(to, nowUs);
      }
      nowUs += path.oneWayUs() + random.nextInt(200);
    }
  }

  private long retransmit(Host from, Host to, List<Host.Range> lost, long startUs) {
    long sendsUs = startUs;
    long arrivesUs = startUs;
    for (Host.Range range : lost) {
      int bytes = (int) (range.end() - range.start());
      int flags = Packet.ACK | (range.end() == from.sent() ? Packet.PSH : 0);
      arrivesUs = transmit(from, sendsUs, flags, range.start(), bytes, Loss.NEVER);
      to.receive(range.start(), range.end());
      acknowledge(to, arrivesUs);
      sendsUs += FRAME_US;
    }
    return arrivesUs;
  }

  /** Sends a packet and returns when it arrives, or LOST. */
  private long transmit(Host from, long timeUs, int flags, long position, int bytes, Loss loss) {
    Host to = other(from);
    boolean fromClient = from == client;
    boolean syn = (flags & Packet.SYN) != 0;
    boolean reset = (flags & Packet.RST) != 0;
    boolean stamped = timestamps && !reset;
    int timestamp = (int) (timeUs / 1000) + from.numbers().timestampOffset();
    // A SYN/ACK of Linux, and its RSTs, have no IP ID.
    boolean identified =
        from.stack() == Stack.WINDOWS || !(reset || flags == (Packet.SYN | Packet.ACK));
    Packet packet =
        new Packet(
            from,
            to,
            fromClient,
            flags,
            position,
            bytes,
            from.received(),
            (flags & (Packet.SYN | Packet.RST | Packet.FIN)) == 0 && bytes == 0
                ? from.sackBlocks()
                : List.of(),
            stamped,
            timestamp,
            from.tsRecent(timeUs),
            reset ? 0 : syn ? from.stack().synWindow() : from.stack().window(),
            identified ? from.nextIpId() : 0);
    Loss place = loss;
    if (loss == Loss.RANDOM) {
      boolean lost = path.perLoss() > 0 && random.nextInt(path.perLoss()) == 0;
      place = !lost ? Loss.NEVER : random.nextInt(5) == 0 ? Loss.AFTER : Loss.BETWEEN;
    }
    long nearUs = later(fromClient ? 0 : 2, timeUs + (fromClient ? path.clientUs : path.serverUs));
    (fromClient ? path.clientCapture : path.serverCapture).add(nearUs, true, packet);
    if (place == Loss.BETWEEN) {
      return LOST;
    }
    long farUs = later(fromClient ? 1 : 3, nearUs + path.middleUs + random.nextInt(150));
    (fromClient ? path.serverCapture : path.clientCapture).add(farUs, false, packet);
    if (place == Loss.AFTER) {
      return LOST;
    }
    long arrivesUs = farUs + (fromClient ? path.serverUs : path.clientUs);
    if (stamped) {
      to.timestampArrives(arrivesUs, timestamp);
    }
    return arrivesUs;
  }

  /** A time at a place of the path where nothing overtakes. */
  private long later(int place, long timeUs) {
    lastSeenUs[place] = Math.max(lastSeenUs[place] + 1, timeUs);
    return lastSeenUs[place];
  }
}
