package org.mssbridge.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares what discover finds on Spark with what it finds on one machine. */
class ClusterDiscoverTest {
  @TempDir private Path folder;
  private Path captures;
  private Path out;

  @BeforeEach
  void setUp() throws IOException {
    captures = Files.createDirectories(folder.resolve("captures"));
    out = folder.resolve("out");
    copy("seed-20633", "client.pcap", "q1.pcap");
    copy("seed-20633", "server.pcap", "a7.pcap");
    copy("lab-05-seed", "client.pcap.gz", "m3.pcap.gz");
    copy("lab-05-seed", "server.pcap.gz", "deep/b.pcap.gz");
    copy("lab-10-pmtud-blackhole", "client.pcap.gz", "z.pcap.gz");
    copy("lab-10-pmtud-blackhole", "client.pcap.gz", "same-as-z.pcap.gz");
    Files.writeString(captures.resolve("notes.txt"), "no capture");
    byte[] capture = Files.readAllBytes(captures.resolve("q1.pcap"));
    Files.write(captures.resolve("header.pcap"), Arrays.copyOf(capture, 20));
  }

  private void copy(String example, String file, String name) throws IOException {
    Path target = captures.resolve(name);
    Files.createDirectories(target.getParent());
    Path source = folder.resolve(example);
    if (!Files.exists(source)) {
      Work.example(example, folder);
    }
    Files.copy(source.resolve(file), target);
  }

  private Work discover(String from, String manifest) {
    return Work.onSpark("discover", from, "--out", out.toString(), "--manifest", manifest);
  }

  @Test
  void pathsAreThoseOfOneMachineAndNothingIsReadTwice() throws IOException {
    Path one = folder.resolve("one.csv");
    Path many = folder.resolve("many.csv");
    Work alone = Work.alone("discover", captures.toString(), "--manifest", one.toString());

    Work first = discover(captures.toString(), many.toString());

    assertThat(first.err()).isEmpty();
    assertThat(first.status()).isEqualTo(4).isEqualTo(alone.status());
    assertThat(withoutNext(first)).isEqualTo(withoutNext(alone));
    assertThat(first.out())
        .contains("path 2", "is the same, byte for byte")
        .doesNotContain("path 3");
    assertThat(many).hasSameTextualContentAs(one);

    Work second = discover(captures.toString(), many.toString());

    assertThat(second.out()).startsWith("5 captures, 1 read now");
    assertThat(withoutNext(second).subList(1, withoutNext(second).size()))
        .isEqualTo(withoutNext(alone).subList(1, withoutNext(alone).size()));

    Work batch = Work.onSpark("batch", many.toString(), "--out", out.toString());

    assertThat(batch.err()).isEmpty();
    assertThat(batch.out()).startsWith("2 pairs: 2 compared");
  }

  @Test
  void foldersOfAnotherFileSystemGiveTheSame() throws IOException {
    Path many = folder.resolve("many.csv");
    Work local = discover(captures.toString(), many.toString());
    String here = Files.readString(many);

    Work other = discover("other://place" + captures, "other://place" + many);

    assertThat(other.err()).isEmpty();
    assertThat(other.out().replace("other://place", "").lines().skip(1).toList())
        .isEqualTo(local.out().lines().skip(1).toList());
    assertThat(Files.readString(many).replace("other://place", "")).isEqualTo(here);
  }

  @Test
  void whatCannotBeSearchedIsOneLine() {
    Work missing =
        discover(folder.resolve("nowhere").toString(), folder.resolve("m.csv").toString());

    assertThat(missing.status()).isEqualTo(3);
    assertThat(missing.err())
        .isEqualTo(
            "mssbridge: " + folder.resolve("nowhere") + ": no such folder; check the name\n");
  }

  /** The lines but for the last, which names the command that comes next. */
  private static List<String> withoutNext(Work work) {
    List<String> lines = work.out().lines().toList();
    return lines.subList(0, lines.size() - 1);
  }
}
