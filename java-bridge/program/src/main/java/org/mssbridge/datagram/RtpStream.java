package org.mssbridge.datagram;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.mssbridge.flow.DatagramFlow;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.flow.LongList;
import org.mssbridge.flow.RtpHeaders;
import org.mssbridge.model.Direction;

/**
 * The packets of one RTP source in a direction of a flow at one point. It is one only where many
 * packets have its identifier, and sequence numbers and timestamps that run on.
 */
public final class RtpStream {
  /** Fewer prove nothing. */
  private static final int LEAST_PACKETS = 32;

  /**
   * So much of the flow's direction, and of the steps between sequence numbers, must be regular.
   */
  private static final double MOST = 0.8;

  /** RFC 3550, appendix A.1: a larger step is a restart. */
  private static final int MOST_DROPPED = 3000;

  private static final int MOST_MISORDERED = 100;

  private final DatagramTable table;
  private final int source;
  private final LongList rows = new LongList();
  private final LongList headers = new LongList();
  private int expected;
  private int received;

  private RtpStream(DatagramTable table, int source) {
    this.table = table;
    this.source = source;
  }

  /** The streams of a direction. */
  public static List<RtpStream> of(DatagramTable table, DatagramFlow flow, Direction direction) {
    RtpHeaders rtp = table.rtp();
    if (rtp.isEmpty() || table.packets(flow, direction) < LEAST_PACKETS) {
      return List.of();
    }
    int[] all = table.rows(flow, direction);
    Map<Integer, RtpStream> streams = new LinkedHashMap<>();
    int alike = 0;
    for (int row : all) {
      int header = rtp.in(row);
      if (header >= 0) {
        RtpStream stream =
            streams.computeIfAbsent(rtp.source(header), key -> new RtpStream(table, key));
        stream.rows.add(row);
        stream.headers.add(header);
        alike++;
      }
    }
    List<RtpStream> proven = new ArrayList<>();
    int ofThem = 0;
    for (RtpStream stream : streams.values()) {
      if (stream.isProven()) {
        stream.count();
        proven.add(stream);
        ofThem += stream.packets();
      }
    }
    return ofThem >= MOST * alike && 2 * ofThem >= all.length ? proven : List.of();
  }

  private int header(int i) {
    return (int) headers.get(i);
  }

  private int sequence(int i) {
    return table.rtp().sequence(header(i));
  }

  private boolean isProven() {
    int next = 0;
    int steady = 0;
    int moving = 0;
    for (int i = 1; i < packets(); i++) {
      int step = (short) (sequence(i) - sequence(i - 1));
      int ticks = table.rtp().timestamp(header(i)) - table.rtp().timestamp(header(i - 1));
      next += step == 1 ? 1 : 0;
      steady += step > -MOST_MISORDERED && step < MOST_DROPPED && ticks >= 0 == step >= 0 ? 1 : 0;
      moving += ticks != 0 ? 1 : 0;
    }
    return packets() >= LEAST_PACKETS
        && 2 * next >= packets()
        && steady >= MOST * (packets() - 1)
        && 20 * moving >= packets();
  }

  /** RFC 3550, appendices A.1 and A.3; copies count once. */
  private void count() {
    long[] extended = new long[packets()];
    int start = 0;
    long highest = sequence(0);
    extended[0] = highest;
    for (int i = 1; i < extended.length; i++) {
      int step = (short) (sequence(i) - (int) highest);
      if (step > 0 ? step < MOST_DROPPED : step > -MOST_MISORDERED) {
        extended[i] = highest + step;
        highest = Math.max(highest, extended[i]);
      } else {
        count(extended, start, i);
        start = i;
        highest = sequence(i);
        extended[i] = highest;
      }
    }
    count(extended, start, extended.length);
  }

  private void count(long[] extended, int from, int to) {
    Arrays.sort(extended, from, to);
    expected += (int) (extended[to - 1] - extended[from] + 1);
    for (int i = from; i < to; i++) {
      received += i == from || extended[i] != extended[i - 1] ? 1 : 0;
    }
  }

  /** Its synchronization source (RFC 3550, section 5.1). */
  public int source() {
    return source;
  }

  /** The payload type of its first packet (RFC 3551, section 6). */
  public int payloadType() {
    return table.rtp().payloadType(header(0));
  }

  /** Number of packets at this point. */
  public int packets() {
    return rows.size();
  }

  /** The row of its first packet. */
  public int firstRow() {
    return (int) rows.get(0);
  }

  /** How many packets its sequence numbers show from the first to the last one seen. */
  public int expected() {
    return expected;
  }

  /** How many of them are not at this point. */
  public int missing() {
    return expected - received;
  }

  /**
   * Ticks per second of its timestamps, where its payload type fixes that (RFC 3551, section 6).
   */
  public OptionalInt clockRate() {
    return switch (payloadType()) {
      case 0, 3, 4, 5, 7, 8, 9, 12, 13, 15, 18 -> OptionalInt.of(8_000);
      case 6 -> OptionalInt.of(16_000);
      case 10, 11 -> OptionalInt.of(44_100);
      case 16 -> OptionalInt.of(11_025);
      case 17 -> OptionalInt.of(22_050);
      case 14, 25, 26, 28, 31, 32, 33, 34 -> OptionalInt.of(90_000);
      default -> OptionalInt.empty();
    };
  }

  /** The jitter at this point against the timestamps, where their rate is known. */
  public Jitter jitter() {
    Jitter jitter = new Jitter();
    if (clockRate().isPresent()) {
      double nanosPerTick = 1e9 / clockRate().getAsInt();
      int firstTicks = table.rtp().timestamp(header(0));
      for (int i = 0; i < packets(); i++) {
        int ticks = table.rtp().timestamp(header(i)) - firstTicks;
        jitter.add(Math.round(ticks * nanosPerTick), table.timeNanos((int) rows.get(i)));
      }
    }
    return jitter;
  }

  /** Whether it has a row of its table. */
  boolean has(int row) {
    int at = table.rtp().in(row);
    return at >= 0 && table.rtp().source(at) == source;
  }

  /** How much its delay on the way to the next point varies, which needs no clock of its own. */
  public Jitter jitter(FlowPassage passage) {
    Jitter jitter = new Jitter();
    passage.forEachCrossing(
        (near, far, isCertain) -> {
          if (isCertain && has(near)) {
            jitter.add(passage.near().timeNanos(near), passage.far().timeNanos(far));
          }
        });
    return jitter;
  }
}
