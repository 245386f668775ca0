package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --open}, with a Wireshark that only notes how it was started. */
class EvidenceWindowsTest {
  private static final Pattern KEPT = Pattern.compile("is kept in (.*)");

  @TempDir private Path folder;

  private CommandRun compare(Map<String, String> environment, String wireshark, Object... more)
      throws IOException {
    Path program = folder.resolve("wireshark");
    Files.writeString(program, "#!/bin/sh\necho \"$*\" >>'" + log() + "'\n" + wireshark + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    List<Object> arguments = new ArrayList<>(List.of("compare", "--open", "--wireshark", program));
    arguments.addAll(List.of(ReportOf.example("seed-20633")));
    arguments.addAll(List.of(more));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        Main.run(
            arguments.stream().map(Object::toString).toArray(String[]::new),
            new Environment(environment),
            new PrintWriter(out),
            new PrintWriter(err));
    return new CommandRun(status, out.toString(), err.toString());
  }

  private Path log() {
    return folder.resolve("started");
  }

  private List<String> started() throws IOException {
    return Files.readAllLines(log()).stream().sorted().toList();
  }

  @Test
  void eachPointOpensAtItsFirstEvidence() throws IOException {
    Path copies = folder.resolve("copies");
    Path json = folder.resolve("report.json");
    CommandRun run =
        compare(Map.of("DISPLAY", ":9"), "", "--annotate", copies, "--json", json, "--quiet");
    run.assertDone();
    Matcher first =
        Pattern.compile("\"frames\"\\s*:\\s*\\{\\s*\"client\"\\s*:\\s*\\[\\s*(\\d+)")
            .matcher(Files.readString(json));
    assertThat(first.find()).isTrue();
    assertThat(started())
        .hasSize(2)
        .anyMatch(line -> line.contains("-g " + first.group(1) + " -r " + copies + "/client"))
        .anyMatch(line -> line.matches(".*-g \\d+ -r " + copies + "/server.*"));
    assertThat(copies).isDirectory();
  }

  @Test
  void temporaryCopiesAreThereWhileWiresharkRunsAndThenRemoved() throws IOException {
    CommandRun run =
        compare(Map.of("DISPLAY", ":9"), "sleep 2; for f; do :; done; test -s \"$f\" || exit 1");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).contains("Wireshark is open", "--annotate DIR", "client annotated: ");
    assertThat(run.out()).isNotBlank();
    for (String line : started()) {
      assertThat(Path.of(line.replaceFirst(".* -r ", ""))).doesNotExist();
    }
  }

  @Test
  void whatIsSavedInWiresharkStays() throws IOException {
    CommandRun run =
        compare(Map.of("DISPLAY", ":9"), "for f; do :; done; cp \"$f\" \"${f%/*}/mine.pcapng\"");
    Matcher kept = KEPT.matcher(run.err());
    assertThat(kept.find()).as(run.err()).isTrue();
    Path saved = Path.of(kept.group(1));
    try (Stream<Path> files = Files.list(saved)) {
      assertThat(files).containsExactly(saved.resolve("mine.pcapng"));
    }
    Files.delete(saved.resolve("mine.pcapng"));
    Files.delete(saved);
  }

  @Test
  void withoutADisplayOneLineSaysTheWayOut() throws IOException {
    compare(Map.of(), "").assertUnusable("DISPLAY", "--annotate DIR");
    assertThat(log()).doesNotExist();
  }

  @Test
  void wiresharkThatFailsIsNamedAfterTheReport() throws IOException {
    CommandRun run = compare(Map.of("DISPLAY", ":9"), "echo no screen >&2; exit 1");
    assertThat(run.status()).isEqualTo(Main.UNUSABLE);
    assertThat(run.err()).contains("wireshark ended with status 1; it said: no screen");
    assertThat(run.out()).isNotBlank();
  }
}
