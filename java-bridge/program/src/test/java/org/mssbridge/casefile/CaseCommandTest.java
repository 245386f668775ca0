package org.mssbridge.casefile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.cli.CommandRun;
import org.mssbridge.cli.Main;
import org.mssbridge.cli.ReportOf;
import org.mssbridge.cli.Story;
import org.mssbridge.script.CaptureTransform;
import org.mssbridge.script.PacketScript;

/** {@code mssbridge case}: the summary over all pairs, and the findings as files. */
class CaseCommandTest {
  @TempDir private static Path shared;
  @TempDir private Path folder;
  private static Path hostile;

  /** Ids and file names with special meaning to a spreadsheet, a browser or a terminal. */
  @BeforeAll
  static void compareHostileNames() throws IOException {
    Path[] seed = ReportOf.example("seed-20633");
    Path evil = shared.resolve("=cmd|' -C calc'!A0<script>.pcap");
    Files.copy(seed[0], evil);
    hostile =
        caseOf(
            shared,
            pair("=1+1", evil, seed[1]),
            pair("<script>window.strange=1</script>", seed[0], seed[1]),
            pair("@\\u202eevil\\u001b[31m\\ttab\\nline", seed[0], seed[1]),
            pair("missing", shared.resolve("missing.pcap"), seed[1]));
  }

  static String pair(String id, Path client, Path server) {
    return "{\"id\":\"%s\",\"client\":\"%s\",\"server\":\"%s\"}".formatted(id, client, server);
  }

  static Path caseOf(Path folder, String... pairs) throws IOException {
    Path manifest = Files.writeString(folder.resolve("pairs.ndjson"), String.join("\n", pairs));
    Path file = folder.resolve("case.db");
    CommandRun run = CommandRun.of("batch", "--quiet", manifest, "--case", file);
    assertThat(run.status()).as(run.err()).isIn(Main.DONE, Main.PARTLY_DONE);
    return file;
  }

  @Test
  void summaryShowsPairsBoundariesChangesAndDuplicates() {
    CommandRun run = CommandRun.of("case", hostile);
    run.assertDone();
    assertThat(run.out())
        .contains("4 pairs: 3 compared, 1 failed, 0 unpaired")
        .contains("failed missing: " + shared.resolve("missing.pcap") + ": no such file")
        .contains("client > server: 3 connections in 3 pairs; isn-randomiser on 3, mss-clamp on 3")
        .containsPattern(
            "WARN mss.clamped  client > server: MSS 1460 -> 1380\n +client to server, on 3 of 3 conn")
        .contains("The same bytes more than once, and counted as often:")
        .doesNotContain("\u001b", "\u202e", "\t")
        .contains("\\u{202e}evil\\x1b[31m\\x09tab\\x0aline");
    int error = run.out().indexOf("ERROR sack.untranslated");
    assertThat(error).isPositive().isLessThan(run.out().indexOf("WARN mss.clamped"));
  }

  @Test
  void changeThatBeginsInTheMiddleIsReportedWithItsBeginning() throws IOException {
    Path[] captures = clampedFrom(12, 24).captures(folder.resolve("late"));
    String text = CommandRun.of("case", caseOf(folder, pair("a", captures[0], captures[1]))).out();
    assertThat(text.replaceAll("\\s+", " "))
        .contains(
            "on 12 of 24 connections (50.0 %) in 1 pair; new since 2024-01-01 00:12:00"
                + " (0 of 12 connections in 1 pair before) until 2024-01-01 00:23:00")
        .contains("[············████████████] a minute each");
  }

