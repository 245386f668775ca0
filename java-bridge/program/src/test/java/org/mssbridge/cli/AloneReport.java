package org.mssbridge.cli;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Findings;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.rule.Rules;

/**
 * What is said of a connection among all others, and of the same one alone.
 *
 * @param connection the connection
 * @param amongAll what the report on all connections says of it
 * @param alone what the report on the captures that hold nothing else says of it
 * @param ofCaptures codes that only the report on the one connection has, about no connection
 */
record AloneReport(
    TracedConnection connection,
    List<SaidOfConnection> amongAll,
    List<SaidOfConnection> alone,
    Set<String> ofCaptures) {
  /** These follow from all connections, and are said of each capture or leg. */
  private static final Set<String> MEASURED =
      Set.of(
          "clock.offset",
          "path.delay",
          "time.client",
          "time.network",
          "time.retransmission",
          "time.server");

  /** What another connection contradicts, each with the reason. */
  private static final Map<String, String> CONTRADICTED_BY_OTHERS =
      Map.of(
          "mss.probably-clamped",
          "a path MTU that ICMP reports for another connection holds for this one, too",
          "pmtud.blackhole",
          "what crosses to the same server in another connection crosses (RFC 1191, section 2)",
          "pmtud.bogus",
          "an earlier connection with the same addresses and ports sent what is quoted");

  /**
   * What needs a capture that surely goes on: without statistics of its interface, a filtered
   * capture is known to go on until its own last packet only.
   */
  private static final Set<String> SHOWN_BY_WHAT_IS_MISSING =
      Set.of("path.lost", "path.lost-control", "pmtud.blackhole", "pmtud.lost", "rst.injected");

  /** What is said of less, or with less certainty, for the same reason. */
  private static final Set<String> SAID_OF_LESS =
      Set.of("connection.stalled", "connection.unanswered", "path.fragmented", "path.lost-control");

  /**
   * What is said instead: of segments that might be in the other capture if it went on, and of a
   * RST that might, too.
   */
  private static final Set<String> SAID_INSTEAD = Set.of("connection.stalled", "connection.reset");

  /** Reports on each paired connection alone, of captures that hold several. */
  static Stream<AloneReport> each(
      List<PointCapture> captures,
      BiFunction<TracedConnection, List<PointCapture>, List<PointCapture>> filter) {
    Evidence all = ReadCaptures.evidence(captures);
    List<Findings.Reported> reported = Rules.check(all).reported();
    return all.comparison().connections().stream()
        .filter(traced -> !traced.isOneSided())
        .map(traced -> of(traced, reported, filter.apply(traced, captures)))
        .filter(report -> !report.isDecidedByOthers());
  }

  private static AloneReport of(
      TracedConnection traced, List<Findings.Reported> reported, List<PointCapture> filtered) {
    Evidence evidence = ReadCaptures.evidence(filtered);
    List<Findings.Reported> alone = Rules.check(evidence).reported();
    Set<String> ofCaptures = ofCaptures(alone);
    ofCaptures.removeAll(ofCaptures(reported));
    ofCaptures.removeAll(MEASURED);
    return new AloneReport(
        traced,
        comparable(SaidOfConnection.list(reported, traced.id())),
        comparable(of(evidence.comparison(), alone)),
        ofCaptures);
  }

  private static List<SaidOfConnection> of(
      Comparison comparison, List<Findings.Reported> reported) {
    return comparison.connections().stream()
        .flatMap(traced -> SaidOfConnection.list(reported, traced.id()).stream())
        .toList();
  }

  private static List<SaidOfConnection> comparable(List<SaidOfConnection> said) {
    return said.stream()
        .filter(one -> !MEASURED.contains(one.code()))
        .map(SaidOfConnection::withoutOthers)
        .toList();
  }

  /** Codes of what is said of no connection. */
  private static Set<String> ofCaptures(List<Findings.Reported> reported) {
    Set<String> codes = new TreeSet<>();
    for (Findings.Reported one : reported) {
      if (one.occurrences().stream().allMatch(each -> each.connection().isEmpty())) {
        codes.add(one.finding().kind().code());
      }
    }
    return codes;
  }

  /**
   * Whether only others show if a proxy or a randomiser changes the numbers: one connection may be
   * too short for that. What its differences mean depends on this, so they are told in other words.
   */
  private boolean isDecidedByOthers() {
    return isUndecided(alone) && !isUndecided(amongAll);
  }

  private static boolean isUndecided(List<SaidOfConnection> said) {
    return said.stream()
        .anyMatch(one -> Boolean.TRUE.equals(one.facts().get("proxy_or_randomiser_undecided")));
  }

  /** Whether as much is said of the connection alone: the captures are known to go on. */
  void assertSaysTheSame() {
    List<SaidOfConnection> added = onlyIn(alone, amongAll);
    added.removeIf(one -> CONTRADICTED_BY_OTHERS.containsKey(one.code()));
    assertNothing(onlyIn(amongAll, alone), added);
  }

  /**
   * Whether nothing new is said of the connection alone, and all that its own packets show: the
   * captures are not known to go on.
   */
  void assertSaysNoMore() {
    List<SaidOfConnection> gone = onlyIn(amongAll, alone);
    List<SaidOfConnection> added = onlyIn(alone, amongAll);
    gone.removeIf(
        one ->
            SHOWN_BY_WHAT_IS_MISSING.contains(one.code())
                || (SAID_OF_LESS.contains(one.code()) && one.isSaidIn(alone)));
    added.removeIf(
        one ->
            CONTRADICTED_BY_OTHERS.containsKey(one.code())
                || SAID_INSTEAD.contains(one.code())
                || (SAID_OF_LESS.contains(one.code()) && one.isSaidIn(amongAll)));
    assertNothing(gone, added);
    assertThat(amongAll.stream().filter(one -> one.code().equals("pmtud.blackhole")))
        .as("black holes of connection %d that are no stall of a too large segment", number())
        .allMatch(one -> one.isSaidIn(alone) || alone.stream().anyMatch(AloneReport::isTooLarge));
  }

  private static boolean isTooLarge(SaidOfConnection said) {
    return said.code().equals("connection.stalled")
        && Boolean.TRUE.equals(said.facts().get("larger_than_all_that_crossed"));
  }

  private int number() {
    return connection.id();
  }

  private static List<SaidOfConnection> onlyIn(
      List<SaidOfConnection> some, List<SaidOfConnection> others) {
    List<SaidOfConnection> only = new ArrayList<>(some);
    only.removeAll(others);
    return only;
  }

  private void assertNothing(List<SaidOfConnection> gone, List<SaidOfConnection> added) {
    assertThat(List.of(gone, added))
        .withFailMessage(
            () ->
                String.format(
                    "connection %d alone%nis said no more:%n  %s%nis said instead:%n  %s",
                    number(), lines(gone), lines(added)))
        .allMatch(List::isEmpty);
    assertThat(ofCaptures).as("said of the captures of connection %d alone", number()).isEmpty();
  }

  private static String lines(List<SaidOfConnection> said) {
    return said.stream().map(String::valueOf).collect(joining("\n  "));
  }

  /** Of what is said of the connection alone, the codes with their directions. */
  List<String> codes() {
    return codes(alone);
  }

  /** The same of captures. */
  static List<String> codesOf(List<PointCapture> captures) {
    Evidence evidence = ReadCaptures.evidence(captures);
    return codes(comparable(of(evidence.comparison(), Rules.check(evidence).reported())));
  }

  private static List<String> codes(List<SaidOfConnection> said) {
    return said.stream().map(one -> one.code() + " " + one.direction()).sorted().toList();
  }

  /** Wireshark's display filter for the connection at a point; short quotes have no stream. */
  String filter(CapturePoint point) {
    Connection seen = connection.at().at(point).orElseThrow();
    return String.format(
        "tcp.stream == %d || (icmp && tcp.port == %d)", seen.stream(), seen.client().port());
  }
}
