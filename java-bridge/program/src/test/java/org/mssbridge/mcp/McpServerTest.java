package org.mssbridge.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mssbridge.cli.ReportOf.map;
import static org.mssbridge.cli.ReportOf.maps;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mssbridge.cli.CommandRun;
import org.mssbridge.cli.Main;
import org.mssbridge.cli.ReportOf;

/** What an assistant gets, and what it does not get. */
class McpServerTest {
  @TempDir private Path folder;
  private Path allowed;
  private Path outside;

  @BeforeEach
  void copyCaptures() throws IOException {
    allowed = Files.createDirectory(folder.resolve("allowed"));
    outside = Files.createDirectory(folder.resolve("allowed-not"));
    for (Path capture : ReportOf.example("seed-20633")) {
      Files.copy(capture, allowed.resolve(capture.getFileName()));
      Files.copy(capture, outside.resolve(capture.getFileName()));
    }
  }

  /** All answers to lines of input. */
  private List<Map<String, Object>> answers(String... lines) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new McpServer(
            (words, text, complaints) -> Main.run(words.toArray(String[]::new), text, complaints),
            "1.2.3",
            List.of(allowed))
        .serve(new ByteArrayInputStream(String.join("\n", lines).getBytes(UTF_8)), out);
    List<Map<String, Object>> answers = new ArrayList<>();
    for (String line : out.toString(UTF_8).lines().toList()) {
      answers.add(map(JsonMessage.parse(line)));
    }
    return answers;
  }

  private static String call(String tool, Map<String, Object> arguments) {
    return JsonMessage.text(
        Map.of(
            "jsonrpc",
            "2.0",
            "id",
            7,
            "method",
            "tools/call",
            "params",
            Map.of("name", tool, "arguments", arguments)));
  }

  private Map<String, Object> result(String tool, Map<String, Object> arguments) throws Exception {
    List<Map<String, Object>> answers = answers(call(tool, arguments));
    assertThat(answers).hasSize(1);
    assertThat(answers.get(0)).containsEntry("id", 7);
    return map(answers.get(0).get("result"));
  }

  private static List<String> texts(Map<String, Object> result) {
    return maps(result.get("content")).stream().map(part -> part.get("text").toString()).toList();
  }

  @Test
  void beginsWithItsNameAndTheClientsRevision() throws Exception {
    String asked =
        "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"%s\"}}";
    List<Map<String, Object>> answers =
        answers(
            asked.formatted("2025-03-26"),
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
            asked.formatted("1999-01-01"),
            "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"ping\"}");
    assertThat(answers).extracting(answer -> answer.get("id")).containsExactly("a", "a", 3);
    Map<String, Object> first = map(answers.get(0).get("result"));
    assertThat(first).containsEntry("protocolVersion", "2025-03-26");
    assertThat(first.get("serverInfo")).isEqualTo(Map.of("name", "mssbridge", "version", "1.2.3"));
    assertThat(map(answers.get(1).get("result"))).containsEntry("protocolVersion", "2025-11-25");
  }

  @Test
  void toolsHaveSchemasOfTheirArguments() throws Exception {
    List<Map<String, Object>> tools =
        maps(
            map(answers("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}")
                    .get(0)
                    .get("result"))
                .get("tools"));
    assertThat(tools)
        .extracting(tool -> tool.get("name"))
        .containsExactly("compare", "inspect", "explain", "case", "files");
    assertThat(tools)
        .allSatisfy(
            tool -> {
              Map<String, Object> schema = map(tool.get("inputSchema"));
              assertThat(schema).containsEntry("type", "object");
              assertThat(map(schema.get("properties")).keySet())
                  .containsAll(
                      ((List<?>) schema.get("required")).stream().map(Object::toString).toList());
            });
  }

  @Test
  void comparisonIsTheReportAsTextAndAsJson() throws Exception {
    Map<String, Object> result =
        result("compare", Map.of("captures", List.of("client.pcap", "server.pcap")));
    assertThat(result).containsEntry("isError", false);
    List<String> texts = texts(result);
    assertThat(texts.get(0)).startsWith("The clamp of 1380 is 1 byte too large for the path");
    Map<String, Object> report = map(JsonMessage.parse(texts.get(1)));
    assertThat(report).containsKeys("tool", "captures", "findings", "summary");
    assertThat(report).doesNotContainKey("left_out");
  }

  @Test
  void resultIsCutToSizeAndSaysSo() throws Exception {
    Map<String, Object> arguments =
        Map.of("captures", List.of("client.pcap", "server.pcap"), "max_characters", 12_000);
    String json = texts(result("compare", arguments)).get(1);
    assertThat(json.length()).isLessThanOrEqualTo(12_000);
    Map<String, Object> report = map(JsonMessage.parse(json));
    assertThat(map(report.get("summary")).get("verdict").toString()).contains("1380");
    assertThat(map(report.get("left_out"))).isNotEmpty();
    assertThat(maps(report.get("findings")).get(0)).containsEntry("severity", "error");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../allowed-not/client.pcap",
        "/etc/passwd",
        "link.pcap",
        "linked/client.pcap",
        "missing.pcap",
        ".",
        "--help",
        "",
        "a\u0000b"
      })
  void onlyFilesBelowTheFolderAreRead(String name) throws Exception {
    Files.createSymbolicLink(allowed.resolve("link.pcap"), outside.resolve("client.pcap"));
    Files.createSymbolicLink(allowed.resolve("linked"), outside);
    Map<String, Object> result = result("inspect", Map.of("capture", name));
    assertThat(result).containsEntry("isError", true);
    assertThat(texts(result).get(0)).contains("is no file below the folders that are allowed");
    assertThat(result("inspect", Map.of("capture", outside.resolve("client.pcap").toString())))
        .containsEntry("isError", true);
  }

  @Test
  void linkWithinTheFolderIsFollowedAndAbsoluteNamesAreTaken() throws Exception {
    Files.createSymbolicLink(allowed.resolve("same.pcap"), allowed.resolve("client.pcap"));
    assertThat(result("inspect", Map.of("capture", "same.pcap"))).containsEntry("isError", false);
    assertThat(result("inspect", Map.of("capture", allowed.resolve("client.pcap").toString())))
        .containsEntry("isError", false);
  }

  @Test
  void nothingIsWrittenIntoTheFolder() throws Exception {
    result("compare", Map.of("captures", List.of("client.pcap", "server.pcap")));
    try (Stream<Path> files = Files.list(allowed)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("client.pcap", "server.pcap");
    }
  }

  @Test
  void optionsCannotBeSmuggledIn() throws Exception {
    Path stolen = folder.resolve("stolen.json");
    for (String trick : List.of("--json=" + stolen, "x --annotate " + folder)) {
      assertThat(result("inspect", Map.of("capture", "client.pcap", "filter", trick)))
          .containsEntry("isError", true);
      assertThat(result("inspect", Map.of("capture", "client.pcap", "only", List.of(trick))))
          .containsEntry("isError", true);
      assertThat(result("explain", Map.of("subject", trick))).containsEntry("isError", true);
    }
    assertThat(stolen).doesNotExist();
  }

  @Test
  void numbersCodesAndCasesAreExplained() throws Exception {
    assertThat(texts(result("explain", Map.of("subject", "1380"))).get(0)).contains("1380");
    assertThat(texts(result("explain", Map.of("subject", "mss.clamped"))).get(0)).contains("MSS");
    Path manifest = allowed.resolve("m.csv");
    Files.writeString(manifest, "id,client,server\na,client.pcap,server.pcap\n");
    CommandRun.of("batch", manifest, "--case", allowed.resolve("c.db")).assertDone();
    List<String> texts = texts(result("case", Map.of("file", "c.db")));
    assertThat(texts.get(0)).contains("1 pair: 1 compared");
    assertThat(texts.get(1).lines().map(line -> line.charAt(0))).containsOnly('{');
    assertThat(texts(result("files", Map.of())).get(0).lines())
        .extracting(line -> Path.of(line).getFileName().toString())
        .containsExactly("c.db", "client.pcap", "server.pcap");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"jsonrpc\":\"2.0\" | -32700",
        "[] | -32600",
        "\"text\" | -32600",
        "{\"id\":1,\"method\":5} | -32600",
        "{\"id\":1,\"method\":\"resources/list\"} | -32601",
        "{\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"rm\"}} | -32602",
        "{\"id\":1,\"method\":\"tools/call\",\"params\":[]} | -32602",
      })
  void nonsenseIsAnsweredByTheRules(String line, int code) throws Exception {
    List<Map<String, Object>> answers = answers(line, "", "{\"id\":2,\"method\":\"ping\"}");
    assertThat(map(answers.get(0).get("error"))).containsEntry("code", code);
    assertThat(answers.get(1)).as("it goes on").containsEntry("id", 2).containsKey("result");
  }

  @Test
  void wrongArgumentsAreNamed() throws Exception {
    assertThat(texts(result("compare", Map.of("captures", List.of("client.pcap")))).get(0))
        .contains("two or more are needed");
    assertThat(texts(result("compare", Map.of("captures", "client.pcap"))).get(0))
        .isEqualTo("argument captures: is no list of texts");
    assertThat(texts(result("inspect", Map.of())).get(0)).isEqualTo("argument capture: is missing");
    assertThat(texts(result("inspect", Map.of("capture", "client.pcap", "rm", 1))).get(0))
        .startsWith("argument rm: inspect takes capture");
    assertThat(
            texts(result("inspect", Map.of("capture", "client.pcap", "max_characters", 1))).get(0))
        .startsWith("argument max_characters: is no whole number");
  }

  @Test
  void lineWithoutEndDoesNotFillTheMemory() throws Exception {
    List<Map<String, Object>> answers =
        answers("[".repeat(2_000_000), "{\"id\":2,\"method\":\"ping\"}");
    assertThat(map(answers.get(0).get("error"))).containsEntry("code", -32600);
    assertThat(answers.get(1)).containsEntry("id", 2);
  }

  @Test
  void deepNestingIsNoCrash() throws Exception {
    List<Map<String, Object>> answers =
        answers("[".repeat(500_000), "{\"id\":2,\"method\":\"ping\"}");
    assertThat(map(answers.get(0).get("error"))).containsEntry("code", -32700);
    assertThat(answers.get(1)).containsEntry("id", 2);
  }
}
