package org.mssbridge.rule;

import static java.util.stream.Collectors.joining;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.FilePart;
import org.mssbridge.model.Group;
import org.mssbridge.model.Printable;
import org.mssbridge.model.Severity;

/** Files that hold the same packets at several places, each of which was compared as a capture. */
final class CaptureSeveralPoints implements Rule {
  static final Kind SEVERAL_POINTS =
      new Kind(
          "capture.several-points",
          Severity.NOTE,
          Group.ASSUMPTION,
          "one file holds the same packets at several places");

  /**
   * A file that was split.
   *
   * @param points the name of each of its points, in path order, with how many packets it has
   * @param part what the file is as a whole
   */
  record SeveralPoints(Map<String, Integer> points, FilePart part) implements Finding {
    @Override
    public Kind kind() {
      return SEVERAL_POINTS;
    }

    @Override
    public String message() {
      return String.format(
          "%s holds the same packets at %d places, told apart by %s: %s%s",
          Printable.of(part.fileName()),
          points.size(),
          part.toldBy(),
          points.entrySet().stream()
              .map(point -> point.getKey() + " (" + Words.count(point.getValue(), "packet") + ")")
              .collect(joining(", ")),
          rest());
    }

    private String rest() {
      if (part.otherFrames() == 0) {
        return "";
      }
      String where =
          part.leftOut().isEmpty()
              ? ""
              : " ("
                  + part.leftOut().stream().limit(5).map(Printable::of).collect(joining(", "))
                  + (part.leftOut().size() > 5 ? " and more" : "")
                  + ")";
      return "; "
          + Words.count(part.otherFrames(), "packet")
          + (part.otherFrames() == 1 ? " is" : " are")
          + " at none of them"
          + where
          + " and left out";
    }

    @Override
    public Facts facts() {
      return Facts.of("file", part.fileName())
          .and("told_apart_by", part.toldBy())
          .and("points", List.copyOf(points.keySet()))
          .and("packets", List.copyOf(points.values()))
          .and("packets_left_out", part.otherFrames())
          .and("places_left_out", part.leftOut());
    }

    @Override
    public String nextStep() {
      return "nothing to do; where these are not the points of one path, say how to tell them apart"
          + " with --points, or compare the file as one point with --points none";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(SEVERAL_POINTS);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    List<PointCapture> captures = evidence.comparison().captures();
    for (int i = 0; i < captures.size(); i++) {
      FilePart part = captures.get(i).part().orElse(null);
      if (part != null && part.number() == 0) {
        add(captures.subList(i, i + part.points()), part, findings);
      }
    }
  }

  private static void add(List<PointCapture> points, FilePart part, Findings findings) {
    Map<String, Integer> packets = new LinkedHashMap<>();
    Occurrence occurrence = Occurrence.anywhere();
    for (PointCapture point : points) {
      packets.put(point.point().name(), point.extent().packets());
      if (point.part().orElseThrow().numbers().size() > 0) {
        occurrence = occurrence.at(point.point(), point.part().orElseThrow().numbers().inFile(1));
      }
    }
    findings.add(new SeveralPoints(packets, part), occurrence);
  }
}
