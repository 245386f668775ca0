package org.mssbridge.casefile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A row is written or rejected, never dropped silently. */
class RowsTest {
  @TempDir private Path folder;
  private CaseFile file;
  private Rows rows;

  @BeforeEach
  void open() throws Exception {
    file = CaseFile.forWriting(folder.resolve("case.db"));
    rows = new Rows(file.connection());
  }

  @AfterEach
  void close() throws Exception {
    rows.close();
    file.close();
  }

  private static Row expectation(int number) {
    return Row.of("expectation").set("number", number).set("reason", "known");
  }

  @Test
  void emptyOptionalIsNull() throws Exception {
    rows.add(
        expectation(1)
            .set("pair", Optional.empty())
            .set("code", Optional.of("mss.clamped"))
            .set("near_value", OptionalInt.of(1460)));
    rows.flush();
    assertThat(new CaseRows(file.path()).of("SELECT pair, code, near_value FROM expectation"))
        .containsExactly("-|mss.clamped|1460");
  }

  @Test
  void unknownColumnIsRejected() {
    assertThatThrownBy(() -> rows.add(expectation(1).set("near_port", "client")))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("expectation has no column named near_port");
  }

  @Test
  void rowsOfATableMustHaveTheSameColumns() throws Exception {
    rows.add(expectation(1));
    assertThatThrownBy(() -> rows.add(expectation(2).set("code", "mss.clamped")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a row of expectation has [number, reason, code]");
  }

  @Test
  void rowWithoutARequiredValueIsRejected() throws Exception {
    rows.add(Row.of("expectation").set("number", 1));
    assertThatThrownBy(rows::flush)
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("expectation.reason");
  }

  /** The error message is one line that names the case. */
  @Test
  void duplicateKeyIsABugOfTheProgram() throws Exception {
    rows.add(expectation(1));
    rows.add(expectation(1));
    assertThatThrownBy(
            () -> {
              try {
                rows.flush();
              } catch (SQLException e) {
                throw file.failure(e);
              }
            })
        .isInstanceOf(IllegalStateException.class)
        .hasNoCause()
        .hasMessageStartingWith(file.path() + ": the case refused a row: ")
        .hasMessageContaining("expectation.number")
        .message()
        .hasLineCount(1);
  }
}
