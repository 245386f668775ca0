package org.mssbridge.cli;

import static org.mssbridge.cli.ReportOf.map;
import static org.mssbridge.cli.ReportOf.maps;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;

/** What the report on a case of the lab must contain, by the case's {@code truth.json}. */
record LabExpectation(Map<String, Object> truth, ReportOf report, SoftAssertions softly) {
  private static final List<String> POINTS = List.of("client", "server");
  private static final List<String> SEVERE = List.of("warn", "error");

  /** Edits of a capture after which its segments no longer show what the path lost. */
  private static final List<String> BLURS =
      List.of("missed_frames", "mirrored", "started_late", "snaplen", "times_invented");

  private static final Map<String, String> FUNCTIONS =
      Map.of(
          "isn-rewriter", "isn-randomiser",
          "mss-clamp", "mss-clamp",
          "nat", "nat",
          "proxy", "proxy",
          "syn-proxy", "syn-proxy",
          "option-stripper", "option-stripper",
          "alg", "alg");

  /** Functions that two captures at the ends need not show, or that change nothing. */
  private static final Set<String> FREE = Set.of("none", "router", "tunnel");

  /**
   * Checks that all expected findings are present, and no unexpected one of severity warning or
   * above.
   */
  void findings() {
    List<String> codes = report.codes();
    for (Object wanted : (List<?>) truth.get("findings")) {
      String code = ((String) wanted).split(" ", 2)[0];
      if (catalogued(code)) {
        softly
            .assertThat(codes)
            .as("finding %s", wanted)
            .anyMatch(found -> found.equals(wanted) || found.startsWith(wanted + " "));
      }
    }
    List<Object> allowed = new ArrayList<>((List<?>) truth.get("findings"));
    allowed.addAll((List<?>) truth.get("may_find"));
    softly
        .assertThat(report.findings())
        .as("findings of warning or above")
        .filteredOn(finding -> SEVERE.contains(finding.get("severity")))
        .extracting(finding -> finding.get("code") + " " + finding.get("direction"))
        .allMatch(
            found -> allowed.stream().anyMatch(a -> found.equals(a) || found.startsWith(a + " ")));
  }

  private static boolean catalogued(String code) {
    return Files.exists(
        ReportOf.projectRoot().resolve("java-bridge/docs/findings/" + code + ".md"));
  }

  /** Checks that exactly the connections in both captures are paired, with the right numbers. */
  void connections() {
    List<Map<String, Object>> both =
        maps(truth.get("connections")).stream()
            .filter(one -> one.get("client_side") != null && one.get("server_side") != null)
            .toList();
    List<Map<String, Object>> paired =
        report.connections().stream()
            .filter(one -> map(one.get("at")).keySet().containsAll(POINTS))
            .toList();
    Map<String, Map<String, Object>> byEnds =
        paired.stream().collect(Collectors.toMap(this::ends, one -> one, (first, other) -> first));
    long right = both.stream().filter(one -> byEnds.containsKey(trueEnds(one))).count();
    if (mustPair()) {
      softly.assertThat(right).as("connections paired correctly").isEqualTo(both.size());
    }
    softly.assertThat(paired.size() - right).as("connections paired wrongly").isZero();
    for (Map<String, Object> one : both) {
      Optional.ofNullable(byEnds.get(trueEnds(one))).ifPresent(found -> numbers(one, found));
    }
  }

  private boolean mustPair() {
    return Boolean.TRUE.equals(truth.get("must_pair"));
  }

  private String ends(Map<String, Object> found) {
    return POINTS.stream()
        .map(point -> map(map(found.get("at")).get(point)))
        .map(at -> at.get("client") + " > " + at.get("server"))
        .collect(Collectors.joining(" = "));
  }

  private static String trueEnds(Map<String, Object> one) {
    return POINTS.stream()
        .map(point -> map(one.get(point + "_side")))
        .map(side -> side.get("client") + " > " + side.get("server"))
        .collect(Collectors.joining(" = "));
  }

