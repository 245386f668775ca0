package org.mssbridge.pairing;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.mssbridge.model.Endpoint;

/**
 * How the connections of a capture go on in a later one, as in the next file of a capture program
 * that begins a new one by size or time: with the same addresses, ports and TTLs, and the next
 * sequence numbers.
 *
 * @param connections number of connections that go on
 * @param others number of connections that go on too, but with another TTL: at another point
 */
public record Continuation(int connections, int others) {
  /** So many bytes may be missing between two files. */
  private static final int MOST_MISSING_BYTES = 1 << 20;

  private record Ends(Endpoint client, Endpoint server) {}

  /** How the connections of the earlier capture go on. */
  public static Continuation of(CaptureFingerprints earlier, CaptureFingerprints later) {
    Map<Ends, Integer> last = new HashMap<>();
    for (int i = 0; i < earlier.size(); i++) {
      // Later connections of the same ends replace earlier ones.
      last.put(new Ends(earlier.connections.client(i), earlier.connections.server(i)), i);
    }
    int same = 0;
    int others = 0;
    for (int i = 0; i < later.size(); i++) {
      if (later.connections.hasHandshake(i)) {
        continue;
      }
      Endpoint client = later.connections.client(i);
      Endpoint server = later.connections.server(i);
      Integer straight = last.get(new Ends(client, server));
      Integer before = straight == null ? last.get(new Ends(server, client)) : straight;
      boolean swapped = straight == null;
      if (before != null && goesOn(earlier, before, later, i, swapped)) {
        if (hasSameTtls(earlier.connections, before, later.connections, i, swapped)) {
          same++;
        } else {
          others++;
        }
      }
    }
    return new Continuation(same, others);
  }

  private static boolean goesOn(
      CaptureFingerprints earlier, int before, CaptureFingerprints later, int after, boolean swap) {
    if (earlier.connections.latestNanos[before] > later.connections.earliestNanos[after]) {
      return false;
    }
    boolean anyFits = false;
    for (int end = 0; end < 2; end++) {
      OptionalInt next = earlier.numbers(before, end).next();
      OptionalInt first = later.numbers(after, swap ? 1 - end : end).first();
      if (next.isPresent() && first.isPresent()) {
        if (Math.abs((long) (first.getAsInt() - next.getAsInt())) > MOST_MISSING_BYTES) {
          return false;
        }
        anyFits = true;
      }
    }
    return anyFits;
  }

  private static boolean hasSameTtls(
      Fingerprints earlier, int before, Fingerprints later, int after, boolean swap) {
    for (int end = 0; end < 2; end++) {
      int one = earlier.ttl(before, end);
      int other = later.ttl(after, swap ? 1 - end : end);
      if (one >= 0 && other >= 0 && one != other) {
        return false;
      }
    }
    return true;
  }
}
