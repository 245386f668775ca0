package org.mssbridge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.mssbridge.cli.ReportOf.map;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.script.CaptureTransform;
import org.mssbridge.script.TsharkText;
import org.mssbridge.split.CaptureSplitter;
import org.mssbridge.split.Splitting;
import org.mssbridge.tshark.TsharkException;
import org.mssbridge.tshark.UnpackedTsharks;

/**
 * What must hold whatever the captures are. A law is tried on two cases of the lab, the seed's and
 * the stories that differ most; on every example and every story by {@code make test-all}.
 */
@Execution(ExecutionMode.CONCURRENT)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LawsTest {
  /** What one capture alone shows, and what is said of any two. */
  private static final Set<String> SHOWN_BY_ONE_CAPTURE =
      Set.of(
          "capture.cut-short",
          "capture.duplicates",
          "capture.missed-packets",
          "capture.no-handshake",
          "capture.same",
          "capture.snaplen",
          "connection.refused",
          "connection.reset",
          "connection.stalled",
          "connection.unanswered",
          "clock.offset",
          "mss.low",
          "mss.probably-clamped",
          "mss.syn-retransmit",
          "mss.violated",
          "offload.forwarded",
          "path.middlebox",
          "path.time-exceeded",
          "pmtud.adapted",
          "pmtud.bogus",
          "pmtud.ignored",
          "pmtud.too-big",
          "pmtud.understated",
          "response.slow",
          "response.unfinished",
          "time.client",
          "time.retransmission",
          "time.server",
          "window.closed",
          "window.small");

  /**
   * Their certainty is not compared: it follows from how many segments are surely the same, and
   * with other numbers an ACK without an IP ID may be a proxy's.
   */
  private static final Set<String> MEASURED = Set.of("clock.offset", "path.delay");

  private static final String BY_ITS_ISN =
      "a SYN alone, without timestamps and IP ID, is recognised by its ISN";

  private static final Map<String, String> NOT_FOUND_WITH_OTHER_NUMBERS =
      Map.ofEntries(
          Map.entry("connection.refused-icmp.txt", BY_ITS_ISN),
          Map.entry("nat64-refused.txt", BY_ITS_ISN),
          Map.entry("nat64-unanswered.txt", BY_ITS_ISN),
          Map.entry("nat64-unknown.txt", BY_ITS_ISN),
          Map.entry(
              "pmtud.too-big-ipv6.txt",
              "without an IP ID, handshakes of other numbers are not surely the same: no clock"),
          Map.entry(
              "pmtud.translated.txt",
              "without an IP ID, handshakes of other numbers are not surely the same: no clock"),
          Map.entry(
              "rst.injected.txt",
              "one connection is too short to tell a proxy, which sends RSTs of its own"),
          Map.entry(
              "rst.injected-baseline.txt",
              "one connection is too short to tell a proxy, which sends RSTs of its own"),
          Map.entry(
              "nat.rebound.txt",
              "a connection with another sender is recognised by its numbers only"),
          Map.entry(
              "connection.untranslated.txt",
              "a packet with another sender is recognised by its numbers"),
          Map.entry(
              "capture.no-handshake.txt",
              "without a SYN at either point nothing tells which numbers belong together"),
          Map.entry(
              "nat.txt",
              "addresses, ports and ISNs differ then, and only one direction has payload"),
          Map.entry(
              "pmtud.bogus.txt",
              "a message at the client quotes the server's numbers, which then are others"));

  private static final String NAMES_A_ROUTER = "the address of a router at that point is named";

  private static final Map<String, String> NOT_AMBIGUOUS_AT_OTHER_TIMES =
      Map.of(
          "nat64-unknown.txt",
          "without a connection in both captures only their clocks show whether there can be one");

  private static final String SHORT_FLOWS =
      "a flow of a few packets is not surely the same where both its ends differ";

  private static final Map<String, String> NOT_FOUND_AT_OTHER_ADDRESSES =
      Map.ofEntries(
          Map.entry("datagrams.txt", SHORT_FLOWS),
          Map.entry("datagrams-quiet.txt", SHORT_FLOWS),
          Map.entry("datagrams-three.txt", SHORT_FLOWS),
          Map.entry("connection.one-sided.txt", "behind a NAT there may be several servers"),
          Map.entry("connection.refused.txt", "behind a NAT there may be several servers"),
          Map.entry("connection.refused-icmp.txt", NAMES_A_ROUTER),
          Map.entry("connection.refused-meanwhile.txt", NAMES_A_ROUTER),
          Map.entry("connection.refused-translated.txt", NAMES_A_ROUTER),
          Map.entry(
              "connection.untranslated.txt",
              "a packet that is not translated bears the address of the other point"),
          Map.entry("nat64-refused.txt", "the server's address is in its IPv6 address"),
          Map.entry("nat64-unanswered.txt", "the server's address is in its IPv6 address"),
          Map.entry("path.time-exceeded.txt", NAMES_A_ROUTER),
          Map.entry("path.time-exceeded-ipv6.txt", NAMES_A_ROUTER),
          Map.entry("path.time-exceeded-nat.txt", NAMES_A_ROUTER),
          Map.entry("pmtud.translated.txt", NAMES_A_ROUTER),
          Map.entry("pmtud.translated-numbers.txt", NAMES_A_ROUTER),
          Map.entry(
              "proxy.txt",
              "a proxy's connections differ in ISNs and timestamps, and cut the payload"
                  + " differently"),
          Map.entry(
              "sack.untranslated.txt",
              "addresses and ISNs differ then, and only one direction has payload"));

  private static final Map<String, String> NOT_MIRRORED =
      Map.of(
          "nat64-unknown.txt",
          "no pair shows the order of the path: it is the one given",
          "proxy.txt",
          "the TTLs of a proxy's connections count from the proxy: the order is the one given",
          "capture.no-overlap-proxy.txt",
          "no pair shows the order of the path, by which connections have their numbers");

  private static final Map<String, String> NOT_MERGED =
      Map.of(
          "capture.cut-short.txt",
          "mergecap merges no file that ends inside a packet",
          "path.tunnel-kinds.txt",
          "a point that holds only an encrypted tunnel shares no packet with another");

  private static final String BY_THE_SERVERS_TTL =
      "who refuses is known by the TTL that the server has on other connections";

  private static final String BY_OTHER_ANSWERS =
      "whether a protocol has answers is known from other connections";

  private static final Map<String, String> NOT_TOLD_OF_ONE_CONNECTION =
      Map.ofEntries(
          Map.entry(
              "capture.missed-both.txt",
              "that a capture ran when a connection began is known from others"),
          Map.entry("checksum.wrong.txt", "the message counts the segments of all connections"),
          Map.entry(
              "connection.far-ends-sizes.txt",
              "segments as large cross on another connection: without it, size is suspected"),
          Map.entry("connection.refused.txt", BY_THE_SERVERS_TTL),
          Map.entry("connection.refused-backend.txt", BY_THE_SERVERS_TTL),
          Map.entry("connection.unanswered.txt", BY_OTHER_ANSWERS),
          Map.entry("connection.unanswered-others.txt", BY_OTHER_ANSWERS),
          Map.entry("capture.no-overlap-proxy.txt", BY_OTHER_ANSWERS),
          Map.entry(
              "connection.untranslated.txt",
              "what has other addresses is of another stream: without it, its answer was never"
                  + " sent"),
          Map.entry(
              "connection.untranslated-idle.txt", "what has other addresses is of another stream"),
          Map.entry(
              "lab-10-pmtud-blackhole",
              "the largest segment that crosses is that of all connections"),
          Map.entry("nat.rebound.txt", "what has another port is of another stream"),
          Map.entry(
              "path.fragmented.txt",
              "fragments stay in the captures: nothing ties them to a connection that is left out"),
          Map.entry(
              "path.lost-outage.txt", "an outage is known by what all connections send meanwhile"),
          Map.entry("refused.txt", BY_THE_SERVERS_TTL),
          Map.entry(
              "rst.injected-idle.txt",
              "how long a device remembers is known from other connections of the same hosts"),
          Map.entry(
              "rst.injected-stream.txt",
              "what a capture that goes on proves by absence is proved by time without it"),
          Map.entry("rst.injected.txt", BY_THE_SERVERS_TTL),
          Map.entry("scanners-many.txt", "one connection is no scan"),
          Map.entry("syn-proxy.txt", BY_THE_SERVERS_TTL),
          Map.entry("syn-proxy-refused.txt", BY_THE_SERVERS_TTL));

  @TempDir static Path folder;

  private final ReadCaptures reader;
  private final Map<String, LawSubject> subjects = new ConcurrentHashMap<>();

  LawsTest() throws TsharkException {
    reader = new ReadCaptures();
  }

  /**
   * One for each thing that the laws could break: handshake, numbers, addresses, times, order. What
   * the examples show, such as a clamp, other ISNs and SACK blocks, has no story here.
   */
  private static final List<String> TELLING_STORIES =
      List.of(
          "capture.duplicates.txt",
          "capture.missed-packets.txt",
          "capture.no-handshake.txt",
          "capture.one-direction.txt",
          "capture.swapped.txt",
          "capture.swapped-three.txt",
          "datagrams.txt",
          "ecn-dscp.txt",
          "fast-open.txt",
          "hostile-options.txt",
          "match.ambiguous.txt",
          "nat.txt",
          "path.fragmented.txt",
          "path.lost.txt",
          "path.reordered.txt",
          "path.resegmented.txt",
          "payload.modified.txt",
          "pmtud.blackhole.txt",
          "pmtud.bogus.txt",
          "port-reuse.txt",
          "proxy.txt",
          "rst.injected.txt",
          "scanners.txt",
          "syn-proxy.txt",
          "connection.undelivered.txt");

  private static final List<String> TELLING_EXAMPLES =
      List.of("seed-20633", "lab-05-seed", "lab-10-pmtud-blackhole");

  static Stream<String> names() throws IOException {
    return Boolean.getBoolean("mssbridge.every.case")
        ? Stream.concat(examples(), comparedStories())
        : Stream.concat(TELLING_EXAMPLES.stream(), TELLING_STORIES.stream());
  }

  /** The laws are those of comparisons of files: a story of a single file has none. */
  private static Stream<String> comparedStories() throws IOException {
    return Story.all()
        .filter(story -> story.script().points().size() > 1 && !story.script().isOneFile())
        .map(Story::toString);
  }

  static Stream<String> examplesInParts() throws IOException {
    return Boolean.getBoolean("mssbridge.every.case") ? examples() : TELLING_EXAMPLES.stream();
  }

  /** The cases that are two captures; others are tools, or many pairs. */
  static Stream<String> examples() throws IOException {
    List<String> names = new ArrayList<>();
    for (Path cases : ReportOf.examples()) {
      try (Stream<Path> folders = Files.list(cases)) {
        for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
          String name = folder.getFileName().toString();
          if (ReportOf.example(name).length == 2) {
            names.add(name);
          }
        }
      }
    }
    return names.stream();
  }

  /** Those that a law is not tried on, each with the reason. */
  private static void except(String name, Map<String, String> exceptions) {
    assumeThat(exceptions).as(exceptions.get(name)).doesNotContainKey(name);
  }

  /** May be read twice: while a test waits for the program, its thread takes up another test. */
  private LawSubject subject(String name) {
    LawSubject known = subjects.get(name);
    if (known != null) {
      return known;
    }
    LawSubject read = read(name);
    LawSubject before = subjects.putIfAbsent(name, read);
    return before == null ? read : before;
  }

  private LawSubject read(String name) {
    try {
      Path own = Files.createTempDirectory(folder, "subject");
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
    PointCapture again = reader.read(subject.files().get(0), "again");
    ReportOf report = ReadCaptures.report(List.of(subject.captures().get(0), again));
    assertThat(report.findings())
        .as("the first capture compared with itself")
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

  @ParameterizedTest
  @MethodSource("names")
  void capturesInReverseOrderGiveTheSameFindingsAndSaySo(String name) throws Exception {
    except(name, NOT_MIRRORED);
    LawSubject subject = subject(name);
    List<PointCapture> reversed = new ArrayList<>(subject.captures());
    Collections.reverse(reversed);
    // The last of these lists the points in the order in which they were given.
    Predicate<String> order =
        Set.of("capture.swapped", "clock.offset", "capture.no-overlap")::contains;
    assertSame(subject.report(), ReadCaptures.report(reversed), order);
  }

  @ParameterizedTest
  @MethodSource("names")
  void timesOfOnePointShiftedChangeTheClockOnly(String name) throws Exception {
    except(name, NOT_AMBIGUOUS_AT_OTHER_TIMES);
    LawSubject subject = subject(name);
    // Where no connection shows it, the second of these says what the clocks show.
    Predicate<String> clock = Set.of("clock.offset", "capture.no-overlap")::contains;
    CaptureTransform shift = CaptureTransform.shiftTime(Duration.ofSeconds(-4711));
    assertSame(subject.report(), subject.withLast(shift, "time"), clock);
  }

  @ParameterizedTest
  @MethodSource("names")
  void sequenceNumbersOfOnePointShiftedChangeNothingButTheIsn(String name) throws Exception {
    except(name, NOT_FOUND_WITH_OTHER_NUMBERS);
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
    except(name, NOT_FOUND_AT_OTHER_ADDRESSES);
    LawSubject subject = subject(name);
    Predicate<String> nat = code -> code.startsWith("nat.") || code.equals("path.middlebox");
    assertSame(
        subject.report(), subject.withLast(CaptureTransform.renumber(0x0101), "address"), nat);
  }

  @ParameterizedTest
  @MethodSource("names")
  void connectionCapturedAloneIsToldTheSame(String name) {
    except(name, NOT_TOLD_OF_ONE_CONNECTION);
    AloneReport.each(subject(name).captures(), OneConnection::captured)
        .forEach(AloneReport::assertSaysTheSame);
  }

  @ParameterizedTest
  @MethodSource("names")
  void connectionDisplayedAloneIsToldNothingElse(String name) {
    except(name, NOT_TOLD_OF_ONE_CONNECTION);
    AloneReport.each(subject(name).captures(), OneConnection::displayed)
        .forEach(AloneReport::assertSaysNoMore);
  }

  /** The last one of the second example is in a black hole. */
  @ParameterizedTest
  @ValueSource(strings = {"seed-20633", "lab-10-pmtud-blackhole"})
  void displayFilterOfTsharkLeavesOneConnection(String name) throws Exception {
    LawSubject subject = subject(name);
    List<AloneReport> alone =
        AloneReport.each(subject.captures(), OneConnection::displayed).toList();
    AloneReport last = alone.get(alone.size() - 1);
    List<PointCapture> filtered = new ArrayList<>();
    for (int i = 0; i < subject.files().size(); i++) {
      CapturePoint point = subject.captures().get(i).point();
      Path one = subject.folder().resolve("one-" + i + ".pcapng");
      run("tshark", "-r", subject.files().get(i) + "", "-Y", last.filter(point), "-w", one + "");
      filtered.add(reader.read(one, point.name()));
    }
    assertThat(AloneReport.codesOf(filtered)).isEqualTo(last.codes());
  }

  /** Splitting undoes merging, whatever the points of the merged file are told apart by. */
  @ParameterizedTest
  @MethodSource("names")
  void capturesMergedIntoOneFileAreTheSame(String name) throws Exception {
    except(name, NOT_MERGED);
    LawSubject subject = subject(name);
    Path own = Files.createDirectories(subject.folder().resolve("one-file"));
    Path whole = own.resolve("whole.pcapng");
    List<String> command =
        new ArrayList<>(List.of("mergecap", "-I", "none", "-w", whole.toString()));
    subject.files().forEach(file -> command.add(file.toString()));
    run(command.toArray(String[]::new));
    List<CaptureSplitter.Point> points =
        CaptureSplitter.split(whole, Splitting.INTERFACE, () -> own).orElseThrow().points();
    assertThat(points).hasSameSizeAs(subject.files());
    PointCapture[] read = new PointCapture[points.size()];
    for (CaptureSplitter.Point point : points) {
      int interfaceOfFile = interfaceOf(point.capture());
      read[interfaceOfFile] =
          reader.read(point.capture(), subject.captures().get(interfaceOfFile).point().name());
    }
    // mergecap leaves out the statistics that tell when a capture began and ended.
    assertSame(subject.report(), ReadCaptures.report(List.of(read)), code -> false);
  }

  /** The number of the interface that captured the packets of a file. */
  private static int interfaceOf(Path capture) throws IOException {
    return Integer.parseInt(
        TsharkText.fields(capture, "frame.number == 1", "frame.interface_id").get(0));
  }

  @ParameterizedTest
  @MethodSource("examplesInParts")
  void captureInPartsIsTheSame(String name) throws Exception {
    LawSubject subject = subject(name);
    List<Path> parts = CaptureTransform.split(subject.lastFile(), subject.folder(), 2);
    Path whole = subject.folder().resolve("merged.pcapng");
    List<String> command = new ArrayList<>(List.of("mergecap", "-a", "-w", whole.toString()));
    parts.forEach(part -> command.add(part.toString()));
    run(command.toArray(String[]::new));
    assertSame(subject.report(), subject.withLast(whole), code -> false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.4", "4.4", "4.6"})
  void anotherVersionOfTsharkSaysTheSame(String version) throws Exception {
    Path tshark = UnpackedTsharks.program(version);
    assumeThat(tshark).as("run .ci/tshark-versions").isExecutable();
    for (String name : List.of("seed-20633", "lab-10-pmtud-blackhole")) {
      Path[] captures = ReportOf.example(name);
      assertSame(
          ReportOf.captures(captures),
          ReportOf.captures(List.of("--tshark", tshark.toString()), captures),
          code -> false);
    }
  }

  static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String complaint = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(complaint).isZero();
  }

  /** The same findings in both, but for codes that are left out; causes weigh numbers of all. */
  private static void assertSame(ReportOf before, ReportOf after, Predicate<String> leftOut) {
    List<Map<String, Object>> gone = told(before, leftOut);
    List<Map<String, Object>> added = told(after, leftOut);
    List<Map<String, Object>> common = new ArrayList<>(gone);
    common.retainAll(added);
    gone.removeAll(common);
    added.removeAll(common);
    assertThat(List.of(gone, added))
        .withFailMessage(
            () -> "\nsaid no more:\n  " + lines(gone) + "\nsaid instead:\n  " + lines(added))
        .allMatch(List::isEmpty);
  }

  private static List<Map<String, Object>> told(ReportOf report, Predicate<String> leftOut) {
    List<Map<String, Object>> told = new ArrayList<>();
    for (Map<String, Object> finding : report.findings()) {
      if (!leftOut.test(finding.get("code").toString())) {
        Map<String, Object> without = new LinkedHashMap<>(finding);
        without.remove("causes");
        if (MEASURED.contains(finding.get("code").toString())) {
          without.remove("message");
          Map<String, Object> facts = new LinkedHashMap<>(map(without.get("facts")));
          facts.keySet().removeAll(Set.of("at", "samples", "uncertainty_ms", "low_s", "high_s"));
          without.put("facts", facts);
        }
        told.add(without);
      }
    }
    return told;
  }

  private static String lines(List<Map<String, Object>> findings) {
    return findings.stream().map(String::valueOf).collect(Collectors.joining("\n  "));
  }
}
