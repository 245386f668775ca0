package org.mssbridge.capturefile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.capturefile.AnnotatedCapture.Comments;
import org.mssbridge.capturefile.AnnotatedCapture.TsharkCount;
import org.mssbridge.output.OutputException;

/** Annotates captures from public repositories; many of them were made to break readers. */
@Tag("slow")
class PublicCapturesTest {
  private static final Path CAPTURES =
      Path.of(System.getProperty("mssbridge.root", ".."), "..", "shared", "captures");

  @TempDir private Path folder;

  @TestFactory
  Stream<DynamicTest> theCopyOfEachIsTheInputWithComments() throws IOException {
    assumeTrue(Files.isDirectory(CAPTURES), () -> "no captures in " + CAPTURES);
    return files(CAPTURES).stream()
        .map(
            capture ->
                DynamicTest.dynamicTest(
                    CAPTURES.relativize(capture).toString(), () -> copyHolds(capture)));
  }

  private void copyHolds(Path capture) throws Exception {
    Path output = folder.resolve("copy.pcapng");
    Files.deleteIfExists(output);
    if (isReadable(capture)) {
      AnnotatedCaptureCheck.holds(capture, output);
      otherProgramsAccept(output, capture);
    } else {
      writesOneClearErrorOrACopy(capture, output);
    }
  }

  /** Whether the file starts like pcapng or pcap 2.4; tshark reads older and rarer formats too. */
  private static boolean isReadable(Path capture) throws IOException {
    String start;
    try (InputStream in = Files.newInputStream(capture)) {
      start = HexFormat.of().formatHex(in.readNBytes(8));
    }
    return start.startsWith("0a0d0d0a")
        || start.matches("(a1b2c3d4|a1b23c4d|a1b2cd34)00020004")
        || start.matches("(d4c3b2a1|4d3cb2a1|34cdb2a1)02000400");
  }

  /** If a program rejects the copy, it must reject the input too. */
  private void otherProgramsAccept(Path copy, Path original) throws Exception {
    for (String program : List.of("capinfos", "editcap", "mergecap")) {
      if (statusOf(program, copy) != 0) {
        assertThat(statusOf(program, original)).as(program + " on the input").isNotZero();
      }
    }
  }

  private int statusOf(String program, Path capture) throws Exception {
    String file = capture.toString();
    String scratch = folder.resolve("scratch.pcapng").toString();
    return WiresharkTools.run(
            switch (program) {
              case "editcap" -> List.of(program, file, scratch);
              case "mergecap" -> List.of(program, "-w", scratch, file, file);
              default -> List.of(program, file);
            })
        .status();
  }

  private static void writesOneClearErrorOrACopy(Path capture, Path output) {
    Comments none = new NoComments();
    try {
      AnnotatedCapture.write(capture, output, List.of(), none, new TsharkCount(0, false));
    } catch (OutputException e) {
      assertThat(e).hasMessageContaining(capture.toString());
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.toString().endsWith(".json"))
          .sorted()
          .toList();
    }
  }

  private record NoComments() implements Comments {
    @Override
    public List<String> of(long frame) {
      return List.of();
    }

    @Override
    public String disowning(int lookalikes) {
      return "foreign";
    }
  }
}
