package org.mssbridge.pairing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.ConnectionTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.RecordedTime;

/**
 * Two hosts on the internet and the path between them: some connections that both captures hold,
 * from either end, and the noise that each host gets for itself. Connections are a pair if they
 * have the same stream number; noise has none that occurs twice.
 */
final class Crowd {
  /** What the devices between do. */
  enum Path {
    /** Addresses of both hosts are translated, one to one. */
    NAT,
    /** Nothing but hops. */
    ROUTERS,
    /** Addresses, ports and ISNs are rewritten. */
    REWRITER,
    /** Each connection is ended and made again; nothing is kept but the content. */
    PROXY
  }

  private static final long START_NANOS = 1_700_000_000_000_000_000L;
  private static final long SECOND = 1_000_000_000;
  private static final int SYN = 2;
  private static final int RST = 4;
  private static final int ACK = 16;
  private static final int FIN = 1;
  private static final int[] SCANNED = {22, 23, 80, 443, 445, 3389, 8080, 8443};

  private final Random random;
  private final Path path;
  private final int hops;
  private final long delayNanos;
  private final long jitterNanos;
  private final long clockNanos;
  private final long spanNanos;
  private final List<MadeFrame> near = new ArrayList<>();
  private final List<MadeFrame> far = new ArrayList<>();
  private int nextStream;

  /** Connections of each capture, in the order of frames, and how many of them are pairs. */
  record Captures(List<Connection> near, List<Connection> far, int shared, Path path) {}

  private Crowd(long seed) {
    random = new Random(seed);
    path = Path.values()[random.nextInt(Path.values().length)];
    hops = 1 + random.nextInt(12);
    delayNanos = 200_000L << random.nextInt(8);
    jitterNanos = 10_000L << random.nextInt(7);
    clockNanos = (long) (random.nextGaussian() * SECOND * (random.nextBoolean() ? 0.01 : 2));
    spanNanos = SECOND * (10 + random.nextInt(600));
  }

  /** Captures that differ from seed to seed in path, clocks, number of connections and noise. */
  static Captures of(long seed) {
    Crowd crowd = new Crowd(seed);
    int shared = 1 + crowd.random.nextInt(1 << crowd.random.nextInt(6));
    int noise = crowd.random.nextInt(1 << crowd.random.nextInt(9));
    for (int i = 0; i < shared; i++) {
      crowd.connect();
    }
    for (int i = 0; i < noise; i++) {
      crowd.disturb(i);
    }
    return new Captures(capture(crowd.near), capture(crowd.far), shared, crowd.path);
  }

  private static List<Connection> capture(List<MadeFrame> frames) {
    frames.sort(Comparator.comparingLong(MadeFrame::timeNanos));
    ConnectionTable table = new ConnectionTable(new CapturePoint("point"));
    for (int i = 0; i < frames.size(); i++) {
      table.add(i + 1, frames.get(i));
    }
    return table.finish(true, RecordedTime.UNKNOWN).connections();
  }

  private int port() {
    return 32_768 + random.nextInt(28_000);
  }

  private long late() {
    // Some wait in a queue.
    return (long) (-jitterNanos * Math.log(1 - random.nextDouble()))
        + (random.nextInt(100) == 0 ? 20 * jitterNanos : 0);
  }

  /** What one point sees of an end: its address, port, ISN and TTL there. */
  private record End(String address, int port, int isn, int ttl) {}

  /** The two ends of a connection as one point sees them. */
  private record Seen(List<MadeFrame> frames, int stream, End client, End server) {
    End end(int number) {
      return number == 0 ? client : server;
    }
  }

  /** A connection that both points see: whole, refused, unanswered or repeated. */
  private void connect() {
    boolean back = random.nextInt(5) == 0;
    int stream = nextStream++;
    boolean ends = path == Path.PROXY;
    boolean rewrites = ends || path == Path.REWRITER;
    boolean kept = path == Path.ROUTERS;
    int clientPort = port();
    int asked = SCANNED[random.nextInt(SCANNED.length)];
    int clientIsn = random.nextInt();
    int serverIsn = random.nextInt();
    Seen first =
        new Seen(
            near,
            stream,
            new End("10.0.0.5", clientPort, clientIsn, 64),
            new End(kept ? "10.0.1.6" : "203.0.113.195", asked, serverIsn, 64 - hops));
    Seen second =
        new Seen(
            far,
            stream,
            new End(
                kept ? "10.0.0.5" : "198.51.100.119",
                rewrites ? port() : clientPort,
                rewrites ? random.nextInt() : clientIsn,
                ends ? 64 : 64 - hops),
            new End("10.0.1.6", asked, rewrites ? random.nextInt() : serverIsn, 64));
    if (back) {
      first = turned(first);
      second = turned(second);
    }
    Life life = new Life(first, second, back, ends);
    life.live();
  }

