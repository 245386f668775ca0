package org.mssbridge.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.script.PacketScript;
import org.mssbridge.tshark.TsharkException;

/** The sieve changes no result, whatever the capture is. */
class SieveLawTest {
  private static final Path ROOT = Path.of(System.getProperty("mssbridge.root"));
  private static final Path SHARED = ROOT.resolve("../shared/captures");
  private static final Path STORIES = ROOT.resolve("java-bridge/program/src/test/resources/cases");
  private static final Path LAB = STORIES.resolveSibling("lab");

  private static final Set<String> UNUSUAL =
      Set.of(
          "capture.cut-short",
          "capture.no-handshake",
          "capture.snaplen",
          "ecn-dscp",
          "fast-open",
          "formats",
          "hostile-comments",
          "hostile-options",
          "ipv6",
          "many",
          "mss.violated",
          "offload",
          "path.fragmented",
          "path.reordered",
          "pmtud.too-big",
          "port-reuse",
          "proxy",
          "rst.injected",
          "sack.untranslated");

  @TempDir private Path folder;

  private final SieveLaw law;

  SieveLawTest() throws TsharkException {
    law = new SieveLaw();
  }

  /**
   * Of the batch, whose pairs are much alike, those of one office in all its formats; the others by
   * {@code make test-all}.
   */
  @TestFactory
  Stream<DynamicTest> everyExample() throws IOException {
    String names =
        Boolean.getBoolean("mssbridge.every.case") ? ".*" : ".*/(client|server|north-.*)";
    String captures = names + "\\.pcap(ng)?(\\.gz)?";
    return Stream.concat(tests(ROOT.resolve("examples"), captures), tests(LAB, captures));
  }

  @Tag("slow")
  @TestFactory
  Stream<DynamicTest> everyPublicCapture() throws IOException {
    assumeTrue(Files.isDirectory(SHARED), () -> "no captures in " + SHARED);
    return tests(SHARED, ".*(?<!\\.json|\\.md)");
  }

  /** The first capture of those stories whose frames are unusual; the slow test takes all. */
  @TestFactory
  Stream<DynamicTest> storiesWithUnusualFrames() throws IOException {
    return stories(story -> UNUSUAL.contains(name(story).replace(".txt", "")), 1);
  }

  @Tag("slow")
  @TestFactory
  Stream<DynamicTest> everyPointOfEveryStory() throws IOException {
    return stories(story -> true, Integer.MAX_VALUE);
  }

  @Test
  void tsharkReadsLittleOfABulkTransfer() throws IOException {
    SieveLaw.Outcome outcome = law.holds(LAB.resolve("lab-17-loss-dup/client.pcap.gz"));
    assertThat(outcome.plain()).isGreaterThan(outcome.shown());
  }

  private Stream<DynamicTest> stories(Predicate<Path> chosen, int most) throws IOException {
    try (Stream<Path> stories = Files.list(STORIES)) {
      return stories.filter(chosen).sorted().toList().stream()
          .map(story -> DynamicTest.dynamicTest(name(story), () -> holds(story, most)));
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private void holds(Path story, int most) throws IOException {
    Path captures = Files.createDirectories(folder.resolve(name(story)));
    PacketScript script = PacketScript.parse(story);
    for (Path capture : script.writeTo(captures).values().stream().limit(most).toList()) {
      law.holds(capture);
    }
  }

  private Stream<DynamicTest> tests(Path below, String names) throws IOException {
    try (Stream<Path> files = Files.walk(below)) {
      return files
          .filter(file -> Files.isRegularFile(file) && file.toString().matches(names))
          .sorted()
          .toList()
          .stream()
          .map(
              file ->
                  DynamicTest.dynamicTest(
                      below.relativize(file).toString(), () -> law.holds(file)));
    }
  }
}
