package org.mssbridge.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.rule.ConnectionFacts;

/**
 * What was looked for and is not there, so that it need not be looked for again. Told from the
 * captures and not from the absence of a finding, since findings can be filtered.
 */
final class Checked {
  private final Evidence evidence;
  private final List<String> lines = new ArrayList<>();

  /** A direction between two neighbouring points. */
  private record Way(Direction direction, CapturePoint near, CapturePoint far) {
    @Override
    public String toString() {
      return direction.label() + " between " + near + " and " + far;
    }
  }

  private Checked(Evidence evidence) {
    this.evidence = evidence;
  }

  /** One line each. */
  static List<String> of(Evidence evidence) {
    Checked checked = new Checked(evidence);
    checked.ways().forEach(checked::way);
    checked.sack();
    return checked.lines;
  }

  private Map<Way, List<PairedConnection>> ways() {
    Map<Way, List<PairedConnection>> ways = new LinkedHashMap<>();
    for (PairedConnection pair : evidence.pairs()) {
      if (!evidence.middlebox(pair).endsConnections()) {
        for (Direction direction : Direction.values()) {
          Way way = new Way(direction, pair.nearPoint(direction), pair.farPoint(direction));
          ways.computeIfAbsent(way, key -> new ArrayList<>()).add(pair);
        }
      }
    }
    return ways;
  }

  private void way(Way way, List<PairedConnection> pairs) {
    mssChange(way, pairs);
    mssViolation(way, pairs);
    loss(way, pairs);
  }

  private void mssChange(Way way, List<PairedConnection> pairs) {
    int seen = 0;
    OptionalInt mssBytes = OptionalInt.empty();
    for (PairedConnection pair : pairs) {
      OptionalInt near = pair.nearFlow(way.direction()).announcedMss();
      OptionalInt far = pair.farFlow(way.direction()).announcedMss();
      boolean both =
          pair.nearFlow(way.direction()).firstHandshake().isPresent()
              && pair.farFlow(way.direction()).firstHandshake().isPresent();
      if (both && !near.equals(far)) {
        return;
      }
      if (both && near.isPresent()) {
        seen++;
        mssBytes = near;
      }
    }
    if (seen > 0) {
      String value = seen == 1 ? ": " + mssBytes.getAsInt() + " at both points" : "";
      lines.add("MSS not changed " + way + value + on(seen));
    }
  }

  /** Tells of the connection that comes nearest to its limit. */
  private void mssViolation(Way way, List<PairedConnection> pairs) {
    int seen = 0;
    int largestBytes = 0;
    int limitBytes = 0;
    for (PairedConnection pair : pairs) {
      int largest = pair.farFlow(way.direction()).largestPayloadBytes();
      OptionalInt limit = pair.far(way.direction()).mssLimit(way.direction());
      if (largest == 0 || limit.isEmpty()) {
        continue;
      }
      if (largest > limit.getAsInt()) {
        return;
      }
      if (seen == 0 || limit.getAsInt() - largest < limitBytes - largestBytes) {
        largestBytes = largest;
        limitBytes = limit.getAsInt();
      }
      seen++;
    }
    if (seen > 0) {
      lines.add(
          String.format(
              "MSS not violated %s at the receiver: largest segment at %s %d, limit %d%s",
              way.direction().label(), way.far(), largestBytes, limitBytes, on(seen)));
    }
  }

  private void loss(Way way, List<PairedConnection> pairs) {
    long segments = 0;
    for (PairedConnection pair : pairs) {
      if (pair.alignment(way.direction()).lost().size() > 0) {
        return;
      }
      segments += pair.alignment(way.direction()).near().size();
    }
    if (segments > 0) {
      lines.add("nothing lost " + way + ": " + segments + " segments with data left " + way.near());
    }
  }

  private void sack() {
    int translated = 0;
    for (PairedConnection pair : evidence.pairs()) {
      Optional<Boolean> answer = ConnectionFacts.isSackTranslated(evidence, pair);
      if (evidence.middlebox(pair).endsConnections() || answer.isEmpty()) {
        continue;
      }
      if (!answer.get()) {
        return;
      }
      translated++;
    }
    if (translated > 0) {
      lines.add("SACK edges are translated with the rewritten sequence numbers" + on(translated));
    }
  }

  private static String on(int connections) {
    return " (" + connections + (connections == 1 ? " connection)" : " connections)");
  }
}
