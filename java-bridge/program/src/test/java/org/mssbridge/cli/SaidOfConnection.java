package org.mssbridge.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.model.FrameRef;

/**
 * What a report says of one of its connections in one place.
 *
 * @param direction its label, empty for both or none
 * @param message for all connections with the finding
 * @param facts for all connections with the finding
 * @param ownMessage for this connection
 * @param ownFacts for this connection
 * @param frames the frames of this connection, by point
 */
record SaidOfConnection(
    String code,
    String severity,
    String direction,
    String message,
    Map<String, Object> facts,
    String ownMessage,
    Map<String, Object> ownFacts,
    Map<String, Set<Integer>> frames) {

  /**
   * About a whole leg, capture or router: numbers, messages and severities count all connections.
   */
  private static final Set<String> ABOUT_ALL =
      Set.of(
          "capture.duplicates",
          "capture.missed-packets",
          "df.cleared",
          "nat.destination",
          "nat.source",
          "offload.receive",
          "offload.segmentation",
          "path.asymmetric",
          "path.duplicated",
          "path.fragmented",
          "path.lost",
          "path.reordered",
          "path.resegmented",
          "pmtud.bogus",
          "sack.untranslated");

  /** Facts by code: others show whether the path works and the server runs meanwhile. */
  private static final Map<String, Set<String>> SHOWN_BY_OTHERS =
      Map.of(
          "connection.refused",
          Set.of("server_answers_others_meanwhile"),
          "connection.stalled",
          Set.of("others_cross", "probably_forgotten", "server_answers_others_meanwhile"),
          "connection.unanswered",
          Set.of("server_answers_others", "server_meanwhile"));

  static List<SaidOfConnection> list(List<Findings.Reported> reported, int connection) {
    return reported.stream()
        .flatMap(
            one ->
                one.occurrences().stream()
                    .filter(occurrence -> occurrence.connection().orElse(-1) == connection)
                    .map(occurrence -> of(one.finding(), occurrence)))
        .toList();
  }

  private static SaidOfConnection of(Finding finding, Occurrence occurrence) {
    Map<String, Set<Integer>> frames = new TreeMap<>();
    for (FrameRef frame : occurrence.frames()) {
      frames.computeIfAbsent(frame.point().name(), p -> new TreeSet<>()).add(frame.frame());
    }
    return new SaidOfConnection(
        finding.kind().code(),
        finding.severity().label(),
        finding.direction().map(d -> d.label()).orElse(""),
        finding.message(),
        finding.facts().values(),
        occurrence.message(),
        occurrence.facts().values(),
        frames);
  }

  /** The same, without what counts other connections too. */
  SaidOfConnection withoutOthers() {
    if (code.equals("pmtud.too-big")) {
      // A note where the message is bogus, which another connection of these ports may disprove.
      return new SaidOfConnection(
          code, "", direction, message, facts, ownMessage, ownFacts, frames);
    }
    if (code.equals("path.middlebox")) {
      // The routers of all connections with the same functions are counted.
      return new SaidOfConnection(
          code, severity, direction, "", facts, ownMessage, ownFacts, frames);
    }
    if (SHOWN_BY_OTHERS.containsKey(code)) {
      Map<String, Object> own = new LinkedHashMap<>(facts);
      own.keySet().removeAll(SHOWN_BY_OTHERS.get(code));
      String ownHeadline = code.equals("connection.stalled") ? "" : message;
      return new SaidOfConnection(
          code, severity, direction, ownHeadline, own, ownMessage, ownFacts, frames);
    }
    return ABOUT_ALL.contains(code)
        ? new SaidOfConnection(code, "", direction, "", Map.of(), ownMessage, ownFacts, frames)
        : this;
  }

  /** Whether one of these is of the same kind and direction. */
  boolean isSaidIn(List<SaidOfConnection> others) {
    return others.stream()
        .anyMatch(other -> other.code.equals(code) && other.direction.equals(direction));
  }
}
