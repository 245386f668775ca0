package org.mssbridge.casefile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.mssbridge.model.FileTrouble;
import org.mssbridge.model.Printable;
import org.mssbridge.output.OutputException;

/**
 * A folder with the tables of a case as Parquet, a folder for each, as {@link CaseParquet} and a
 * cluster write it. What begins with {@code _} or {@code .} is not of the tables, as everywhere
 * with Parquet.
 */
public final class CaseFolder {
  /** What a cluster keeps beside the tables, see {@code java-bridge/docs/case-file.md}. */
  public static final String WORK = "_mssbridge";

  /** In {@link #WORK} while the tables are replaced, which takes several steps. */
  public static final String REPLACING = "replacing";

  private static final String PARQUET = ".parquet";

  private final Path folder;

  CaseFolder(Path folder) {
    this.folder = folder;
  }

  /** Copies all rows into an empty case. */
  void load(CaseFile into) throws CaseFileException {
    if (Files.exists(folder.resolve(WORK).resolve(REPLACING))) {
      throw new CaseFileException(
          Printable.of(folder)
              + ": its tables are being replaced, or a batch was killed at that; run the batch"
              + " again");
    }
    Map<String, List<Path>> files = files();
    try {
      ZstdLibrary.load();
      Connection connection = into.connection();
      connection.setAutoCommit(false);
      for (CaseTable table : CaseTable.all()) {
        for (Path file : files.getOrDefault(table.name(), List.of())) {
          load(table, file, connection);
        }
      }
      connection.commit();
      connection.setAutoCommit(true);
    } catch (OutputException e) {
      throw new CaseFileException(e.getMessage(), e);
    } catch (SQLException e) {
      throw into.failure(e);
    } catch (IllegalStateException e) {
      throw into.strange(e);
    }
  }

  /** The files of each table. */
  private Map<String, List<Path>> files() throws CaseFileException {
    Map<String, List<Path>> files = new HashMap<>();
    try {
      List<CaseTable> tables = CaseTable.all();
      for (Path each : visible(folder)) {
        String name = String.valueOf(each.getFileName());
        if (tables.stream().noneMatch(table -> table.name().equals(name))) {
          throw foreign(each);
        }
        for (Path file : visible(each)) {
          if (!file.toString().endsWith(PARQUET) || !Files.isRegularFile(file)) {
            throw foreign(file);
          }
          files.computeIfAbsent(name, table -> new ArrayList<>()).add(file);
        }
      }
      for (CaseTable table : tables) {
        if (!files.containsKey(table.name())) {
          throw new CaseFileException(
              Printable.of(folder)
                  + ": has no table "
                  + table.name()
                  + ", so it is no whole case; name a folder of case --parquet or of a batch that"
                  + " ended");
        }
      }
    } catch (IOException e) {
      throw new CaseFileException(
          Printable.of(folder) + ": cannot be read: " + FileTrouble.reason(e), e);
    }
    return files;
  }

  private CaseFileException foreign(Path path) {
    return new CaseFileException(
        Printable.of(folder)
            + ": holds other files than the tables of a case, such as "
            + Printable.of(folder.relativize(path))
            + "; name a folder of case --parquet or of a batch");
  }

  private static List<Path> visible(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return List.of(folder);
    }
    try (Stream<Path> inside = Files.list(folder)) {
      return inside
          .filter(path -> !String.valueOf(path.getFileName()).matches("[_.].*"))
          .sorted()
          .toList();
    }
  }

  private static void load(CaseTable table, Path file, Connection connection)
      throws SQLException, CaseFileException {
    String sql =
        String.format(
            "INSERT INTO %s (%s) VALUES (%s)",
            table.name(),
            String.join(", ", table.columns().stream().map(CaseTable.Column::name).toList()),
            String.join(", ", Collections.nCopies(table.columns().size(), "?")));
    try (ParquetFile rows = new ParquetFile(file, table);
        PreparedStatement insert = connection.prepareStatement(sql)) {
      rows.each(
          row -> {
            try {
              insert(table, row, insert);
            } catch (SQLException e) {
              throw new IOException("holds a row that a case refuses: " + e.getMessage(), e);
            }
          });
    } catch (IOException e) {
      throw new CaseFileException(
          Printable.of(file)
              + ": "
              + FileTrouble.reason(e)
              + "; name a folder of case --parquet or of a batch of this version",
          e);
    }
  }

  private static void insert(CaseTable table, Object[] row, PreparedStatement insert)
      throws SQLException {
    for (int i = 0; i < row.length; i++) {
      boolean isTime = table.columns().get(i).type() == CaseTable.Type.TIME;
      insert.setObject(i + 1, isTime && row[i] != null ? Times.ofNanos((Long) row[i]) : row[i]);
    }
    insert.executeUpdate();
  }
}