  @Test
  void pairThatDiffersAsAWholeIsNotABeginning() throws IOException {
    Path[] plain = clampedFrom(12, 12).captures(folder.resolve("plain"));
    Path[] other = clampedFrom(0, 12).captures(folder.resolve("other"));
    List<Path> later = new ArrayList<>();
    for (Path capture : other) {
      later.add(folder.resolve("later-" + capture.getFileName()));
      CaptureTransform.shiftTime(Duration.ofHours(2)).apply(capture, later.get(later.size() - 1));
    }
    Path file =
        caseOf(
            folder, pair("plain", plain[0], plain[1]), pair("other", later.get(0), later.get(1)));
    assertThat(CommandRun.of("case", file).out())
        .contains("on 12 of 24 connections (50.0 %) in 1 pair")
        .doesNotContain("new since", "before");
  }

  @Test
  void timeOfTheServerThatRisesIsReportedWithItsBeginning() throws IOException {
    StringBuilder script = new StringBuilder("point client\npoint server\n");
    script.append("between client server  delay 10ms  hops 3\n");
    for (int i = 0; i < 50; i++) {
      double begin = 60.0 * i;
      double answered = begin + (i < 25 ? 0.200 : 0.600);
      script.append(
          String.format(
              Locale.ROOT,
              "connection c%d  192.0.2.10:%d -> 198.51.100.20:443%n%.3f handshake <mss 1460>%n"
                  + "%.3f c2s P. 1:101 ack 1%n%.3f s2c P. 1:501 ack 101%n%.3f c2s . 101 ack 501%n",
              i,
              50001 + i,
              begin,
              begin + 0.1,
              answered,
              answered + 0.011));
    }
    Map<String, Path> captures = PacketScript.parse(script.toString()).writeTo(folder);
    Path file = caseOf(folder, pair("a", captures.get("client"), captures.get("server")));
    String text = CommandRun.of("case", file).out();
    assertThat(text.replaceAll("\\s+", " "))
        .contains("client > server, to 198.51.100.20:443: 49 requests on 49 connections since")
        .contains(
            "since 2024-01-01 00:25:00 490 ms per request at the server or on the way to it, behind"
                + " server (median of 24 connections), 400 ms more than before (90.0 ms, median of"
                + " 25 connections)")
        .doesNotContain("more than before (20.0 ms");
    assertThat(new CaseRows(file).of("SELECT count(*), sum(requests) FROM request_time"))
        .containsExactly("49|49");
  }

  /** One connection per minute; a device clamps the MSS of all from a certain number on. */
  private Story clampedFrom(int first, int count) throws IOException {
    StringBuilder script = new StringBuilder("point client\npoint server\n");
    script.append("between client server  delay 10ms  hops 3\n");
    for (int i = first; i < count; i++) {
      script.append("between client server on n%d  clamp 1380\n".formatted(i));
    }
    for (int i = 0; i < count; i++) {
      script.append(
          "connection n%d  192.0.2.10:%d -> 198.51.100.20:8443\n".formatted(i, 50000 + i));
      script.append("%d.0 handshake <mss 1460> <mss 1200>\n".formatted(60 * i));
      script.append("%d.1 exchange 300 700\n".formatted(60 * i));
    }
    Path file = folder.resolve("clamped-%d-%d.txt".formatted(first, count));
    return Story.of(Files.writeString(file, script));
  }

  @Test
  void acceptedFindingsAreListedSeparately() throws IOException {
    Path[] seed = ReportOf.example("seed-20633");
    Path file = caseOf(folder, pair("a", seed[0], seed[1]));
    Path policy = folder.resolve("policy.csv");
    Files.writeString(policy, "code,direction,reason\nmss.clamped,c2s,as agreed\n");
    CommandRun.of(
        "batch", folder.resolve("pairs.ndjson"), "--case", file, "--expect", policy, "--quiet");
    String text = CommandRun.of("case", file).out();
    String accepted = text.substring(text.indexOf("Expected, and accepted:"));
    assertThat(accepted)
        .contains("WARN mss.clamped  client > server: MSS 1460 -> 1380", "accepted: as agreed")
        .doesNotContain("server > client: MSS 1460 -> 1380");
  }

