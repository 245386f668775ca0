package org.mssbridge.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.match.PairedConnection;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.rule.Evidence;
import org.mssbridge.rule.Findings;
import org.mssbridge.rule.Rules;

/**
 * What was looked for and is not there, so that it need not be looked for again. Told from the
 * captures and not from the absence of a finding, since findings can be filtered.
 */
final class Checked {
  private static final String UNTRANSLATED = "sack.untranslated";

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
    checked.tooBig();
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

  /** Asks the rule, which knows in whose numbers an edge is. */
  private void sack() {
    int seen = 0;
    for (PairedConnection pair : evidence.pairs()) {
      boolean carried = false;
      for (Direction carrying : Direction.values()) {
        carried |=
            pair.isnDelta(carrying.reverse()).orElse(0) != 0
                && (hasSack(pair.nearFlow(carrying)) || hasSack(pair.farFlow(carrying)));
      }
      seen += carried && !evidence.middlebox(pair).endsConnections() ? 1 : 0;
    }
    if (seen > 0 && !isUntranslated()) {
      lines.add("no SACK edge kept the numbers of the other side of a rewritten ISN" + on(seen));
    }
  }

  private static boolean hasSack(Flow flow) {
    SegmentTable table = flow.table();
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      if (table.hasSack(row)) {
        return true;
      }
    }
    return false;
  }

  private boolean isUntranslated() {
    Findings findings = new Findings();
    Rules.all().stream()
        .filter(rule -> rule.kinds().stream().anyMatch(k -> k.code().equals(UNTRANSLATED)))
        .forEach(rule -> rule.check(evidence, findings));
    return !findings.reported().isEmpty();
  }

  private void tooBig() {
    boolean none =
        evidence.comparison().captures().stream().allMatch(capture -> capture.tooBigs().isEmpty());
    if (none && !evidence.pairs().isEmpty()) {
      lines.add("no ICMP \"too big\" message that quotes a TCP segment, at any point");
    }
  }

  private static String on(int connections) {
    return " (" + connections + (connections == 1 ? " connection)" : " connections)");
  }
}