  /** The same hosts with the other one as client, which chooses the port. */
  private static Seen turned(Seen seen) {
    End client = seen.client();
    End server = seen.server();
    return new Seen(
        seen.frames(),
        seen.stream(),
        new End(server.address(), client.port(), client.isn(), server.ttl()),
        new End(client.address(), server.port(), server.isn(), client.ttl()));
  }

  /** What the ends of a connection send. */
  private final class Life {
    private final Seen[] seen;
    private final boolean back;
    private final boolean ends;
    private final long[] sent = {0, 0};
    private final int[] clock = {random.nextInt(), random.nextInt()};
    private final int[] otherClock = {random.nextInt(), random.nextInt()};
    private final int[] ipId = {1 + random.nextInt(60_000), 0};
    private final int[] otherIpId = {1 + random.nextInt(60_000), 0};
    private long at = (long) (random.nextDouble() * spanNanos);

    Life(Seen first, Seen second, boolean back, boolean ends) {
      seen = new Seen[] {first, second};
      this.back = back;
      this.ends = ends;
    }

    void live() {
      int kind = random.nextInt(6);
      int tries = kind == 0 ? 1 + random.nextInt(4) : 1;
      for (int i = 0; i < tries; i++) {
        send(0, SYN, 0, 0);
        at += SECOND << i;
      }
      if (kind == 0) {
        return;
      }
      at -= SECOND;
      sent[0]++;
      at += 2 * delayNanos + 50_000;
      if (kind == 1) {
        send(1, RST | ACK, 0, 0);
        return;
      }
      send(1, SYN | ACK, 0, 0);
      sent[1]++;
      at += 2 * delayNanos + 50_000;
      send(0, ACK, 0, 0);
      int exchanges = kind == 2 ? 0 : 1 + random.nextInt(3);
      for (int i = 0; i < exchanges; i++) {
        data(0, 40 + random.nextInt(400));
        data(1, 40 + random.nextInt(1400));
      }
      send(0, FIN | ACK, 0, 0);
      sent[0]++;
      at += 2 * delayNanos;
      send(1, FIN | ACK, 0, 0);
      sent[1]++;
    }

    private void data(int from, int bytes) {
      send(from, ACK, bytes, random.nextLong() >>> 8);
      sent[from] += bytes;
      at += 2 * delayNanos + random.nextInt(1_000_000);
    }

    private void send(int from, int flags, int bytes, long digest) {
      // The point nearer the sender sees it first.
      int early = (from == 0) != back ? 0 : 1;
      long arrives = at + delayNanos + late();
      if (random.nextInt(400) != 0) {
        add(early, from, at, at, flags, bytes, digest);
      }
      if (random.nextInt(200) != 0) {
        add(1 - early, from, at, arrives, flags, bytes, digest);
      }
    }

    private void add(int point, int from, long made, long time, int flags, int bytes, long digest) {
      boolean again = ends && point == 1;
      Seen here = seen[point];
      MadeFrame frame = frame(here, from, time + (point == 1 ? clockNanos : 0), flags);
      boolean isn = (flags & RST) != 0 && sent[1] == 0;
      frame.sequence = isn ? 0 : here.end(from).isn() + (int) sent[from];
      frame.acknowledgment =
          (flags & ACK) == 0 ? 0 : here.end(1 - from).isn() + (int) sent[1 - from];
      frame.payloadBytes = bytes;
      frame.payloadDigest = digest;
      int base = again ? otherClock[from] : clock[from];
      frame.timestamp = isn ? -1 : (base + made / 1_000_000) & 0xffff_ffffL;
      boolean syn = (flags & SYN) != 0;
      frame.ipId = (again ? otherIpId : ipId)[from];
      frame.optionKinds = syn ? List.of(2, 4, 8, 1, 3) : List.of(1, 1, 8);
      frame.windowScale = syn ? 7 : -1;
      frame.finish(digest & 0xffff);
      here.frames().add(frame);
    }
  }

  private static MadeFrame frame(Seen seen, int from, long time, int flags) {
    MadeFrame frame = new MadeFrame();
    frame.stream = seen.stream();
    frame.timeNanos = START_NANOS + time;
    frame.source = seen.end(from).address();
    frame.destination = seen.end(1 - from).address();
    frame.sourcePort = seen.end(from).port();
    frame.destinationPort = seen.end(1 - from).port();
    frame.ttl = seen.end(from).ttl();
    frame.flags = flags;
    return frame;
  }

