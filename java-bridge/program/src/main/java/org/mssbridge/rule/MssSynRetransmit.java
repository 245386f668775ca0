package org.mssbridge.rule;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Handshakes;
import org.mssbridge.finding.Change;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Flow;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Segment;
import org.mssbridge.model.Severity;

/**
 * A SYN or SYN/ACK that is retransmitted with another MSS, as stacks do that suspect a black hole.
 * The sender changes it, not the path: each point is checked by itself, and those that show the
 * same are named together.
 */
final class MssSynRetransmit implements Rule {
  static final Kind KIND =
      new Kind(
          "mss.syn-retransmit",
          Severity.NOTE,
          Group.PROTOCOL,
          "the MSS differs between transmissions of one SYN");

  record Retransmitted(
      List<String> points, Direction inDirection, String first, String later, int transmission)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "transmission %d of the %s has MSS %s at %s, the first had %s",
          transmission, Handshakes.name(inDirection), later, String.join(" and ", points), first);
    }

    @Override
    public Optional<Direction> direction() {
      return Optional.of(inDirection);
    }

    @Override
    public Facts facts() {
      return Facts.of("point", points.get(0))
          .and("points", points)
          .and("transmission", transmission)
          .and("first_mss_bytes", first)
          .and("later_mss_bytes", later);
    }

    @Override
    public Optional<Change> change() {
      return Optional.of(new Change("MSS", first, later));
    }
  }

  /** One that the same connection may show at several points. */
  private record Retransmission(
      Direction direction, String first, String later, int transmission) {}

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    for (TracedConnection traced : evidence.comparison().connections()) {
      Map<Retransmission, Map<CapturePoint, List<Segment>>> changes = new LinkedHashMap<>();
      for (CapturePoint point : traced.at().points()) {
        for (Direction direction : Direction.values()) {
          Flow flow = traced.at().at(point).orElseThrow().flow(direction);
          addChanges(point, direction, flow.handshake(), changes);
        }
      }
      changes.forEach((change, seen) -> report(traced.id(), change, seen, findings));
    }
  }

  private static void addChanges(
      CapturePoint point,
      Direction direction,
      List<Segment> sent,
      Map<Retransmission, Map<CapturePoint, List<Segment>>> changes) {
    for (int i = 1; i < sent.size(); i++) {
      OptionalInt first = sent.get(0).options().mss();
      OptionalInt later = sent.get(i).options().mss();
      boolean known = sent.get(0).options().whole() && sent.get(i).options().whole();
      if (known && !later.equals(first)) {
        changes
            .computeIfAbsent(
                new Retransmission(direction, text(first), text(later), i + 1),
                change -> new LinkedHashMap<>())
            .put(point, List.of(sent.get(0), sent.get(i)));
      }
    }
  }

  private static void report(
      int id, Retransmission change, Map<CapturePoint, List<Segment>> seen, Findings findings) {
    Occurrence occurrence = Occurrence.on(id);
    for (Map.Entry<CapturePoint, List<Segment>> at : seen.entrySet()) {
      for (Segment segment : at.getValue()) {
        occurrence = occurrence.at(at.getKey(), segment.frame());
      }
    }
    findings.add(
        new Retransmitted(
            seen.keySet().stream().map(CapturePoint::name).toList(),
            change.direction(),
            change.first(),
            change.later(),
            change.transmission()),
        occurrence);
  }

  private static String text(OptionalInt mssBytes) {
    return mssBytes.isPresent() ? Integer.toString(mssBytes.getAsInt()) : "absent";
  }
}
