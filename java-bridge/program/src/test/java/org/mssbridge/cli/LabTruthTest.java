package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mssbridge.cli.ReportOf.map;
import static org.mssbridge.cli.ReportOf.maps;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The report against what is known of captures of real stacks through real middleboxes. */
class LabTruthTest {
  private static final Map<String, List<String>> FUNCTIONS =
      Map.of(
          "isn-rewriter", List.of("isn-randomiser"),
          "mss-clamp", List.of("mss-clamp"),
          "proxy", List.of("proxy"),
          "option-stripper", List.of("option-stripper"),
          "blackhole", List.of(),
          "none", List.of());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lab-02-clamp-both",
        "lab-05-seed",
        "lab-06-isn-sack-translated",
        "lab-07-proxy-tproxy",
        "lab-10-pmtud-blackhole",
        "lab-13-strip-nop",
        "lab-17-loss-dup"
      })
  void reportTellsTheTruth(String name) throws IOException {
    Path[] captures = ReportOf.example(name);
    Map<String, Object> truth = map(ReportOf.parse(captures[0].resolveSibling("truth.json")));
    ReportOf report = ReportOf.captures(captures);

    pairsAndNumbers(truth, report);
    losses(truth, report);
    sack(truth, report);
    functions(truth, report);
    icmp(truth, report);
  }

  private static void pairsAndNumbers(Map<String, Object> truth, ReportOf report) {
    List<Map<String, Object>> expected = maps(truth.get("connections"));
    assertThat(report.connections()).hasSameSizeAs(expected);
    for (Map<String, Object> connection : expected) {
      Map<String, Object> client = map(connection.get("client_side"));
      Map<String, Object> server = map(connection.get("server_side"));
      Map<String, Object> found = find(report, client);
      assertThat(map(map(found.get("at")).get("server")))
          .containsEntry("client", server.get("client"))
          .containsEntry("server", server.get("server"))
          .containsEntry("first", server.get("first_frame"));
      assertThat(found.get("isn_delta"))
          .isEqualTo(
              Optional.ofNullable(map(connection.get("isn_delta")))
                  .orElseGet(LabTruthTest::unknown));
      Map<String, Object> atClient = map(map(connection.get("mss")).get("client_side"));
      Map<String, Object> atServer = map(map(connection.get("mss")).get("server_side"));
      Map<String, Object> mss = map(found.get("mss"));
      assertThat(map(mss.get("c2s")))
          .containsEntry("client", atClient.get("syn"))
          .containsEntry("server", atServer.get("syn"));
      assertThat(map(mss.get("s2c")))
          .containsEntry("client", atClient.get("synack"))
          .containsEntry("server", atServer.get("synack"));
    }
  }

  private static Map<String, Object> unknown() {
    Map<String, Object> unknown = new HashMap<>();
    unknown.put("c2s", null);
    unknown.put("s2c", null);
    return unknown;
  }

  private static Map<String, Object> find(ReportOf report, Map<String, Object> client) {
    return report.connections().stream()
        .filter(
            connection -> {
              Map<String, Object> at = map(map(connection.get("at")).get("client"));
              return at.get("client").equals(client.get("client"))
                  && at.get("first").equals(client.get("first_frame"));
            })
        .findFirst()
        .orElseThrow();
  }

  private static void losses(Map<String, Object> truth, ReportOf report) {
    if (truth.get("loss") == null) {
      return;
    }
    for (String direction : List.of("c2s", "s2c")) {
      long lost =
          report.connections().stream()
              .map(connection -> map(connection.get("lost_segments")).get(direction))
              .filter(Objects::nonNull)
              .mapToLong(Long.class::cast)
              .sum();
      assertThat(lost).as("lost %s", direction).isEqualTo(map(truth.get("loss")).get(direction));
    }
  }

  private static void sack(Map<String, Object> truth, ReportOf report) {
    Object translated = map(truth.get("sack")).get("translated");
    if (translated != null) {
      assertThat(
              report.connections().stream()
                  .map(connection -> connection.get("sack_translated"))
                  .filter(Objects::nonNull)
                  .collect(Collectors.toSet()))
          .containsExactly(translated);
    }
    assertThat(report.codes().contains("sack.untranslated s2c"))
        .isEqualTo(Boolean.FALSE.equals(translated));
  }

  private static void functions(Map<String, Object> truth, ReportOf report) {
    List<?> kinds = (List<?>) truth.get("kinds");
    List<String> expected =
        kinds.stream().flatMap(kind -> FUNCTIONS.get(kind).stream()).sorted().toList();
    for (Map<String, Object> connection : report.connections()) {
      List<String> found =
          ((List<?>) connection.get("middlebox"))
              .stream()
                  .map(String::valueOf)
                  .filter(function -> !List.of("router", "none").contains(function))
                  .sorted()
                  .toList();
      assertThat(found).isEqualTo(expected);
    }
    assertThat(report.codes().contains("pmtud.blackhole c2s"))
        .isEqualTo(kinds.contains("blackhole"));
  }

  private static void icmp(Map<String, Object> truth, ReportOf report) {
    List<Map<String, Object>> expected = maps(truth.get("icmp"));
    List<Map<String, Object>> found =
        report.findings().stream().filter(f -> "pmtud.too-big".equals(f.get("code"))).toList();
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(map(found.get(i).get("facts")))
          .containsEntry("sender", expected.get(i).get("src"))
          .containsEntry("mtu_bytes", expected.get(i).get("mtu"))
          .containsEntry("initial_ttl", 255L);
    }
  }
}
