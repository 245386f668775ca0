package org.mssbridge.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares what a batch on Spark writes with what the program on one machine writes. */
class ClusterBatchTest {
  @TempDir private Path folder;
  private Path manifest;
  private Path out;

  @BeforeEach
  void setUp() throws IOException {
    Path seed = Work.example("seed-20633", folder);
    Path lab = Work.example("lab-05-seed", folder);
    manifest =
        Files.write(
            folder.resolve("pairs.csv"),
            List.of(
                "id,client,server",
                "seed," + seed.resolve("client.pcap") + "," + seed.resolve("server.pcap"),
                "lab," + lab.resolve("client.pcap.gz") + "," + lab.resolve("server.pcap.gz"),
                "none," + seed.resolve("client.pcap") + "," + seed.resolve("none.pcap"),
                "alone," + seed.resolve("cl*.pcap") + "," + seed.resolve("nothing*.pcap")));
    out = folder.resolve("out");
  }

  private Work batch(String... more) {
    String[] arguments =
        Stream.concat(
                Stream.of("batch", manifest.toString(), "--out", out.toString()), Stream.of(more))
            .toArray(String[]::new);
    return Work.onSpark(arguments);
  }

  private Map<String, byte[]> rows(Path from, String name) throws IOException {
    Map<String, byte[]> tables = Work.tables(from, folder.resolve(name));
    tables.keySet().removeAll(List.of("run", "attempt"));
    return tables;
  }

  @Test
  void rowsAreThoseOfOneMachineAndNothingIsDoneTwice() throws IOException {
    Path one = folder.resolve("case.db");
    Work alone = Work.alone("batch", manifest.toString(), "--case", one.toString());

    Work first = batch("--html", folder.resolve("pages").toString());

    assertThat(first.err()).isEmpty();
    assertThat(first.status()).isEqualTo(4).isEqualTo(alone.status());
    assertThat(first.out().lines().limit(3).toList())
        .isEqualTo(alone.out().lines().limit(3).toList());
    assertThat(folder.resolve("pages")).isDirectoryContaining("glob:**/seed.html");
    assertThat(Work.said(out)).isEqualTo(Work.said(one));
    Map<String, byte[]> expected = rows(one, "one");
    Map<String, byte[]> written = rows(out, "many");
    assertThat(written.keySet()).isEqualTo(expected.keySet());
    expected.forEach((table, bytes) -> assertThat(written.get(table)).as(table).isEqualTo(bytes));

    Files.setLastModifiedTime(
        folder.resolve("seed-20633/client.pcap"), FileTime.from(Instant.EPOCH.plusSeconds(1)));
    Work second = batch();

    assertThat(second.out()).startsWith("4 pairs: 0 compared, 2 compared before, 1 could not");
    assertThat(Work.said(out)).isEqualTo(Work.said(one));
  }

  @Test
  void capturesOfAnotherFileSystemGiveTheSame() throws IOException {
    Files.writeString(
        manifest,
        Files.readString(manifest)
            .lines()
            .filter(line -> !line.startsWith("alone"))
            .map(line -> line.replace("," + folder, ",other://place" + folder) + "\n")
            .reduce("", String::concat));
    Path whole = folder.resolve("whole");

    Work sieved = batch();
    Work read =
        Work.onSpark(
            "batch",
            "other://place" + manifest,
            "--out",
            "other://place" + whole,
            "--frames",
            "all");

    assertThat(sieved.err()).isEmpty();
    assertThat(sieved.out()).contains("3 pairs: 2 compared, 1 could not be compared");
    assertThat(sieved.out()).contains("none: other://place" + folder + "/seed-20633/none.pcap: no");
    assertThat(read.out().lines().toList().subList(0, 2))
        .isEqualTo(sieved.out().lines().toList().subList(0, 2));
    assertThat(Work.said(whole)).isEqualTo(Work.said(out));
    assertThat(rows(whole, "whole-tables").get("finding"))
        .isEqualTo(rows(out, "out-tables").get("finding"));
  }

  @Test
  void whatCannotBeUsedIsOneLine() throws IOException {
    Work missing = batch("--tshark", folder.resolve("no-tshark").toString());

    assertThat(missing.status()).isEqualTo(3);
    assertThat(missing.err())
        .startsWith("mssbridge: executor on ")
        .contains("no-tshark: cannot be started; install tshark")
        .hasLineCount(1);
    assertThat(out.resolve("_mssbridge/lock")).doesNotExist();

    Files.writeString(out.resolve("_mssbridge/lock"), "elsewhere 7 2026-01-01T00:00:00Z\n");
    Work held = batch();

    assertThat(held.status()).isEqualTo(3);
    assertThat(held.err())
        .isEqualTo(
            "mssbridge: "
                + out
                + ": another batch works in it, process 7 on elsewhere since 2026-01-01T00:00:00Z;"
                + " wait for it, or if it is gone, run again with --take-over\n");

    Path foreign = Files.createDirectories(folder.resolve("foreign"));
    Files.writeString(foreign.resolve("thesis.txt"), "mine");
    out = foreign;
    Work refused = batch();

    assertThat(refused.status()).isEqualTo(3);
    assertThat(refused.err()).contains("it holds other files, such as thesis.txt").hasLineCount(1);
    assertThat(foreign).isDirectoryContaining("glob:**/thesis.txt");
    try (Stream<Path> left = Files.list(foreign)) {
      assertThat(left).hasSize(1);
    }
  }
}
