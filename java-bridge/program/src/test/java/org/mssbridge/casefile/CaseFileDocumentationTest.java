package org.mssbridge.casefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mssbridge.cli.CommandRun;
import org.mssbridge.cli.ReportOf;

/**
 * The page on the case file documents all tables, views and columns, and its queries return rows.
 */
class CaseFileDocumentationTest {
  private static final Path PAGE = ReportOf.projectRoot().resolve("java-bridge/docs/case-file.md");
  private static final Pattern SECTION =
      Pattern.compile("### `([a-z_]+)`\n(.*?)(?=\n### |\n## |\\z)", Pattern.DOTALL);
  private static final Pattern COLUMN =
      Pattern.compile("^\\| `([a-z0-9_]+)` \\| \\S", Pattern.MULTILINE);
  private static final Pattern TYPE =
      Pattern.compile("^\\| `([a-z0-9_]+)` \\| ([a-z ]+) \\| \\S", Pattern.MULTILINE);

  /** Begins the name of a table as the page's commands export it. */
  private static final String PARQUET = "'tables/";

  private static final Pattern QUESTION = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);

  @TempDir private static Path folder;
  private static Path file;
  private static Path tables;

  @BeforeAll
  static void compare() throws IOException {
    Path[] seed = ReportOf.example("seed-20633");
    file = CaseCommandTest.caseOf(folder, CaseCommandTest.pair("a", seed[0], seed[1]));
    tables = folder.resolve("tables");
    CommandRun.of("case", file, "--parquet", tables).assertDone();
  }

  private static List<List<String>> ask(String sql) throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    try (Connection connection = RawCase.open(file);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getString(i));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  @Test
  void everyTableViewAndColumnHasItsLine() throws Exception {
    Map<String, Set<String>> real = new TreeMap<>();
    for (List<String> column :
        ask(
            "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c"
                + " WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite_%'")) {
      real.computeIfAbsent(column.get(0), t -> new TreeSet<>()).add(column.get(1));
    }
    // The page lists only the columns that this view adds to the table.
    real.get("finding_on_connection").removeAll(real.get("finding"));
    Map<String, Set<String>> documented = new TreeMap<>();
    SECTION
        .matcher(Files.readString(PAGE))
        .results()
        .forEach(section -> documented.put(section.group(1), columns(section.group(2))));
    assertThat(documented).isEqualTo(real);
  }

  private static Set<String> columns(String section) {
    Set<String> columns = new LinkedHashSet<>();
    COLUMN.matcher(section).results().forEach(column -> columns.add(column.group(1)));
    return new TreeSet<>(columns);
  }

  static List<String> questions() throws IOException {
    return QUESTION
        .matcher(Files.readString(PAGE))
        .results()
        .map((MatchResult question) -> question.group(1))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("questions")
  void everyQuestionHasAnAnswer(String question) throws SQLException {
    assertThat(
            question.contains(PARQUET)
                ? ParquetFolder.ask(question.replace(PARQUET, "'" + tables + "/"))
                : ask(question))
        .as(question)
        .isNotEmpty();
  }

  @Test
  void everyColumnOfATableHasItsType() throws Exception {
    Map<String, String> real = new TreeMap<>();
    for (CaseTable table : CaseTable.all()) {
      for (CaseTable.Column column : table.columns()) {
        real.put(
            table.name() + "." + column.name(),
            column.type().name().toLowerCase(Locale.ROOT) + (column.nullable() ? " or null" : ""));
      }
    }
    Map<String, String> documented = new TreeMap<>();
    String page = Files.readString(PAGE);
    SECTION
        .matcher(page.substring(0, page.indexOf("\n## Views")))
        .results()
        .forEach(
            section ->
                TYPE.matcher(section.group(2))
                    .results()
                    .forEach(
                        column ->
                            documented.put(
                                section.group(1) + "." + column.group(1), column.group(2))));
    assertThat(documented).isEqualTo(real);
  }
}
