package org.mssbridge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mssbridge.cli.ReportOf.map;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.script.CaptureTransform;
import org.mssbridge.tshark.TsharkException;

/** What must hold whatever the captures are: tried on every example and every story. */
@Execution(ExecutionMode.CONCURRENT)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LawsTest {
  /** What one capture alone shows, and what is said of any two. */
  private static final Set<String> SHOWN_BY_ONE_CAPTURE =
      Set.of(
          "capture.cut-short",
          "capture.no-handshake",
          "capture.snaplen",
          "clock.offset",
          "mss.low",
          "mss.syn-retransmit",
          "mss.violated",
          "path.middlebox",
          "pmtud.too-big");

  @TempDir static Path folder;

  private final ReadCaptures reader;
  private final Map<String, LawSubject> subjects = new ConcurrentHashMap<>();

  LawsTest() throws TsharkException {
    reader = new ReadCaptures();
  }

  static Stream<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> examples = Files.list(ReportOf.projectRoot().resolve("examples"))) {
      examples.map(example -> example.getFileName().toString()).sorted().forEach(names::add);
    }
    Story.all().map(Story::toString).forEach(names::add);
    return names.stream();
  }

  private LawSubject subject(String name) {
    return subjects.computeIfAbsent(name, this::read);
  }

  private LawSubject read(String name) {
    try {
      Path own = Files.createDirectories(folder.resolve(name));
      Path[] captures =
          name.endsWith(".txt")
              ? Story.of(Story.FOLDER.resolve(name)).captures(own)
              : ReportOf.example(name);
      return LawSubject.of(reader, own, captures);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException | TsharkException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void captureComparedWithItselfShowsOnlyWhatIsInIt(String name) throws Exception {
    LawSubject subject = subject(name);
    for (int i : new int[] {0, subject.files().size() - 1}) {
      Path file = subject.files().get(i);
      ReportOf report =
          ReadCaptures.report(List.of(reader.read(file, "client"), reader.read(file, "server")));
      assertThat(report.findings())
          .as("%s compared with itself", file.getFileName())
          .allSatisfy(
              finding -> {
                assertThat(SHOWN_BY_ONE_CAPTURE).contains(finding.get("code").toString());
                if (finding.get("code").equals("path.middlebox")) {
                  assertThat(map(finding.get("facts"))).containsEntry("functions", List.of("none"));
                } else if (finding.get("code").equals("clock.offset")) {
                  assertThat(map(finding.get("facts"))).containsEntry("offset_s", 0.0);
                }
              });
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void capturesInReverseOrderGiveTheSameFindingsAndSaySo(String name) throws Exception {
    LawSubject subject = subject(name);
    List<PointCapture> reversed = new ArrayList<>(subject.captures());
    Collections.reverse(reversed);
    Predicate<String> order = Set.of("capture.swapped", "clock.offset")::contains;
    assertSame(subject.report(), ReadCaptures.report(reversed), order);
  }

  @ParameterizedTest
  @MethodSource("names")
  void timesOfOnePointShiftedChangeTheClockOnly(String name) throws Exception {
    LawSubject subject = subject(name);
    Predicate<String> clock = "clock.offset"::equals;
    CaptureTransform shift = CaptureTransform.shiftTime(Duration.ofSeconds(-4711));
    assertSame(subject.report(), subject.withLast(shift, "time"), clock);
  }

  @ParameterizedTest
  @MethodSource("names")
  void sequenceNumbersOfOnePointShiftedChangeNothingButTheIsn(String name) throws Exception {
    LawSubject subject = subject(name);
    Predicate<String> numbers =
        code ->
            code.startsWith("isn.") || code.startsWith("sack.") || code.equals("path.middlebox");
    CaptureTransform shift = CaptureTransform.shiftSequence(0x7abc_0001, -12345);
    assertSame(subject.report(), subject.withLast(shift, "sequence"), numbers);
  }

  @ParameterizedTest
  @MethodSource("names")
  void addressesOfOnePointRenumberedChangeNothingButTheNat(String name) throws Exception {
    LawSubject subject = subject(name);
    Predicate<String> nat = code -> code.startsWith("nat.") || code.equals("path.middlebox");
    assertSame(subject.report(), subject.withLast(CaptureTransform.renumber(0x0101), "address"), nat);
  }

  @ParameterizedTest
  @MethodSource("names")
  void captureInPartsIsTheSame(String name) throws Exception {
    LawSubject subject = subject(name);
    List<Path> parts = CaptureTransform.split(subject.lastFile(), subject.folder(), 2);
    Path whole = subject.folder().resolve("merged.pcapng");
    List<String> command = new ArrayList<>(List.of("mergecap", "-a", "-w", whole.toString()));
    parts.forEach(part -> command.add(part.toString()));
    Process merging = new ProcessBuilder(command).redirectErrorStream(true).start();
    String complaint = new String(merging.getInputStream().readAllBytes(), UTF_8);
    assertThat(merging.waitFor()).as(complaint).isZero();
    assertSame(subject.report(), subject.withLast(whole), code -> false);
  }

  /** The same findings in both, but for codes that are left out; causes weigh numbers of all. */
  private static void assertSame(ReportOf before, ReportOf after, Predicate<String> leftOut) {
    List<String> gone = told(before, leftOut);
    List<String> added = told(after, leftOut);
    List<String> common = new ArrayList<>(gone);
    common.retainAll(added);
    gone.removeAll(common);
    added.removeAll(common);
    assertThat(List.of(gone, added))
        .withFailMessage(
            () ->
                "\nsaid no more:\n  "
                    + String.join("\n  ", gone)
                    + "\nsaid instead:\n  "
                    + String.join("\n  ", added))
        .allMatch(List::isEmpty);
  }

  private static List<String> told(ReportOf report, Predicate<String> leftOut) {
    List<String> told = new ArrayList<>();
    for (Map<String, Object> finding : report.findings()) {
      if (!leftOut.test(finding.get("code").toString())) {
        Map<String, Object> sorted = new TreeMap<>(finding);
        sorted.remove("causes");
        sorted.put("facts", new TreeMap<>(map(finding.get("facts"))));
        told.add(finding.get("code") + " " + sorted);
      }
    }
    return told;
  }
}
