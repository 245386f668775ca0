package org.mssbridge.cli;

import static java.util.Comparator.comparingLong;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The JSON report of the whole program on captures, as maps, lists and values. */
public record ReportOf(Map<String, Object> root) {
  private static final Set<Object> LOSSES =
      Set.of("lost_before", "lost_between", "lost_after", "ack_lost");

  public static ReportOf captures(Path... captures) throws IOException {
    return captures(List.of(), captures);
  }

  public static ReportOf captures(List<String> options, Path... captures) throws IOException {
    Path json = Files.createTempFile("report", ".json");
    String command = captures.length == 1 ? "inspect" : "compare";
    List<String> arguments = new ArrayList<>(List.of(command, "--quiet", "--json", json + ""));
    arguments.addAll(options);
    Stream.of(captures).map(Path::toString).forEach(arguments::add);
    StringWriter errors = new StringWriter();
    int status =
        Main.run(
            arguments.toArray(String[]::new),
            new PrintWriter(new StringWriter()),
            new PrintWriter(errors, true));
    assertThat(status).as("exit status; it said: %s", errors).isZero();
    ReportOf report = new ReportOf(map(parse(json)));
    Files.delete(json);
    report.assertVerdictNamesWhatIsWrong();
    return report;
  }

  /** No report says that there is no problem above a finding that is one. */
  private void assertVerdictNamesWhatIsWrong() {
    String verdict = map(root.get("summary")).get("verdict").toString();
    if (verdict.startsWith("No problem found")) {
      boolean isChange = verdict.contains("but a device on the way changes packets");
      assertThat(findings().stream().map(finding -> finding.get("severity")))
          .as(verdict)
          .doesNotContain("error", isChange ? "" : "warn");
      if (maps(root.get("retransmissions")).stream()
          .flatMap(each -> maps(each.get("causes")).stream())
          .anyMatch(
              cause -> LOSSES.contains(cause.get("cause")) && !cause.get("segments").equals(0L))) {
        assertThat(verdict).containsIgnoringCase("packets were lost");
      }
    }
  }

  public static Path projectRoot() {
    return Path.of(System.getProperty("mssbridge.root"));
  }

  /** The folders of cases: those of the examples, and those that only tests read. */
  public static List<Path> examples() {
    return List.of(
        projectRoot().resolve("examples"),
        projectRoot().resolve("java-bridge/program/src/test/resources/lab"));
  }

  /** The two captures of an example or of a case that only tests read, the client's first. */
  public static Path[] example(String name) throws IOException {
    Path folder =
        examples().stream()
            .map(cases -> cases.resolve(name))
            .filter(Files::isDirectory)
            .findFirst()
            .orElseThrow(() -> new NoSuchFileException(name));
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("(client|server)\\.pcap.*"))
          .sorted()
          .toArray(Path[]::new);
    }
  }

  public static Object parse(Path file) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(file.toFile())) {
      return parse(parser);
    }
  }

  public static Object parse(JsonParser parser) throws IOException {
    parser.nextToken();
    return value(parser);
  }

  private static Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> object = new LinkedHashMap<>();
        String name;
        while ((name = parser.nextFieldName()) != null) {
          parser.nextToken();
          object.put(name, value(parser));
        }
        yield object;
      }
      case START_ARRAY -> {
        List<Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(parser));
        }
        yield array;
      }
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> parser.getText();
    };
  }

  @SuppressWarnings("unchecked")
  public static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked")
  public static List<Map<String, Object>> maps(Object value) {
    return (List<Map<String, Object>>) value;
  }

  List<Map<String, Object>> connections() {
    return maps(root.get("connections"));
  }

  /** Numbers of the connections with these endpoints at a point, in the order of their frames. */
  List<Long> connectionsAt(String point, Set<String> ends) {
    return connections().stream()
        .filter(
            connection -> {
              Map<String, Object> at = map(map(connection.get("at")).get(point));
              return at != null && Set.of(at.get("client"), at.get("server")).equals(ends);
            })
        .sorted(comparingLong(c -> (Long) map(map(c.get("at")).get(point)).get("first")))
        .map(connection -> (Long) connection.get("id"))
        .toList();
  }

  public List<Map<String, Object>> findings() {
    return maps(root.get("findings"));
  }

  /** Codes with their directions, such as {@code mss.clamped c2s}, in order, each once. */
  List<String> codes() {
    return findings().stream()
        .map(f -> f.get("code") + (f.get("direction") == null ? "" : " " + f.get("direction")))
        .distinct()
        .sorted()
        .toList();
  }

  public Map<String, Object> finding(String code, String direction) {
    return findings().stream()
        .filter(f -> code.equals(f.get("code")) && direction.equals(f.get("direction")))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + code + " " + direction + " in " + codes()));
  }
}