  @Test
  void csvHoldsNoFormulaAndEveryFinding() throws IOException {
    Path csv = folder.resolve("findings.csv");
    CommandRun.of("case", hostile, "--csv", csv).assertDone();
    try (Reader reader = Files.newBufferedReader(csv)) {
      List<CSVRecord> rows =
          CSVFormat.RFC4180
              .builder()
              .setHeader()
              .setSkipHeaderRecord(true)
              .get()
              .parse(reader)
              .getRecords();
      assertThat(rows).hasSize(ndjson().size());
      assertThat(rows)
          .allSatisfy(
              row -> assertThat(row.toList()).noneMatch(cell -> cell.matches("(?s)[=+@\t\r-].*")));
      assertThat(rows).extracting(row -> row.get("pair")).contains("'=1+1");
      assertThat(rows)
          .extracting(row -> row.get("pair"))
          .contains("'@\\u{202e}evil\\x1b[31m\\x09tab\\x0aline");
      CSVRecord clamped =
          rows.stream().filter(r -> r.get("code").equals("mss.clamped")).findFirst().orElseThrow();
      assertThat(clamped.get("near_value")).isEqualTo("1460");
      assertThat(clamped.get("frame_numbers")).startsWith("client ").contains("; server ");
    }
    assertThat(Files.readString(csv)).contains("\r\n").doesNotContain("\u202e", "\u001b");
  }

