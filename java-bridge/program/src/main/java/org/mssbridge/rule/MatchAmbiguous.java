package org.mssbridge.rule;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Overlap;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;
import org.mssbridge.pairing.AmbiguousConnection;

/** A connection that matches several connections at another point equally well. */
final class MatchAmbiguous implements Rule {
  static final Kind KIND =
      new Kind(
          "match.ambiguous",
          Severity.NOTE,
          Group.ASSUMPTION,
          "connections cannot be paired with confidence");

  record Ambiguous(CapturePoint point, CapturePoint other) implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return "connections at "
          + point
          + " may be any of several at "
          + other
          + ": cannot tell which, so they are not compared";
    }

    @Override
    public Facts facts() {
      return Facts.of("seen_at", point.name()).and("candidates_at", other.name());
    }

    @Override
    public String nextStep() {
      return "capture whole packets from before the connections begin, or at a point before their"
          + " addresses are translated";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    Comparison comparison = evidence.comparison();
    Map<List<CapturePoint>, Boolean> apart = new HashMap<>();
    SameEndsApart sameEnds = new SameEndsApart(comparison);
    for (AmbiguousConnection ambiguous : comparison.ambiguousConnections()) {
      if (apart.computeIfAbsent(
          List.of(ambiguous.point(), ambiguous.other()),
          points -> Overlap.of(comparison, points.get(0), points.get(1)).isFarApart())) {
        continue; // None of the candidates can be the same connection: another finding says so.
      }
      if (sameEnds.has(ambiguous)) {
        continue; // A proxy's: connection.one-sided says so.
      }
      int stream = ambiguous.connection().stream();
      int id =
          comparison.byStream(ambiguous.point(), stream).map(TracedConnection::id).orElseThrow();
      findings.add(
          new Ambiguous(ambiguous.point(), ambiguous.other()),
          Occurrence.on(id).at(ambiguous.point(), ambiguous.connection().firstFrame()));
    }
  }
}
