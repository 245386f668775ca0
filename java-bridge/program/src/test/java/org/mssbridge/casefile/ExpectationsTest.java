package org.mssbridge.casefile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.model.Severity;

/** A connection counts once, whatever number of findings says the same of it. */
class ExpectationsTest {
  private static final String TIME = "2024-03-02T14:10:05.000000000Z";

  @TempDir private Path folder;
  private CaseFile file;

  @BeforeEach
  void twoFindingsOnTheSameConnection() throws Exception {
    file = CaseFile.forWriting(folder.resolve("case.db"));
    try (Rows rows = new Rows(file.connection())) {
      rows.add("pair", "a", "compared", null, "1", "4.0", null, null, "", 1, 0);
      rows.add("connection", "a", 7, TIME, 2, 1.0, null, null, null, 0, 0, 0, 0);
      for (int finding = 0; finding < 2; finding++) {
        rows.add("finding", finding(finding, "one thing"));
        rows.add("finding_connection", "a", finding, 7);
      }
      rows.flush();
    }
  }

  @AfterEach
  void close() throws CaseFileException {
    file.close();
  }

  private static Object[] finding(int number, String message) {
    return new Object[] {
      "a",
      number,
      "option.changed",
      "warn",
      3,
      "g",
      "c2s",
      "client",
      "server",
      "1",
      "2",
      message,
      1,
      TIME,
      TIME,
      "{}",
      "ask",
      null
    };
  }

  @Test
  void connectionCountsOnce() throws Exception {
    assertThat(new Expectations(file).unexpected(List.of("a"), Severity.WARN))
        .singleElement()
        .extracting(Expectations.Unexpected::connections, Expectations.Unexpected::pairs)
        .containsExactly(1L, 1L);
    Query query = new Query(file.connection());
    assertThat(query.number("SELECT connections FROM boundary_change")).isEqualTo(1);
    assertThat(query.number("SELECT connections FROM change_by_day")).isEqualTo(1);
    query.list(row -> 0, "UPDATE finding SET accepted = 'known' WHERE finding = 0 RETURNING 1");
    assertThat(query.number("SELECT accepted FROM boundary_change")).isEqualTo(1);
  }

  @Test
  void shareIsOfConnectionsThatWereSeenToCross() throws Exception {
    try (Rows rows = new Rows(file.connection())) {
      rows.add("connection", "a", 8, TIME, 2, 1.0, null, null, null, 0, 0, 0, 0);
      rows.add("pairing", "a", 8, "client", "server", 1.0, "[]", "[]");
      rows.flush();
      assertThat(share()).as("connection 7 did not cross").isEmpty();
      rows.add("pairing", "a", 7, "client", "server", 1.0, "[]", "[]");
      rows.flush();
      assertThat(share()).hasValue(2);
    }
  }

  private OptionalLong share() throws CaseFileException {
    try (CaseFile reader = CaseFile.forReading(file.path())) {
      return CaseSummary.of(reader).changes().get(0).ofConnections();
    }
  }

  @Test
  void rowThatLacksSomethingIsAFailureAndNotLeftOut() throws Exception {
    try (Rows rows = new Rows(file.connection())) {
      rows.add("finding", finding(2, null));
      assertThatThrownBy(rows::flush)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("finding.message");
    }
  }
}
