package org.mssbridge.batch;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.mssbridge.casefile.Expectations;
import org.mssbridge.model.Printable;

/**
 * Known and accepted findings, one per line: a table with some of the columns {@link
 * Expectations#COLUMNS}, and {@link Expectations#REASON}. A cell may be a pattern; an empty cell
 * matches anything.
 *
 * @param rows the lines, each a map from column to cell
 */
public record Policy(List<Map<String, String>> rows) {
  public Policy {
    rows = List.copyOf(rows);
  }

  /** A policy that accepts nothing. */
  public static Policy none() {
    return new Policy(List.of());
  }

  /**
   * Reads a policy.
   *
   * @throws BatchException if it has another column, or a line that would accept everything
   */
  public static Policy read(Path file) throws BatchException {
    List<Table.Row> rows = Table.read(file).rows();
    for (Table.Row row : rows) {
      for (String column : row.cells().keySet()) {
        if (!Expectations.COLUMNS.contains(column) && !column.equals(Expectations.REASON)) {
          throw new BatchException(
              Printable.of(file)
                  + ": line "
                  + row.line()
                  + " has a column "
                  + Printable.of(column)
                  + "; it may have "
                  + String.join(", ", Expectations.COLUMNS)
                  + " and "
                  + Expectations.REASON);
        }
      }
      if (Expectations.COLUMNS.stream().noneMatch(row.cells()::containsKey)) {
        throw new BatchException(
            Printable.of(file)
                + ": line "
                + row.line()
                + " would accept every finding; name a code, a boundary or a value");
      }
    }
    return new Policy(rows.stream().map(Table.Row::cells).toList());
  }

  /** A line as shown to the user, by its number from 1. */
  public String words(int number) {
    return rows.get(number - 1).entrySet().stream()
        .map(cell -> cell.getKey() + "=" + Printable.of(cell.getValue()))
        .collect(Collectors.joining(", "));
  }
}
