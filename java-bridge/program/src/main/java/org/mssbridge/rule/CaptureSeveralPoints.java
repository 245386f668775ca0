package org.mssbridge.rule;

import static java.util.stream.Collectors.joining;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.EncryptedTunnel;
import org.mssbridge.model.FilePart;
import org.mssbridge.model.Group;
import org.mssbridge.model.PlacedTunnel;
import org.mssbridge.model.Printable;
import org.mssbridge.model.Severity;

/** Files that hold the same packets at several places, each of which was compared as a capture. */
final class CaptureSeveralPoints implements Rule {
  /** A message names no more of them; the facts do. */
  private static final int MOST_TUNNELS = 3;

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
   * @param encrypted the encrypted tunnels at its points and elsewhere in it, those with most
   *     packets first
   * @param part what the file is as a whole
   */
  record SeveralPoints(Map<String, Integer> points, List<PlacedTunnel> encrypted, FilePart part)
      implements Finding {
    @Override
    public Kind kind() {
      return SEVERAL_POINTS;
    }

    @Override
    public String message() {
      return String.format(
          "%s holds the same packets at %d places, distinguished by %s: %s%s%s",
          Printable.of(part.fileName()),
          points.size(),
          part.toldBy(),
          String.join(", ", points.keySet()),
          rest(),
          encrypted.stream().limit(MOST_TUNNELS).map(SeveralPoints::words).collect(joining())
              + (encrypted.size() > MOST_TUNNELS
                  ? "; " + (encrypted.size() - MOST_TUNNELS) + " more encrypted tunnels"
                  : ""));
    }

    private static String words(PlacedTunnel placed) {
      EncryptedTunnel tunnel = placed.tunnel();
      return String.format(
          "; %s at %s hold only %s between %s and %s and cannot be compared",
          Words.count(tunnel.packets(), "packet"),
          Printable.of(placed.place()),
          tunnel.kind().label(),
          tunnel.one(),
          tunnel.other());
    }

    private List<Object> each(Function<EncryptedTunnel, Object> value) {
      return encrypted.stream().map(PlacedTunnel::tunnel).map(value).toList();
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
          .and("places_left_out", part.leftOut())
          .and("encrypted_at", encrypted.stream().map(PlacedTunnel::place).toList())
          .and("encrypted_kinds", each(tunnel -> tunnel.kind().label()))
          .and("encrypted_ends", each(tunnel -> tunnel.one() + " - " + tunnel.other()))
          .and("encrypted_packets", each(EncryptedTunnel::packets))
          .and("encrypted_first_frames", each(EncryptedTunnel::firstFrame));
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
    findings.add(new SeveralPoints(packets, encrypted(points, part), part), occurrence);
  }

  private static List<PlacedTunnel> encrypted(List<PointCapture> points, FilePart part) {
    return Stream.concat(
            part.encrypted().stream(),
            points.stream()
                .flatMap(
                    point ->
                        point.encrypted().stream()
                            .map(tunnel -> new PlacedTunnel(point.point().name(), tunnel))))
        .filter(placed -> placed.tunnel().packets() >= Encrypted.MIN_PACKETS)
        .sorted(Comparator.comparingInt(placed -> -placed.tunnel().packets()))
        .toList();
  }
}