  private List<Map<String, Object>> ndjson() throws IOException {
    Path file = folder.resolve("findings.ndjson");
    CommandRun.of("case", hostile, "--ndjson", file).assertDone();
    List<Map<String, Object>> findings = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      try (JsonParser parser = new JsonFactory().createParser(line)) {
        findings.add(ReportOf.map(ReportOf.parse(parser)));
      }
    }
    return findings;
  }

  @Test
  void ndjsonMatchesTheReportOfThePair() throws IOException {
    Path[] seed = ReportOf.example("seed-20633");
    List<Map<String, Object>> reported = ReportOf.captures(seed[0], seed[1]).findings();
    List<Map<String, Object>> exported =
        ndjson().stream().filter(f -> f.get("pair").equals("=1+1")).toList();
    assertThat(exported).hasSameSizeAs(reported);
    for (int i = 0; i < reported.size(); i++) {
      for (String key :
          List.of(
              "code",
              "severity",
              "group",
              "message",
              "direction",
              "next_step",
              "count",
              "causes",
              "facts")) {
        assertThat(exported.get(i).get(key)).as(key).isEqualTo(reported.get(i).get(key));
      }
      assertThat(ReportOf.map(exported.get(i).get("frames")).keySet())
          .isEqualTo(ReportOf.map(reported.get(i).get("frames")).keySet());
    }
    assertThat(String.valueOf(ReportOf.map(exported.get(0).get("files")).get("client")))
        .contains("=cmd|' -C calc'!A0<script>.pcap");
  }

  @Test
  void bulkRequestHasADocumentForEachFindingAndFrame() throws IOException {
    Path ek = folder.resolve("findings.ek");
    CommandRun.of("case", hostile, "--ek", ek).assertDone();
    List<String> lines = Files.readAllLines(ek);
    Path[] seed = ReportOf.example("seed-20633");
    Path one = folder.resolve("one.ek");
    CommandRun.compare("--ek", one, seed[0], seed[1]).assertDone();
    assertThat(lines).hasSize(3 * Files.readAllLines(one).size());
    assertThat(lines.get(0)).isEqualTo("{\"index\":{\"_index\":\"mssbridge-2013-04-16\"}}");
    assertThat(lines)
        .anyMatch(
            line ->
                line.contains("\"mss_finding_pair\":[\"=1+1\"]")
                    && line.contains("\"mss_finding_near_point\":[\"client\"]")
                    && line.contains("\"frame_file\":[\"=cmd|' -C calc'!A0<script>.pcap\"]"));
  }

  /** Frame numbers within the files of a rotated capture. */
  @Test
  void framesOfRotatedFilesAreNumberedWithinTheirFiles() throws Exception {
    Path[] seed = ReportOf.example("seed-20633");
    Path parts = Files.createDirectories(folder.resolve("parts"));
    int each = 25;
    new ProcessBuilder("editcap", "-F", "pcap", "-c", "" + each, seed[0] + "", parts + "/tap.pcap")
        .start()
        .waitFor();
    List<String> names;
    try (Stream<Path> files = Files.list(parts)) {
      names = files.map(file -> file.getFileName().toString()).sorted().toList();
    }
    assertThat(names).hasSize(3);
    // An empty last file: the capture program had just started it when it was stopped.
    byte[] header = Arrays.copyOf(Files.readAllBytes(parts.resolve(names.get(0))), 24);
    Files.write(parts.resolve("tap_99999.pcap"), header);
    Path rotated = folder.resolve("rotated.ek");
    Path file = caseOf(folder, pair("a", parts.resolve("*.pcap"), seed[1]));
    CommandRun.of("case", file, "--ek", rotated).assertDone();
    Path whole = folder.resolve("whole.ek");
    CommandRun.compare("--ek", whole, seed[0], seed[1]).assertDone();

    List<Integer> inTheCapture = new ArrayList<>();
    for (Map<String, Object> frame : frames(rotated, "client")) {
      int part = names.indexOf(first(frame, "frame_file"));
      assertThat(part).as("part that holds %s", frame).isNotNegative();
      int number = Integer.parseInt(first(frame, "frame_number"));
      assertThat(number).isBetween(1, each);
      inTheCapture.add(part * each + number);
    }
    assertThat(inTheCapture)
        .containsExactlyInAnyOrderElementsOf(
            frames(whole, "client").stream()
                .map(frame -> Integer.valueOf(first(frame, "frame_number")))
                .toList());
  }

  private static String first(Map<String, Object> layers, String field) {
    return String.valueOf(((List<?>) layers.get(field)).get(0));
  }

  /** The documents about frames of a point. */
  private static List<Map<String, Object>> frames(Path ek, String point) throws IOException {
    List<Map<String, Object>> frames = new ArrayList<>();
    for (String line : Files.readAllLines(ek)) {
      try (JsonParser parser = new JsonFactory().createParser(line)) {
        Object layers = ReportOf.map(ReportOf.parse(parser)).get("layers");
        if (layers != null
            && List.of(point).equals(ReportOf.map(layers).get("mss_finding_point"))) {
          frames.add(ReportOf.map(layers));
        }
      }
    }
    return frames;
  }

  @Test
  void outputsAreCompleteAndNeverOverwriteCaseOrCaptures() throws IOException {
    byte[] before = Files.readAllBytes(hostile);
    CommandRun over = CommandRun.of("case", hostile, "--csv", hostile);
    over.assertUnusable(hostile, "it is an input");
    Path capture = shared.resolve("=cmd|' -C calc'!A0<script>.pcap");
    CommandRun.of("case", hostile, "--ndjson", capture).assertUnusable(capture, "it is an input");
    assertThat(hostile).hasBinaryContent(before);
    Path same = folder.resolve("same");
    CommandRun twice = CommandRun.of("case", hostile, "--csv", same, "--ek", same);
    assertThat(twice.status()).isEqualTo(Main.USAGE);
    CommandRun.of("case", hostile, "--html", folder).assertUnusable(folder, "is a directory");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void otherFilesAreRejectedAsCase() throws IOException {
    Path text = Files.write(folder.resolve("text"), "hello".getBytes(UTF_8));
    CommandRun.of("case", text).assertUnusable(text, "is not a case file");
    CommandRun.of("verify", text).assertUnusable(text, "is not a case file");
    Path missing = folder.resolve("missing.db");
    CommandRun.of("case", missing).assertUnusable(missing, "no such case file");
  }
}