  /** A probe for one of the hosts, or one for each. */
  private void disturb(int number) {
    int kind = random.nextInt(12);
    long at = (long) (random.nextDouble() * spanNanos);
    String source = "192.0.2." + (1 + random.nextInt(250));
    if (kind == 0) {
      forge(at, source, number);
    } else if (kind == 1) {
      crawl(at, source);
    } else {
      probe(random.nextInt(2), kind, at, source);
    }
  }

  private Seen stranger(int point, String source, int port, int asked, int isn, int ttl) {
    return new Seen(
        point == 0 ? near : far,
        nextStream++,
        new End(source, port, isn, ttl),
        new End(point == 0 ? "10.0.0.5" : "10.0.1.6", asked, random.nextInt(), 64));
  }

  private void probe(int point, int kind, long at, String source) {
    boolean census = kind < 7;
    boolean stateless = kind >= 7 && kind < 10;
    int asked = SCANNED[random.nextInt(SCANNED.length)];
    int port = stateless ? (random.nextBoolean() ? 40_000 : 53_211) : port();
    int[] constants = {0, 1, 738_073_139};
    int isn = stateless ? constants[random.nextInt(3)] : random.nextInt();
    Seen seen = stranger(point, source, port, asked, isn, census ? 52 : stateless ? 241 : 47);
    long time = at + (point == 1 ? clockNanos : 0);
    long timestamp =
        census
            ? (START_NANOS + at) / SECOND + 23_442_890
            : stateless ? -1 : Integer.toUnsignedLong(random.nextInt());
    int ipId = stateless ? 54_321 : 1 + random.nextInt(60_000);
    syn(seen, time, timestamp, ipId, stateless ? List.of(2) : List.of(2, 4, 8, 1, 3));
    if (random.nextInt(4) != 0) {
      answer(seen, time + 40_000, RST | ACK);
    }
  }

  private void syn(Seen seen, long time, long timestamp, int ipId, List<Integer> options) {
    MadeFrame frame = frame(seen, 0, time, SYN);
    frame.sequence = seen.end(0).isn();
    frame.timestamp = timestamp;
    frame.ipId = ipId;
    frame.optionKinds = options;
    frame.windowScale = options.contains(3) ? 7 : -1;
    frame.finish(0);
    seen.frames().add(frame);
  }

  private static void answer(Seen seen, long time, int flags) {
    MadeFrame frame = frame(seen, 1, time, flags);
    frame.sequence = (flags & RST) != 0 ? 0 : seen.end(1).isn();
    frame.acknowledgment = seen.end(0).isn() + 1;
    frame.timestamp = -1;
    frame.optionKinds = (flags & SYN) != 0 ? List.of(2) : List.of();
    frame.finish(0);
    seen.frames().add(frame);
  }

  /** SYNs with a forged source and one ISN, toward both hosts, 65 ms apart. */
  private void forge(long at, String source, int number) {
    int isn = random.nextInt();
    int port = number % 2 == 0 ? 80 : port();
    boolean answers = random.nextBoolean();
    int tries = 1 + random.nextInt(3);
    for (int point = 0; point < 2; point++) {
      Seen seen = stranger(point, source, port, 80, isn, 238);
      long time = at + (point == 1 ? clockNanos + 65_000_000 : 0);
      for (int i = 0; i < tries; i++) {
        syn(seen, time + (long) i * SECOND, -1, 0, List.of(2));
        if (answers) {
          answer(seen, time + (long) i * SECOND + 50_000, SYN | ACK);
        }
      }
    }
  }

  /** The same request and the same answer at both hosts, from one client. */
  private void crawl(long at, String source) {
    long request = 77_000L + random.nextInt(4);
    for (int point = 0; point < 2; point++) {
      Seen seen = stranger(point, source, port(), 80, random.nextInt(), 49);
      long time = at + (point == 1 ? clockNanos + random.nextLong(20 * SECOND) : 0);
      syn(
          seen,
          time,
          Integer.toUnsignedLong(random.nextInt()),
          1 + random.nextInt(60_000),
          List.of(2, 4, 8, 1, 3));
      answer(seen, time + 40_000, SYN | ACK);
      for (int from = 0; from < 2; from++) {
        MadeFrame frame = frame(seen, from, time + 60_000_000 * (from + 1L), ACK);
        frame.sequence = seen.end(from).isn() + 1;
        frame.acknowledgment = seen.end(1 - from).isn() + 1 + (from == 1 ? 120 : 0);
        frame.payloadBytes = from == 0 ? 120 : 480;
        frame.payloadDigest = request * (from + 3L);
        frame.timestamp = -1;
        frame.finish(request & 0xfffL);
        seen.frames().add(frame);
      }
    }
  }
}
