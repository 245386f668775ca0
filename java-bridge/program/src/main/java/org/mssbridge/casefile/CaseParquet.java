package org.mssbridge.casefile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.mssbridge.model.Printable;
import org.mssbridge.output.OutputException;
import org.mssbridge.output.WholeFolder;

/** Writes all tables of a case as Parquet: a folder for each table, with one file in it. */
public final class CaseParquet {
  private static final String FILE = "part-0.parquet";

  private final CaseFile file;
  private final List<CaseTable> tables;

  public CaseParquet(CaseFile file) throws CaseFileException {
    this.file = file;
    this.tables = CaseTable.all();
  }

  /**
   * Checks before the work starts that the folder can be written.
   *
   * @throws OutputException if not
   */
  public void check(Path folder) throws OutputException {
    whole(folder).close();
  }

  /**
   * Writes the folder, whole or not at all. An earlier export is replaced; a folder that holds
   * anything else is not.
   *
   * @throws OutputException if it cannot be written, or the case cannot be read
   */
  public void write(Path folder) throws OutputException {
    ZstdLibrary.load();
    try (WholeFolder whole = whole(folder)) {
      try {
        file.export(connection -> write(connection, whole.path()));
      } catch (OutputException e) {
        throw e;
      } catch (IOException e) {
        throw whole.failure(e);
      }
      whole.commit();
    }
  }

  private WholeFolder whole(Path folder) throws OutputException {
    Set<Path> files =
        tables.stream().map(table -> Path.of(table.name(), FILE)).collect(Collectors.toSet());
    return new WholeFolder(folder, files);
  }

  private void write(Connection connection, Path folder) throws SQLException, IOException {
    for (CaseTable table : tables) {
      Path part = Files.createDirectory(folder.resolve(table.name())).resolve(FILE);
      try (ParquetRows rows = new ParquetRows(part, table);
          PreparedStatement statement = connection.prepareStatement(table.select());
          ResultSet stored = statement.executeQuery()) {
        while (stored.next()) {
          rows.add(row(table, stored));
        }
      }
    }
  }

  /** The values of a row: {@link Long}, {@link Double}, {@link String} or null. */
  private Object[] row(CaseTable table, ResultSet stored) throws SQLException, OutputException {
    Object[] row = new Object[table.columns().size()];
    for (int i = 0; i < row.length; i++) {
      CaseTable.Column column = table.columns().get(i);
      Object value = column.value(stored.getObject(i + 1));
      row[i] = value instanceof Instant time ? nanos(time, table, column) : value;
    }
    return row;
  }

  private long nanos(Instant time, CaseTable table, CaseTable.Column column)
      throws OutputException {
    try {
      return Times.nanos(time);
    } catch (ArithmeticException e) {
      throw new OutputException(
          Printable.of(file.path())
              + ": the time "
              + time
              + " in "
              + table.name()
              + "."
              + column.name()
              + " has no place in Parquet, which counts nanoseconds from 1677 to 2262; correct the"
              + " time of the file or its packets, and run the batch again",
          e);
    }
  }
}
