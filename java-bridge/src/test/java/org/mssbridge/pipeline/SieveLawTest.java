package org.mssbridge.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.script.PacketScript;
import org.mssbridge.tshark.Cancellation;
import org.mssbridge.tshark.Tshark;
import org.mssbridge.tshark.TsharkException;

/** With the sieve before tshark, every frame says what it says without. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SieveLawTest {
  private static final Path ROOT = Path.of(System.getProperty("mssbridge.root"));
  private static final Path SHARED = Path.of("/work/shared/captures");
  private static final Path STORIES = ROOT.resolve("java-bridge/src/test/resources/cases");

  @TempDir Path folder;

  private final Tshark tshark;

  SieveLawTest() throws TsharkException {
    Path script = Path.of(System.getProperty("mssbridge.lua"), "mss.lua");
    tshark = Tshark.find("tshark", script, Duration.ofMinutes(2));
  }

  @TestFactory
  Stream<DynamicTest> everyExample() throws IOException {
    return tests(ROOT.resolve("examples"), ".*\\.pcap(ng)?(\\.gz)?");
  }

  @TestFactory
  Stream<DynamicTest> everyPublicCapture() throws IOException {
    assumeTrue(Files.isDirectory(SHARED), () -> "no captures in " + SHARED);
    return tests(SHARED, ".*(?<!\\.json|\\.md)");
  }

  @TestFactory
  Stream<DynamicTest> everyStory() throws IOException {
    try (Stream<Path> stories = Files.list(STORIES)) {
      return stories.sorted().toList().stream()
          .map(
              story -> DynamicTest.dynamicTest(story.getFileName().toString(), () -> story(story)));
    }
  }

  private void story(Path story) throws Exception {
    Path captures = Files.createDirectories(folder.resolve(story.getFileName()));
    for (Path capture : PacketScript.parse(story).writeTo(captures).values()) {
      holds(capture);
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
                  DynamicTest.dynamicTest(below.relativize(file).toString(), () -> holds(file)));
    }
  }

  private void holds(Path capture) throws Exception {
    FrameLines all = new FrameLines();
    boolean complete;
    try {
      complete = tshark.read(capture, Optional.empty(), all, new Cancellation()).complete();
    } catch (TsharkException e) {
      assertThat(SiftedRead.read(tshark, capture, frame -> {}, new Cancellation())).isEmpty();
      System.out.println("UNREADABLE " + capture);
      return;
    }
    FrameLines sifted = new FrameLines();
    int[] plain = new int[1];
    Optional<SiftedRead.Result> result =
        SiftedRead.read(
            tshark,
            capture,
            f -> {
              sifted.accept(f);
              if (f.getClass().getSimpleName().equals("PlainFrame")) plain[0]++;
            },
            new Cancellation());
    System.out.println(
        (result.isPresent() ? "SIFTED " + plain[0] + "/" : "NOT ")
            + all.lines().size()
            + " "
            + capture);
    if (result.isPresent()) {
      assertThat(sifted.lines()).isEqualTo(all.lines());
      assertThat(result.get().summary().complete()).isEqualTo(complete);
    }
  }
}
