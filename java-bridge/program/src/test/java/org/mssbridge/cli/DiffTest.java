package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.script.PacketScript;

/** {@code diff} on reports of made-up days. */
class DiffTest {
  private static final String POINTS = "point client\npoint server\n";
  private static final String GOOD = "between client server  delay 10ms  hops 1\n";
  private static final String BAD = "between client server  delay 40ms  hops 1  clamp 1380\n";

  @TempDir private Path folder;

  /** A connection of so many requests; of each tenth the first copy is lost on a bad day. */
  private static String connection(int number, int requests, boolean isBad) {
    return "connection c%d  192.0.2.10:%d -> 198.51.100.20:8443  isn %d %d\n"
            .formatted(number, 50_000 + number, 7_000 * number, 9_000 * number)
        + "\n%d.0 handshake <mss 1460>".formatted(1 + number)
        + IntStream.range(0, requests)
            .mapToObj(i -> request(1 + number + (1 + i) / 100.0, i, isBad && i % 10 == 3))
            .collect(Collectors.joining())
        + "\n";
  }

  private static String request(double time, int i, boolean isLost) {
    String segment = "c2s P. %d:%d ack 1".formatted(1 + 100 * i, 101 + 100 * i);
    return "\n%.3f %s%s".formatted(time, segment, isLost ? "  lost" : "")
        + (isLost ? "\n%.3f %s".formatted(time + 0.005, segment) : "");
  }

  private static String day(String path, int connections, int requests, boolean isBad) {
    return POINTS
        + path
        + IntStream.range(0, connections)
            .mapToObj(i -> connection(i, requests, isBad))
            .collect(Collectors.joining("\n"));
  }

  private Path report(String name, String script, Object... options) throws IOException {
    Path place = Files.createDirectories(folder.resolve(name + ".captures"));
    Map<String, Path> captures = PacketScript.parse(script).writeTo(place);
    Path report = folder.resolve(name + ".json");
    Object[] arguments = {captures.get("client"), captures.get("server"), "--json", report};
    CommandRun run =
        CommandRun.compare(Stream.of(arguments, options).flatMap(Stream::of).toArray());
    assertThat(run.status()).as(run.err()).isZero();
    return report;
  }

  @Test
  void whatIsNewAndWhatIsGone() throws IOException {
    Path good = report("good", day(GOOD, 4, 50, false));
    Path bad = report("bad", day(BAD, 4, 50, true));

    CommandRun run = CommandRun.of("diff", good, bad);

    assertThat(run.status()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .startsWith("2 findings only in bad.json, 1 finding changed.\n")
        .contains("\nOnly in bad.json:\n", "WARN mss.clamped  MSS 1460 became 1380")
        .contains("WARN path.lost  ", "\nIn both, the same: path.hops\n")
        .containsPattern("MSS client to server at server +1460 +1380 +differs")
        .containsPattern("round trip between client and server: least +20.0 ms +80.0 ms +differs")
        .containsPattern("data segments lost client to server +0 of 200 +20 of 220 .* differs")
        .doesNotContain("too few", "Bear in mind");

    CommandRun back = CommandRun.of("diff", bad, good);

    assertThat(back.out()).startsWith("1 finding changed, 2 findings only in bad.json.\n");
    assertThat(back.out()).doesNotContain("Next:");
  }

  @Test
  void fewConnectionsShowNothingAsAbsent() throws IOException {
    Path good = report("good", day(GOOD, 1, 10, false));
    Path bad = report("bad", day(BAD, 4, 50, true));

    CommandRun run = CommandRun.of("diff", good, bad);

    assertThat(run.out())
        .contains("good.json has too few of them to show it")
        .containsPattern("data segments lost client to server +0 of 10 .* too few to compare");
  }

  @Test
  void aNewFindingFailsTheCommand() throws IOException {
    Path good = report("good", day(GOOD, 4, 10, false));
    Path bad = report("bad", day(BAD, 4, 10, false));

    assertThat(CommandRun.of("diff", good, bad, "--fail-on", "warn").status()).isEqualTo(1);
    assertThat(CommandRun.of("diff", good, bad, "--fail-on", "error").status()).isZero();
    assertThat(CommandRun.of("diff", bad, good, "--fail-on", "note").status()).isZero();
  }

  @Test
  void theSameReportTwice() throws IOException {
    Path good = report("good", day(GOOD, 2, 10, false));
    Path json = folder.resolve("diff.json");

    CommandRun run = CommandRun.of("diff", good, good, "--json", json);

    assertThat(run.out())
        .startsWith("Both reports have the same findings.\n")
        .contains("  both reports are of the same captures\n");
    assertThat(Files.readString(json))
        .contains("\"schema\" : \"mssbridge-diff/1\"", "\"added\" : [ ]", "\"gone\" : [ ]");
  }

  @Test
  void reportsThatAreLessAlikeThanTheyLook() throws IOException {
    Path good = report("good", day(GOOD, 2, 10, false), "--only", "path.lost");
    Path bad = report("bad", day(BAD, 2, 10, true));
    Path other = folder.resolve("other.json");
    Files.writeString(
        other,
        Files.readString(bad)
            .replaceFirst("\"version\" : \"[^\"]*\"", "\"version\" : \"9.9\"")
            .replace("\"server\"", "\"fire\\u001b[31mwall\""));

    CommandRun run = CommandRun.of("diff", good, other);

    assertThat(run.out())
        .contains("limited differently: --only path.lost and not at all")
        .contains("of different versions of mssbridge")
        .contains("the capture points are not the same: client, server and client, fire")
        .doesNotContain("\u001b");
  }

  @Test
  void whatIsNoReportIsOneLine() throws IOException {
    Path good = report("good", day(GOOD, 1, 1, false));
    String whole = Files.readString(good);
    for (String text :
        new String[] {
          "",
          "[]",
          "{}",
          "null",
          "hello",
          whole.substring(0, whole.length() / 2),
          whole.replace("mssbridge-report/1", "mssbridge-report/2"),
          whole.replace("\"c2s\"", "\"up\""),
          whole.replaceFirst("\"packets\" : \\d+", "\"packets\" : \"many\""),
          whole.replaceFirst("\"captures\" : \\[", "\"captures\" : 7, \"x\" : ["),
          "[".repeat(100_000),
        }) {
      Path file = Files.writeString(folder.resolve("no.json"), text);
      CommandRun run = CommandRun.of("diff", good, file);
      assertThat(run.status()).as(text.lines().findFirst().orElse("")).isEqualTo(3);
      assertThat(run.err())
          .isEqualTo(
              "mssbridge: " + file + ": is no report; name a file that compare --json wrote\n");
    }
    CommandRun missing = CommandRun.of("diff", good, folder.resolve("none.json"));
    assertThat(missing.status()).isEqualTo(3);
    assertThat(missing.err()).hasLineCount(1).contains("none.json: ");
    CommandRun over = CommandRun.of("diff", good, good, "--json", good);
    assertThat(over.status()).isEqualTo(3);
    assertThat(good).hasContent(whole);
  }
}
