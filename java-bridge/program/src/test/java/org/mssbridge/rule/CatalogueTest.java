package org.mssbridge.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mssbridge.finding.Kind;

/** Rules and catalogue match: each kind of finding has a page, and each page has a kind. */
class CatalogueTest {
  private static final Path ROOT = Path.of(System.getProperty("mssbridge.root", ".."));
  private static final Path PAGES = ROOT.resolve("java-bridge/docs/findings");
  private static final List<String> SECTIONS =
      List.of(
          "## When it fires",
          "## Facts",
          "## What speaks against it",
          "## What to do",
          "## Example",
          "Related: ",
          "Sources: ");

  static List<Kind> kinds() {
    return Rules.all().stream().flatMap(rule -> rule.kinds().stream()).toList();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyKindHasAPageThatStartsWithItsCodeAndMeaning(Kind kind) throws IOException {
    Path page = page(kind);
    assertThat(page).as("write %s, like the other pages in its folder", page).isRegularFile();
    String text = Files.readString(page);
    assertThat(text.lines().findFirst().orElse(""))
        .as("make this the first line of %s", page)
        .isEqualTo("# `" + kind.code() + "`: " + kind.meaning());
    assertThat(text.lines().limit(5))
        .as("add severity and group of %s below the title of %s", kind.code(), page)
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("Severity **" + kind.severity().label() + "**")
                    .endsWith("group **" + kind.group().label() + "**."));
    assertThat(text.lines().filter(line -> SECTIONS.stream().anyMatch(line::startsWith)))
        .as("give %s these sections, in this order", page)
        .extracting(line -> SECTIONS.stream().filter(line::startsWith).findFirst().orElseThrow())
        .containsExactlyElementsOf(SECTIONS);
  }

  @Test
  void everyPageHasAKind() throws IOException {
    try (Stream<Path> files = Files.list(PAGES)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .as("delete pages in %s that no rule's kinds() declares, or add the kind", PAGES)
          .containsExactlyInAnyOrderElementsOf(
              kinds().stream().map(kind -> kind.code() + ".md").toList());
    }
  }

  @Test
  void codesAreUnique() {
    assertThat(kinds())
        .extracting(Kind::code)
        .as("two kinds have the same code: rename one")
        .doesNotHaveDuplicates()
        .isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void codeIsAreaAndName(Kind kind) {
    assertThat(kind.code())
        .as("name it area.what-it-is, in lower case")
        .matches("[a-z]+\\.[a-z-]+");
  }

  @Test
  void rulesAreSorted() {
    assertThat(Rules.all())
        .extracting(rule -> rule.getClass().getSimpleName())
        .as("sort the list in Rules by class name")
        .isSorted();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void theTableListsTheKind(Kind kind) throws IOException {
    String row =
        String.format(
            "| [`%s`](findings/%s.md) | %s | %s |",
            kind.code(), kind.code(), kind.severity().label(), kind.meaning());
    assertThat(Files.readAllLines(PAGES.resolveSibling("findings.md")))
        .as("add this row to the table in java-bridge/docs/findings.md")
        .contains(row);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void relatedLinksLeadToPages(Kind kind) throws IOException {
    String related =
        Files.readString(page(kind))
            .lines()
            .filter(line -> line.startsWith("Related: "))
            .findFirst()
            .orElse("");
    String[] links = related.split("\\]\\(", -1);
    for (int i = 1; i < links.length; i++) {
      String target = links[i].substring(0, links[i].indexOf(')'));
      assertThat(PAGES.resolve(target))
          .as("%s links to a related code without a page: correct the link", page(kind))
          .isRegularFile();
    }
  }

  /** Sinks, SQL and pages know findings by type: a new code is a rule, a page and a story only. */
  @ParameterizedTest
  @MethodSource("sources")
  void noCodeAppearsOutsideTheRules(Path source) throws IOException {
    String text = Files.readString(source);
    Pattern quoted =
        Pattern.compile(
            kinds().stream()
                .map(kind -> Pattern.quote(kind.code()))
                .collect(Collectors.joining("|", "[\"'`][^\"'`\n]*(?<![\\w.])(?:", ")(?![\\w-])")));
    assertThat(quoted.matcher(text).results().map(MatchResult::group))
        .as("in %s, use a method or a type of the finding instead of its code", source)
        .isEmpty();
  }

  static Stream<Path> sources() throws IOException {
    Path main = ROOT.resolve("java-bridge/program/src/main");
    try (Stream<Path> files = Files.walk(main)) {
      return files
          .filter(file -> file.toString().matches(".*\\.(java|sql|js|html)"))
          .filter(file -> !file.startsWith(main.resolve("java/org/mssbridge/rule")))
          .filter(file -> !file.getFileName().toString().matches("migrate-.*\\.sql"))
          .toList()
          .stream();
    }
  }

  private static Path page(Kind kind) {
    return PAGES.resolve(kind.code() + ".md");
  }
}
