package org.mssbridge.cli;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs every command of the documentation in a copy of the checkout. The output must match what the
 * page shows; {@code …} matches anything.
 */
class DocumentationTest {
  /** Beginnings of commands that are not run, and why. */
  private static final Map<String, String> NOT_RUN =
      Map.ofEntries(
          Map.entry("make test", "this test is a part of it; of make test-all, too"),
          Map.entry("make bench", "measures for minutes"),
          Map.entry("sudo make lab", "needs root, and takes minutes"),
          Map.entry("wireshark ", "opens a window"),
          Map.entry("tar -xf mssbridge-", "make test-release does, with what follows"),
          Map.entry("mssbridge-0.2.0/bin/", "is in that archive"),
          Map.entry("sudo apt-get install ./mssbridge", "make test-release does"),
          Map.entry("mssbridge open ", "opens windows"),
          Map.entry("plugin/bin/mssbridge …", "stands for any arguments"),
          Map.entry("mvn -q -B -Dmaven.test.skip=true -pl java-bridge/spark", "builds for minutes"),
          Map.entry("java-bridge/spark/target/", "is not built here"),
          Map.entry("plugin/bin/mssbridge case today", "reads what that would write"),
          Map.entry("spark-submit ", "needs a cluster"),
          Map.entry("batch hdfs:", "the rest of such a line"),
          Map.entry("--class org.mssbridge.spark.Main", "the rest of such a line"));

  @TempDir private Path folder;

  /** A block of commands and where to run it. */
  private record Block(Path page, int line, List<String> commands, List<String> shown) {
    String name() {
      return ReportOf.projectRoot().relativize(page) + " line " + line;
    }
  }

  @TestFactory
  Stream<DynamicTest> commandsWork() throws IOException {
    Installation copy = copyOfCheckout();
    List<Block> blocks = new ArrayList<>();
    for (Path page : pages()) {
      blocks.addAll(blocks(page));
    }
    assertThat(blocks).as("blocks of commands").isNotEmpty();
    return blocks.stream()
        .map(block -> DynamicTest.dynamicTest(block.name(), () -> run(block, copy)));
  }

  /** Copies the compiled classes too, so that neither the launcher nor Maven compiles again. */
  private Installation copyOfCheckout() throws IOException {
    Installation copy = new Installation(Files.createDirectory(folder.resolve("checkout")));
    Installation.copyTree(ReportOf.projectRoot(), copy.folder());
    for (String module : List.of("java-bridge/picocli", "java-bridge/program")) {
      String classes = module + "/target/classes";
      Installation.copyTree(
          ReportOf.projectRoot().resolve(classes), copy.folder().resolve(classes));
    }
    Installation.writeJar(copy.folder().resolve("java-bridge/program/target/mssbridge.jar"));
    // Man pages are written by a module that is built after this one.
    Files.writeString(
        copy.folder().resolve(".mvn/maven.config"), "-Dmaven.main.skip=true\n-Dexec.skip=true\n");
    Files.createDirectories(copy.temporary());
    for (Path capture : ReportOf.example("seed-20633")) {
      Files.copy(capture, copy.folder().resolve(capture.getFileName()));
    }
    return copy;
  }

  private static List<Path> pages() throws IOException {
    Path root = ReportOf.projectRoot();
    List<Path> pages = new ArrayList<>();
    for (String start : List.of("", "lua", "plugin", "examples", "java-bridge/docs")) {
      try (Stream<Path> files = Files.walk(root.resolve(start), start.isEmpty() ? 1 : 3)) {
        files
            .filter(file -> file.toString().endsWith(".md") && !file.toString().contains("target"))
            .sorted()
            .forEach(pages::add);
      }
    }
    return pages;
  }

  private static List<Block> blocks(Path page) throws IOException {
    List<Block> blocks = new ArrayList<>();
    List<String> lines = Files.readAllLines(page);
    for (int i = 0; i < lines.size(); i++) {
      String fence = lines.get(i).strip();
      if (fence.equals("```sh") || fence.equals("```console")) {
        int start = i + 1;
        while (!lines.get(++i).strip().equals("```")) {}
        List<String> inside = lines.subList(start, i);
        blocks.add(new Block(page, start + 1, commands(fence, inside), shown(fence, inside)));
      }
    }
    return blocks;
  }

  /** In a console block the lines after a prompt are commands, and the others are their output. */
  private static List<String> commands(String fence, List<String> lines) {
    return lines.stream()
        .map(String::strip)
        .filter(line -> !fence.equals("```console") || line.startsWith("$ "))
        .map(line -> line.startsWith("$ ") ? line.substring(2) : line)
        .filter(line -> NOT_RUN.keySet().stream().noneMatch(line::startsWith))
        .toList();
  }

  private static List<String> shown(String fence, List<String> lines) {
    return fence.equals("```console")
        ? lines.stream().filter(line -> !line.startsWith("$ ")).toList()
        : List.of();
  }

  /**
   * Runs a block: in the folder of pages that belong to one, otherwise at the top of the checkout.
   */
  private void run(Block block, Installation copy) throws IOException, InterruptedException {
    Path place = ReportOf.projectRoot().relativize(block.page()).getParent();
    boolean ofItsFolder =
        place != null && (place.startsWith("lua") || place.startsWith("examples"));
    ProcessBuilder shell =
        copy.command("sh", "-euc", block.commands().stream().collect(joining("\n")));
    shell.directory(ofItsFolder ? copy.folder().resolve(place).toFile() : copy.folder().toFile());
    Path home = Files.createDirectories(folder.resolve("home"));
    Map<String, String> environment = shell.environment();
    environment.put("HOME", home.toString());
    environment.merge("PATH", home + "/.local/bin", (path, ours) -> ours + ":" + path);
    environment.keySet().removeIf(name -> name.startsWith("MAVEN") || name.startsWith("XDG"));
    CommandRun run = Installation.run(shell);
    assertThat(run.status()).as("%s\n%s%s", block.commands(), run.out(), run.err()).isZero();
    if (!block.shown().isEmpty()) {
      String shown = String.join("\n", block.shown()).strip();
      assertThat(run.out().strip())
          .matches(
              Pattern.compile(
                  Stream.of(shown.split("…", -1)).map(Pattern::quote).collect(joining(".*")),
                  Pattern.DOTALL));
    }
  }
}
