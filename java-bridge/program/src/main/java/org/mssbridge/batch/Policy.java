package org.mssbridge.batch;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.mssbridge.casefile.Expectations;
import org.mssbridge.model.Printable;

/**
 * Findings that are known and accepted, a line each: a table with some of the columns {@link
 * Expectations#COLUMNS}, and {@link Expectations#REASON}. A cell may be a pattern; an empty one
 * stands for anything.
 *
 * @param rows the lines by their columns
 */
public record Policy(List<Map<String, String>> rows) {
  public Policy {
    rows = List.copyOf(rows);
  }

  /** Nothing is expected. */
  public static Policy none() {
    return new Policy(List.of());
  }

  /**
   * Reads it.
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

  /** A line as it is told to the user, by its number from 1. */
  public String words(int number) {
    return rows.get(number - 1).entrySet().stream()
        .map(cell -> cell.getKey() + "=" + Printable.of(cell.getValue()))
        .collect(Collectors.joining(", "));
  }
}
