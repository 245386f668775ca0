package org.mssbridge.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The states of files, and the captures that consist of them. */
class CaptureFilesTest {
  private static final CapturePoint POINT = new CapturePoint("client");

  @TempDir private Path folder;

  @Test
  void changeOfLengthOrTimeIsDetected() throws Exception {
    Path path = Files.writeString(folder.resolve("a.pcap"), "abc");
    FileState found = FileState.of(path);
    assertThat(found.isUnchanged()).isTrue();
    assertThat(found.withSha256("00").isUnchanged()).as("read since").isTrue();
    Files.setLastModifiedTime(path, FileTime.fromMillis(4711));
    assertThat(found.isUnchanged()).as("time").isFalse();
    found = FileState.of(path);
    Files.writeString(path, "abcd");
    Files.setLastModifiedTime(path, FileTime.fromMillis(4711));
    assertThat(found.isUnchanged()).as("length").isFalse();
  }

  @Test
  void fileThatAppearsIsAChange() throws Exception {
    FileState found = FileState.of(folder.resolve("a.pcap"));
    assertThat(found.exists()).isFalse();
    assertThat(CaptureSource.of(POINT, List.of(found.path())).bytes()).isZero();
    Files.createFile(found.path());
    assertThat(found.isUnchanged()).isFalse();
  }

  @Test
  void joinedCaptureHasTheDigestsOfItsPiecesOnly() {
    FileState one = FileState.of(folder.resolve("1.pcap"));
    FileState two = FileState.of(folder.resolve("2.pcap"));
    Input single = Input.of(POINT, one).withSha256(List.of("11"));
    assertThat(single.isJoined()).isFalse();
    assertThat(single.sha256()).contains("11");
    List<CapturePiece> pieces =
        List.of(new CapturePiece(one, OptionalInt.of(1)), new CapturePiece(two, OptionalInt.of(7)));
    Input joined =
        new Input(POINT, folder.resolve("client.pcapng"), pieces, true, POINT, Optional.empty())
            .withSha256(List.of("11", "22"));
    assertThat(joined.isJoined()).isTrue();
    assertThat(joined.sha256()).isEmpty();
    assertThat(joined.files())
        .extracting(f -> f.sha256().orElseThrow())
        .containsExactly("11", "22");
    assertThat(joined.name()).isEqualTo("client.pcapng");
  }
}
