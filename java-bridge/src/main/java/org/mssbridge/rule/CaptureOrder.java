package org.mssbridge.rule;

import java.util.List;
import java.util.stream.Collectors;
import org.mssbridge.match.Comparison;
import org.mssbridge.match.TracedConnection;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/** Whether the captures belong together and were given in the order of the path. */
final class CaptureOrder implements Rule {
  static final Kind SWAPPED =
      new Kind(
          "capture.swapped",
          Severity.WARN,
          Group.ASSUMPTION,
          "the points were given in the wrong order");
  static final Kind NO_OVERLAP =
      new Kind(
          "capture.no-overlap",
          Severity.WARN,
          Group.ASSUMPTION,
          "the captures share no connection");

  record Swapped(List<String> pathOrder) implements Finding {
    @Override
    public Kind kind() {
      return SWAPPED;
    }

    @Override
    public String message() {
      return "the captures were given in the wrong order: by TTL and handshake timing the path runs "
          + String.join(" - ", pathOrder)
          + " from the client's side on; directions follow the path, names the command line";
    }

    @Override
    public Facts facts() {
      return Facts.NONE.and("path_order", pathOrder);
    }

    @Override
    public String nextStep() {
      return "give the capture nearer the client first";
    }
  }

  record NoOverlap(List<String> points) implements Finding {
    @Override
    public Kind kind() {
      return NO_OVERLAP;
    }

    @Override
    public String message() {
      return "no connection of one capture is found in another: "
          + points.stream().collect(Collectors.joining(", "));
    }

    @Override
    public Facts facts() {
      return Facts.NONE.and("points", points);
    }

    @Override
    public String nextStep() {
      return "check that the captures show the same traffic at the same time";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(SWAPPED, NO_OVERLAP);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    Comparison comparison = evidence.comparison();
    List<String> path = comparison.path().stream().map(capture -> capture.point().name()).toList();
    if (comparison.isSwapped()) {
      Occurrence occurrence = Occurrence.anywhere();
      if (!comparison.pairs().isEmpty()) {
        TracedConnection first = comparison.connections().get(comparison.pairs().get(0).id());
        for (CapturePoint point : first.at().points()) {
          occurrence = occurrence.at(point, first.at().at(point).orElseThrow().firstFrame());
        }
      }
      findings.add(new Swapped(path), occurrence);
    }
    if (path.size() > 1 && comparison.pairs().isEmpty()) {
      findings.add(new NoOverlap(path), Occurrence.anywhere());
    }
  }
}
