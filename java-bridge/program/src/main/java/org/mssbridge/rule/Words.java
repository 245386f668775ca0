package org.mssbridge.rule;

import java.util.Locale;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Spans;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.InitialTtl;
import org.mssbridge.model.Numbers;

/** Phrases shared by several rules. */
final class Words {
  /** How to find a path MTU by hand; whom to ping is in the next words where it is not known. */
  static final String PROBE = probe("");

  /** What can overtake segments. */
  static final String OVERTAKING =
      "per-packet load balancing, parallel queues, or link-layer retransmission (Wi-Fi)";

  /** A larger share would be rounded to all. */
  private static final double MOST_PERCENT = 99.5;

  private Words() {}

  /**
   * How to find the path MTU to a host by hand.
   *
   * @param host such as {@code the client}; empty where it is not one end
   */
  static String probe(String host) {
    return "ping "
        + (host.isEmpty() ? "" : host + " ")
        + "with DF set, smaller each time (ping -M do -s SIZE; for IPv6 ping -6 -M do -s SIZE),";
  }

  /** A suffix for a sentence, such as {@code (3 connections)}. */
  static String on(int connections) {
    return " (" + count(connections, "connection") + ")";
  }

  /**
   * A way such as {@code client to server}, by which end sent the SYN. Where points are named after
   * the ends and the connections were opened from the other side, from which point to which, too.
   */
  static String way(Leg leg) {
    if (!isMisleading(leg)) {
      return way(leg.direction());
    }
    return way(leg.direction()) + points(leg);
  }

  /** Such as {@code client to server between A and B}: of several legs, which one. */
  static String wayBetween(Leg leg) {
    return isMisleading(leg) ? way(leg) : way(leg.direction()) + " " + leg.between();
  }

  /** From point to point, such as {@code from A to B}, or by the ends and points if need be. */
  static String fromTo(Leg leg) {
    return isMisleading(leg) ? "from " + way(leg) : "from " + leg.near() + " to " + leg.far();
  }

  private static String points(Leg leg) {
    return String.format(" (from the point named %s to the one named %s)", leg.near(), leg.far());
  }

  /** Whether points of a leg are named after the ends, and the other way round. */
  static boolean isMisleading(Leg leg) {
    return leg.near().name().equals(sender(leg.direction().reverse()))
        || leg.far().name().equals(sender(leg.direction()));
  }

  /** Such as {@code client to server}. */
  static String way(Direction direction) {
    return direction.words();
  }

  /** What people call transfers in a direction, to begin a sentence. */
  static String transfers(Direction direction) {
    return direction == Direction.C2S ? "uploads" : "downloads";
  }

  /** The end that sends in a direction: {@code client} or {@code server}. */
  static String sender(Direction direction) {
    return direction == Direction.C2S ? "client" : "server";
  }

  /**
   * Where a fault is that no capture point is beyond, such as {@code behind B, on the server's
   * side}.
   */
  static String behind(CapturePoint point, Direction from) {
    return "behind " + point + ", on the " + sender(from) + "'s side";
  }

  /**
   * How far the sender of a message is from a point, in brackets, such as {@code (its TTL is 254: 1
   * router away, if it started at 255)}; empty where the TTL is unknown.
   */
  static String distance(int ttl, CapturePoint point) {
    if (ttl < 0) {
      return "";
    }
    int routers = InitialTtl.routers(ttl);
    return routers == 0
        ? String.format(" (TTL %d: no router is between %s and it)", ttl, point)
        : String.format(
            " (TTL %d: %s away, if it started at %d)",
            ttl, count(routers, "router"), InitialTtl.of(ttl));
  }

  /** A number of things, such as {@code 1 SYN} or {@code 7 SYNs}. */
  static String count(long number, String what) {
    return Numbers.count(number, what);
  }

  /** Such as {@code 700 kbit/s}. */
  static String rate(double bitsPerSecond) {
    return bitsPerSecond < 1e6
        ? String.format(Locale.ROOT, "%.0f kbit/s", bitsPerSecond / 1e3)
        : String.format(Locale.ROOT, "%.1f Mbit/s", bitsPerSecond / 1e6);
  }

  /** A part of things, such as {@code 3 of 12,007 packets}. */
  static String part(long part, long whole, String what) {
    return Numbers.grouped(part) + " of " + count(whole, what);
  }

  /**
   * A share in brackets, such as {@code (3.0 %)}, with no more digits than the numbers have; empty
   * where these are so small that they say more.
   */
  static String percent(long part, long whole) {
    if (whole < 20) {
      return "";
    }
    double percent = 100.0 * part / whole;
    if (percent < 0.1) {
      return " (less than 0.1 %)";
    }
    if (part < whole && percent >= MOST_PERCENT) {
      return " (more than 99 %)";
    }
    return String.format(
        Locale.ROOT, whole < 100 || percent >= 10 ? " (%.0f %%)" : " (%.1f %%)", percent);
  }

  /** A span of at least about a second, such as {@code 63.1 s}. */
  static String seconds(long nanos) {
    return String.format(Locale.ROOT, nanos < 10_000_000_000L ? "%.2f s" : "%.1f s", nanos / 1e9);
  }

  /** A time of any length, such as {@code 84 µs}, {@code 12.5 ms} or {@code 63.1 s}. */
  static String time(long nanos) {
    return nanos < 1_000_000
        ? nanos / 1_000 + " µs"
        : nanos < 1_000_000_000
            ? String.format(
                Locale.ROOT,
                nanos < 10_000_000 ? "%.2f ms" : nanos < 100_000_000 ? "%.1f ms" : "%.0f ms",
                nanos / 1e6)
            : seconds(nanos);
  }

  /** A time that may be long, such as {@code 4.2 s}, {@code 12 minutes} or {@code 11 hours}. */
  static String longTime(long nanos) {
    long seconds = nanos / 1_000_000_000L;
    return seconds < 2 * 60
        ? Spans.text(nanos)
        : seconds < 2 * 3_600
            ? count(seconds / 60, "minute")
            : seconds < 2 * 86_400
                ? count(seconds / 3_600, "hour")
                : count(seconds / 86_400, "day");
  }

  /** A shortest and a longest time, such as {@code 1.20 s to 3.40 s}; one where they are equal. */
  static String times(long leastNanos, long mostNanos) {
    String least = time(leastNanos);
    String most = time(mostNanos);
    return least.equals(most) ? least : least + " to " + most;
  }
}
