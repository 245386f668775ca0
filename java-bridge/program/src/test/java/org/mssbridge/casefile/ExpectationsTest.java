package org.mssbridge.casefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.model.Severity;

/** A connection counts once, even if several findings are about it. */
class ExpectationsTest {
  private static final String TIME = "2024-03-02T14:10:05.000000000Z";

  @TempDir private Path folder;
  private CaseFile file;

  @BeforeEach
  void twoFindingsOnTheSameConnection() throws Exception {
    file = CaseFile.forWriting(folder.resolve("case.db"));
    try (Rows rows = new Rows(file.connection())) {
      rows.add(
          Row.of("pair")
              .set("pair", "a")
              .set("state", PairState.COMPARED.label())
              .set("version", "1")
              .set("tshark", "4.0"));
      rows.add(connection(7));
      for (int finding = 0; finding < 2; finding++) {
        rows.add(finding(finding, "one thing"));
        rows.add(
            Row.of("finding_occurrence")
                .set("pair", "a")
                .set("finding", finding)
                .set("occurrence", 0)
                .set("connection", 7));
      }
      rows.flush();
    }
  }

  @AfterEach
  void close() throws CaseFileException {
    file.close();
  }

  private static Row connection(int number) {
    return Row.of("connection")
        .set("pair", "a")
        .set("connection", number)
        .set("first", TIME)
        .set("points", 2)
        .set("confidence", 1.0);
  }

  private static Row pairing(int connection) {
    return Row.of("pairing")
        .set("pair", "a")
        .set("connection", connection)
        .set("near_point", "client")
        .set("far_point", "server")
        .set("confidence", 1.0)
        .set("matched_by", "[]")
        .set("functions", "[]");
  }

  private static Row finding(int number, String message) {
    return Row.of("finding")
        .set("pair", "a")
        .set("finding", number)
        .set("code", "option.changed")
        .set("severity", "warn")
        .set("severity_rank", 3)
        .set("finding_group", "g")
        .set("direction", "c2s")
        .set("near_point", "client")
        .set("far_point", "server")
        .set("near_value", "1")
        .set("far_value", "2")
        .set("message", message)
        .set("count", 1)
        .set("facts", "{}")
        .set("next_step", "ask");
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
  void shareCountsOnlyConnectionsThatCrossed() throws Exception {
    try (Rows rows = new Rows(file.connection())) {
      rows.add(connection(8));
      rows.add(pairing(8));
      rows.flush();
      assertThat(share()).as("connection 7 did not cross").isEmpty();
      rows.add(pairing(7));
      rows.flush();
      assertThat(share()).hasValue(2);
    }
  }

  private OptionalLong share() throws CaseFileException {
    try (CaseFile reader = CaseFile.forReading(file.path())) {
      return CaseSummary.of(reader).changes().get(0).ofConnections();
    }
  }
}
