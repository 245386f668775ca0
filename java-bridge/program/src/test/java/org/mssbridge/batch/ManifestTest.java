package org.mssbridge.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.FileState;

/** The points keep the order of the path, even if the first line leaves one out. */
class ManifestTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        id,client,middle,server
        first,c,,s
        all,c,m,s
        """,
        """
        {"id": "first", "client": "c", "middle": null, "server": "s"}
        {"id": "all", "server": "s", "middle": "m", "client": "c"}
        """
      })
  void pointMissingInTheFirstLineKeepsItsPlace(String text) throws Exception {
    Path manifest = Files.writeString(folder.resolve("manifest"), text);
    assertThat(Manifest.read(manifest).get(1).sources())
        .extracting(source -> source.point().name())
        .containsExactly("client", "middle", "server");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "id,client,client\\na,c,s | line 1 has the column client twice",
        "id,,client,server\\na,b,c,s | line 1 has a column without a name",
        "{\"id\":\"a\",\"client\":\"c\",\"client\":\"s\"} | line 1 has the column client twice",
        "id,client,server\\na,\"c,s | line 2 has a quotation mark that is not closed",
        "id,client,server\\na,\"c\"x,s | text after one",
        "id,client,server\\na,c,s,x | line 2 has more cells than the header",
        "{\"id\":\"a\" | line 1 is not JSON",
        "{\"id\":\"a\"}\\n[] | line 2 is not an object",
        "{\"id\":\"a\",\"client\":[]} | line 1 has no text or number as client",
        "{\"id\":\"\\ud800\",\"client\":\"c\",\"server\":\"s\"} | has an id that is no text",
        "id | names no pair",
      })
  void whatIsNoManifestIsRefusedInOneLine(String text, String reason) throws Exception {
    Path manifest = Files.writeString(folder.resolve("manifest"), text.replace("\\n", "\n"));
    assertThatThrownBy(() -> Manifest.read(manifest))
        .isInstanceOf(BatchException.class)
        .hasMessageStartingWith(manifest + ": ")
        .hasMessageContaining(reason)
        .message()
        .hasLineCount(1);
  }

  @Test
  void longRotationIsOneCellThatOnlyItsFilesMatch() throws Exception {
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      files.add(Files.createFile(folder.resolve(String.format("trace_%05d,{x}.pcap", i))));
      Files.createFile(folder.resolve(String.format("other_%05d.pcap", i)));
    }
    Path server = Files.createFile(folder.resolve("server.pcap"));
    Path manifest = folder.resolve("pairs.csv");
    try (OutputStream out = Files.newOutputStream(manifest)) {
      new ManifestWriter(manifest)
          .write(
              List.of(new CapturePoint("point1"), new CapturePoint("point2")),
              List.of(List.of(files, List.of(server))),
              out);
    }
    assertThat(Manifest.read(manifest).get(0).sources().get(0).files())
        .extracting(FileState::path)
        .containsExactlyInAnyOrderElementsOf(files);
  }

  @Test
  void folderIsNoManifest() {
    assertThatThrownBy(() -> Manifest.read(folder)).hasMessageContaining("is a directory");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[9-0].pcap", "[z-a]*", "[\\\\", "/", "{", "**"})
  void strangeCellSpoilsNoOtherPair(String cell) throws Exception {
    String deep = "{".repeat(3000) + "}".repeat(3000);
    Path manifest =
        Files.writeString(
            folder.resolve("manifest"),
            "id,client,server\nbad," + cell + ",s\ndeep," + deep + ",s\n,,\ngood,c,s\n");
    assertThat(Manifest.read(manifest))
        .extracting(CapturePair::id)
        .containsExactly("bad", "deep", "good");
    assertThat(Manifest.read(manifest).get(1).trouble()).hasLineCount(1).contains("no pattern");
    assertThat(Manifest.read(manifest).get(2).trouble()).isEmpty();
  }
}
