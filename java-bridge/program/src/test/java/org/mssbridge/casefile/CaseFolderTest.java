package org.mssbridge.casefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.cli.CommandRun;
import org.mssbridge.cli.ReportOf;

/** {@code mssbridge case DIR}: a folder of Parquet says what its case says. */
class CaseFolderTest {
  @TempDir private static Path shared;
  @TempDir private Path folder;
  private static Path file;
  private Path tables;

  @BeforeAll
  static void compare() throws IOException {
    Path[] seed = ReportOf.example("seed-20633");
    file =
        CaseCommandTest.caseOf(
            shared,
            CaseCommandTest.pair("seed", seed[0], seed[1]),
            CaseCommandTest.pair("missing", shared.resolve("missing.pcap"), seed[1]));
  }

  @BeforeEach
  void export() {
    tables = folder.resolve("tables");
    assertThat(CommandRun.of("case", file, "--parquet", tables).status()).isZero();
  }

  private static Map<String, byte[]> contents(Path folder) throws IOException {
    Map<String, byte[]> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        contents.put(folder.relativize(each).toString(), Files.readAllBytes(each));
      }
    }
    return contents;
  }

  @Test
  void saysWhatTheCaseSays() throws IOException {
    UnaryOperator<String> unnamed = text -> text.substring(text.indexOf(": "));
    Path again = folder.resolve("again");

    CommandRun ofFolder = CommandRun.of("case", tables, "--parquet", again);

    assertThat(ofFolder.err()).isEmpty();
    assertThat(unnamed.apply(ofFolder.out()))
        .isEqualTo(unnamed.apply(CommandRun.of("case", file).out()));
    Map<String, byte[]> before = contents(tables);
    Map<String, byte[]> after = contents(again);
    assertThat(after.keySet()).isEqualTo(before.keySet());
    before.forEach((name, bytes) -> assertThat(after.get(name)).as(name).isEqualTo(bytes));
  }

  @Test
  void tablesMayBeInSeveralFilesBesideHiddenOnes() throws IOException {
    Files.copy(
        tables.resolve("cause/part-0.parquet"), tables.resolve("expectation/part-1.parquet"));
    assertRefused("has not the columns of the table expectation");
    Files.delete(tables.resolve("expectation/part-1.parquet"));
    Files.copy(
        tables.resolve("expectation/part-0.parquet"), tables.resolve("expectation/part-1.parquet"));
    Files.writeString(tables.resolve("_SUCCESS"), "");
    Files.writeString(tables.resolve("pair/.part-0.parquet.crc"), "");

    assertThat(CommandRun.of("case", tables).status()).isZero();
  }

  @Test
  void aFolderOfAnythingElseIsRefused() throws IOException {
    Path thesis = Files.writeString(tables.resolve("thesis.txt"), "mine");
    assertRefused("holds other files than the tables of a case, such as thesis.txt;");
    Files.delete(thesis);

    Path inTable = Files.writeString(tables.resolve("pair/thesis.txt"), "mine");
    assertRefused("holds other files than the tables of a case, such as pair/thesis.txt;");
    Files.delete(inTable);

    Path part = tables.resolve("pair/part-0.parquet");
    byte[] bytes = Files.readAllBytes(part);
    Files.writeString(part, "mine");
    assertRefused("pair/part-0.parquet: is no file of Parquet;");
    Files.write(part, Arrays.copyOf(bytes, bytes.length - 20));
    assertRefused("pair/part-0.parquet: is no file of Parquet;");
    Files.delete(part);
    assertRefused("has no table pair, so it is no whole case;");
  }

  private void assertRefused(String words) {
    CommandRun run = CommandRun.of("case", tables);
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(words).hasLineCount(1);
  }
}
