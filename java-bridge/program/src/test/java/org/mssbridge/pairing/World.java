package org.mssbridge.pairing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.ConnectionTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.RecordedTime;

/**
 * Synthetic connections, and captures of them behind devices that rewrite chosen values. A
 * capture's stream numbers are those of the connections, so a pair is right if they are equal.
 */
final class World {
  private static final long START_NANOS = 1_700_000_000_000_000_000L;

  /**
   * A request and its response.
   *
   * @param content determines payload and sizes: calls with equal content send and receive the same
   */
  record Call(int stream, long atNanos, int clientPort, long content, boolean halfOpen) {
    Call(int stream, long atNanos, long content) {
      this(stream, atNanos, 1024 + stream % 60_000, content, false);
    }

    Call asking(long other) {
      return new Call(stream, atNanos, clientPort, other, halfOpen);
    }

    Call from(int port) {
      return new Call(stream, atNanos, port, content, halfOpen);
    }

    Call unanswered() {
      return new Call(stream, atNanos, clientPort, content, true);
    }
  }

  /**
   * The effects of the devices between the connections and a capture.
   *
   * @param seed for rewritten values; 0 where addresses, ports, ISNs and the like are kept
   * @param mssBytes the largest segment
   * @param clockNanos added to every time
   * @param jitterNanos the largest random delay of a time
   * @param headersOnly no payload is captured
   * @param tls whether the content is a TLS hello with its own random
   */
  record View(
      long seed,
      int mssBytes,
      long clockNanos,
      long jitterNanos,
      boolean headersOnly,
      boolean tls) {
    static final View PLAIN = new View(0, 1460, 0, 0, false, false);
    static final View REWRITTEN = new View(77, 1380, 250_000_000, 200_000, false, false);

    View asHeaders() {
      return new View(seed, mssBytes, clockNanos, jitterNanos, true, tls);
    }

    View withTls() {
      return new View(seed, mssBytes, clockNanos, jitterNanos, headersOnly, true);
    }

    View withClock(long nanos) {
      return new View(seed, mssBytes, nanos, jitterNanos, headersOnly, tls);
    }

    View withJitter(long nanos) {
      return new View(seed, mssBytes, clockNanos, nanos, headersOnly, tls);
    }

    View withSeed(long other) {
      return new View(other, mssBytes, clockNanos, jitterNanos, headersOnly, tls);
    }
  }

  private World() {}

  /** Calls that begin at random times with this mean interval, each with different content. */
  static List<Call> calls(int count, long gapNanos, long seed) {
    Random random = new Random(seed);
    List<Call> calls = new ArrayList<>();
    double at = 0;
    for (int i = 0; i < count; i++) {
      at -= gapNanos * Math.log(1 - random.nextDouble());
      calls.add(new Call(i, (long) at, 1000 + random.nextInt(1_000_000)));
    }
    return calls;
  }

  /** The same call with stream and port numbers that no other call uses. */
  static Call later(Call call) {
    return new Call(call.stream() + 100, call.atNanos(), call.content());
  }

  static List<Connection> capture(List<Call> calls, View view) {
    List<MadeFrame> frames = new ArrayList<>();
    for (Call call : calls) {
      new Sender(call, view, frames).send();
    }
    frames.sort(Comparator.comparingLong(MadeFrame::timeNanos));
    ConnectionTable table = new ConnectionTable(new CapturePoint("point"));
    for (int i = 0; i < frames.size(); i++) {
      table.add(i + 1, frames.get(i));
    }
    return table.finish(true, RecordedTime.UNKNOWN).connections();
  }

  /** For each paired stream of the first capture, its stream in the second. */
  static Map<Integer, Integer> pairs(ConnectionMatcher.Result result) {
    Map<Integer, Integer> pairs = new HashMap<>();
    result.matches().forEach(match -> pairs.put(match.first().stream(), match.second().stream()));
    return pairs;
  }

  /** Writes the frames of one call. */
  private static final class Sender {
    private static final int SYN = 2;
    private static final int ACK = 16;
    private static final int FIN = 1;

    private final Call call;
    private final View view;
    private final List<MadeFrame> frames;
    private final Random content;
    private final Random made;
    private final int[] sequence = new int[2];
    private final String[] address = {"192.0.2.10", "198.51.100.20"};
    private final int[] port;
    private final int[] timestamp;

    Sender(Call call, View view, List<MadeFrame> frames) {
      this.call = call;
      this.view = view;
      this.frames = frames;
      content = new Random(call.content());
      // Without rewriting, every point sees the same numbers.
      made = new Random(31L * call.stream() + 1_000_003 * view.seed());
      sequence[0] = made.nextInt();
      sequence[1] = made.nextInt();
      timestamp = new int[] {made.nextInt(), made.nextInt()};
      port = new int[] {call.clientPort(), 443};
      if (view.seed() != 0) {
        address[0] = "203.0.113.9";
        address[1] = "10.0.0.20";
        port[0] = 1024 + made.nextInt(60_000);
      }
    }

    void send() {
      long at = call.atNanos();
      add(0, at, SYN, 0, 0, 0);
      sequence[0]++;
      if (call.halfOpen()) {
        return;
      }
      at += 300_000 + content.nextInt(50_000);
      add(1, at, SYN | ACK, 0, 0, 0);
      sequence[1]++;
      at += 20_000;
      add(0, at, ACK, 0, 0, 0);
      at = data(0, at + 20_000, 100 + content.nextInt(400), content);
      at = data(1, at + 1_000_000, 200 + content.nextInt(20_000), content);
      add(0, at + 20_000, FIN | ACK, 0, 0, 0);
      sequence[0]++;
      add(1, at + 60_000, FIN | ACK, 0, 0, 0);
      sequence[1]++;
    }

    private long data(int from, long at, int bytes, Random random) {
      byte[] payload = new byte[bytes];
      random.nextBytes(payload);
      long digest = 0;
      for (int i = 0; i < 64; i++) {
        digest = digest * 31 + payload[i];
      }
      long time = at;
      for (int start = 0; start < bytes; start += view.mssBytes()) {
        int end = Math.min(bytes, start + view.mssBytes());
        long sum = 0;
        for (int i = start; i < end; i++) {
          sum += (long) (payload[i] & 0xff) << ((i - start) % 2 == 0 ? 8 : 0);
        }
        add(from, time, ACK, end - start, sum, start == 0 && !view.headersOnly() ? digest : 0);
        sequence[from] += end - start;
        time += 5_000;
      }
      return time;
    }

    private void add(int from, long at, int flags, int bytes, long sum, long digest) {
      MadeFrame frame = new MadeFrame();
      frame.stream = call.stream();
      long late = view.jitterNanos() == 0 ? 0 : (long) (made.nextDouble() * view.jitterNanos());
      frame.timeNanos = START_NANOS + at + view.clockNanos() + late;
      frame.source = address[from];
      frame.destination = address[1 - from];
      frame.sourcePort = port[from];
      frame.destinationPort = port[1 - from];
      frame.sequence = sequence[from];
      frame.acknowledgment = (flags & ACK) == 0 ? 0 : sequence[1 - from];
      frame.flags = flags;
      frame.payloadBytes = bytes;
      frame.payloadDigest = digest;
      frame.tlsRandom = view.tls() ? digest : 0;
      frame.timestamp = (timestamp[from] + at / 1_000_000) & 0xffff_ffffL;
      frame.finish(sum);
      frames.add(frame);
    }
  }
}
