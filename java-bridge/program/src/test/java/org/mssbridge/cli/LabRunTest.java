package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.mssbridge.cli.ReportOf.map;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.tshark.TsharkException;
import org.opentest4j.TestAbortedException;

/** The report against the truth of every case that {@code make lab} has written. */
@Tag("lab")
@Execution(ExecutionMode.CONCURRENT)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LabRunTest {
  private static final int STRANGERS = 60;

  /** What the program is known not to tell yet. A case that does well all the same passes. */
  private static final Map<String, String> KNOWN =
      Map.of(
          "alg", "an ALG is not told; FINs behind its shift are taken for injected",
          "everything-wrong", "a FIN in a mirrored capture with gaps is taken for injected",
          "mirrored-routed", "the mirrored copy of a RST is taken for injected",
          "proxy-own-address", "one of seven distinct connections is left unpaired at times",
          "proxy-tproxy", "a short connection through a proxy is taken for one with another ISN",
          "rewrite-all-alike", "unpairable connections are called one-sided",
          "rewrite-all-shuffled", "unpairable connections are called one-sided",
          "rewrite-all-late", "a NAT with another ISN is taken for a proxy");

  private final ReadCaptures reader;

  LabRunTest() throws TsharkException {
    reader = new ReadCaptures();
  }

  static Stream<String> cases() throws IOException {
    Path lab = lab();
    if (!Files.isDirectory(lab)) {
      return Stream.of("");
    }
    try (Stream<Path> folders = Files.list(lab)) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("truth.json")))
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void reportTellsTheTruth(String name) throws Exception {
    check(name, (folder, truth) -> compare(truth, captures(folder, truth)));
  }

  /** Among strangers the report finds what it finds without them, and takes none for a pair. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void reportTellsTheTruthAmongStrangers(String name, @TempDir Path noisy) throws Exception {
    check(
        name,
        (folder, truth) -> {
          Path[] captures = captures(folder, truth);
          List<LabNoise.Host> hosts = new ArrayList<>();
          for (int i = 0; i < captures.length; i++) {
            String point = (String) order(truth).get(i);
            PointCapture content = reader.read(captures[i], point);
            hosts.add(LabNoise.Host.of(truth, point, captures[i], content.extent()));
          }
          compare(truth, LabNoise.merged(hosts, STRANGERS, name.hashCode(), noisy));
        });
  }

  private interface Check {
    void on(Path folder, Map<String, Object> truth) throws Exception;
  }

  private static void check(String name, Check check) throws Exception {
    assumeTrue(!name.isEmpty(), "no target/lab: make lab (as root) writes it");
    Path folder = lab().resolve(name);
    Map<String, Object> truth = map(ReportOf.parse(folder.resolve("truth.json")));
    try {
      check.on(folder, truth);
    } catch (AssertionError failure) {
      if (KNOWN.containsKey(name)) {
        throw new TestAbortedException("known: " + KNOWN.get(name) + "\n" + failure.getMessage());
      }
      throw failure;
    }
  }

  @Test
  void knownFailuresAreCases() throws IOException {
    Path table = ReportOf.projectRoot().resolve("examples/lab");
    String rows =
        Files.readString(table.resolve("cases.py"))
            + Files.readString(table.resolve("variants.py"));
    assertThat(KNOWN.keySet()).allSatisfy(name -> assertThat(rows).contains('"' + name + '"'));
  }

  private static List<?> order(Map<String, Object> truth) {
    return (List<?>) truth.getOrDefault("order", List.of("client", "server"));
  }

  private static Path[] captures(Path folder, Map<String, Object> truth) {
    Path[] captures =
        order(truth).stream()
            .flatMap(
                point ->
                    ((List<?>) map(map(truth.get("captures")).get(point)).get("files")).stream())
            .map(file -> folder.resolve((String) file))
            .toArray(Path[]::new);
    assumeTrue(captures.length == 2, "a point's capture in several files is not taken yet");
    return captures;
  }

  private static void compare(Map<String, Object> truth, Path... captures) throws IOException {
    ReportOf report = ReportOf.captures(captures);
    boolean swapped = !order(truth).get(0).equals("client");
    SoftAssertions softly = new SoftAssertions();
    LabExpectation expected = new LabExpectation(truth, report, softly);
    expected.findings();
    if (!swapped) {
      expected.connections();
      expected.middleboxes();
      expected.losses();
      expected.sack();
      expected.icmp();
      expected.clock();
    }
    softly.assertAll();
  }

  private static Path lab() {
    return ReportOf.projectRoot().resolve("target/lab");
  }
}