  private void numbers(Map<String, Object> one, Map<String, Object> found) {
    for (String point : POINTS) {
      Map<String, Object> mss = map(map(one.get("mss_at")).get(point));
      Map<String, Object> reported = map(found.get("mss"));
      softly
          .assertThat(List.of(text(reported, "c2s", point), text(reported, "s2c", point)))
          .as("MSS at %s of connection %s", point, one.get("id"))
          .isEqualTo(List.of(String.valueOf(mss.get("syn")), String.valueOf(mss.get("synack"))));
    }
    boolean handshakes =
        POINTS.stream()
            .flatMap(point -> ((List<?>) map(one.get("isn")).get(point)).stream())
            .allMatch(Objects::nonNull);
    if (handshakes && one.get("isn_delta") != null) {
      softly
          .assertThat(found.get("isn_delta"))
          .as("ISN delta of connection %s", one.get("id"))
          .isEqualTo(one.get("isn_delta"));
    }
  }

  private static String text(Map<String, Object> mss, String direction, String point) {
    return String.valueOf(map(mss.get(direction)).get(point));
  }

  /** Checks the functions of all devices between the points, over all connections. */
  void middleboxes() {
    Set<String> expected =
        ((List<?>) truth.get("kinds"))
            .stream()
                .map(FUNCTIONS::get)
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(TreeSet::new));
    Set<String> found =
        report.connections().stream()
            .flatMap(one -> ((List<?>) one.get("middlebox")).stream())
            .map(String::valueOf)
            .filter(function -> !FREE.contains(function))
            .collect(Collectors.toCollection(TreeSet::new));
    // Nothing was paired and nothing can be: there is nothing to check.
    if (found.isEmpty() && !mustPair()) {
      return;
    }
    ((List<?>) truth.getOrDefault("hidden_kinds", List.of()))
        .stream().map(FUNCTIONS::get).filter(f -> !expected.contains(f)).forEach(found::remove);
    softly.assertThat(found).as("middlebox functions").isEqualTo(expected);
  }

  /** Checks the segments that the path lost, if both captures hold the same segments. */
  void losses() {
    if (truth.get("loss") == null || BLURS.stream().anyMatch(truth::containsKey)) {
      return;
    }
    for (String direction : List.of("c2s", "s2c")) {
      long lost =
          report.connections().stream()
              .map(one -> map(one.get("lost_segments")).get(direction))
              .filter(Objects::nonNull)
              .mapToLong(Long.class::cast)
              .sum();
      softly
          .assertThat(lost)
          .as("segments lost %s", direction)
          .isEqualTo(map(truth.get("loss")).get(direction));
    }
  }

  void sack() {
    Object translated = map(truth.get("sack")).get("translated");
    Set<Object> found =
        report.connections().stream()
            .map(one -> one.get("sack_translated"))
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    if (translated != null && mustPair() && truth.get("snaplen") == null) {
      softly.assertThat(found).as("SACK translated").containsExactly(translated);
    }
  }

  /**
   * Checks the routers that sent "too big" with their MTU, as far as the two captures show them.
   */
  void icmp() {
    Set<String> expected =
        maps(truth.get("icmp")).stream()
            .filter(one -> POINTS.stream().anyMatch(map(one.get("seen"))::containsKey))
            .map(one -> one.get("src") + " " + one.get("mtu"))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> found =
        report.findings().stream()
            .filter(finding -> "pmtud.too-big".equals(finding.get("code")))
            .map(finding -> map(finding.get("facts")))
            .map(facts -> facts.get("sender") + " " + facts.get("mtu_bytes"))
            .collect(Collectors.toCollection(TreeSet::new));
    softly.assertThat(found).as("ICMP too big").isEqualTo(expected);
  }

  /** Checks the offset of the server's clock. */
  void clock() {
    Map<String, Object> clock = map(truth.get("clock"));
    if (clock == null || maps(report.root().get("clock")).isEmpty()) {
      return;
    }
    double offset = ((Number) clock.get("offset_s")).doubleValue();
    // A capture without microseconds may be off by its unit.
    Map<String, Object> resolution = map(truth.get("time_resolution_us"));
    double slack = resolution == null ? 2e-6 : 1e-6 * (Long) resolution.getOrDefault("server", 1L);
    Map<String, Object> reported =
        maps(report.root().get("clock")).stream()
            .filter(one -> "server".equals(one.get("point")))
            .findFirst()
            .orElseThrow();
    if (reported.get("low_s") == null) {
      return;
    }
    double low = ((Number) reported.get("low_s")).doubleValue();
    double high = ((Number) reported.get("high_s")).doubleValue();
    softly.assertThat(offset).as("clock of the server").isBetween(low - slack, high + slack);
  }
}
