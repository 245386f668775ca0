package org.mssbridge.casefile;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.sqlite.SQLiteConfig;

/**
 * A table of a case, for those who hold the same rows elsewhere. The definition is {@code
 * schema.sql} alone: SQLite reads the script, so that no table is defined twice.
 *
 * @param name such as {@code finding}
 * @param columns in the order of the script
 * @param key names of the columns of the primary key; rows are sorted by it
 */
public record CaseTable(String name, List<Column> columns, List<String> key) {
  /** The columns that SQLite takes for texts and that hold what {@link Times} writes. */
  private static final Set<String> TIMES =
      Set.of("started", "ended", "first", "last", "modified", "time");

  private static final String TABLES =
      "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid";

  public CaseTable {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
  }

  /** What a column holds. */
  public enum Type {
    INTEGER,
    REAL,
    TEXT,
    BLOB,
    /** A time in UTC, to the nanosecond. */
    TIME
  }

  /**
   * A column.
   *
   * @param nullable whether it may be null
   */
  public record Column(String name, Type type, boolean nullable) {
    /**
     * A value as the database holds it, as a {@link Long}, {@link Double}, {@link String}, {@link
     * Instant} or an array of bytes; null if it is null.
     *
     * @throws RuntimeException if this program never writes such a value
     */
    Object value(Object stored) {
      if (stored == null && nullable) {
        return null;
      }
      Objects.requireNonNull(stored, name);
      return switch (type) {
        case INTEGER -> stored instanceof Integer small ? small.longValue() : (Long) stored;
        case REAL -> (Double) stored;
        case TEXT -> (String) stored;
        case BLOB -> (byte[]) stored;
        case TIME -> Instant.parse((String) stored);
      };
    }
  }

  /**
   * All tables of a case of this version, in the order of the script.
   *
   * @throws CaseFileException if SQLite cannot be used
   */
  public static List<CaseTable> all() throws CaseFileException {
    SqliteLibrary.load();
    try (Connection memory = new SQLiteConfig().createConnection("jdbc:sqlite::memory:")) {
      SqlScript.run(memory, "schema.sql");
      return read(memory);
    } catch (SQLException e) {
      throw new CaseFileException("SQLite cannot be used: " + e.getMessage(), e);
    }
  }

  private static List<CaseTable> read(Connection connection) throws SQLException {
    Query query = new Query(connection);
    List<CaseTable> tables = new ArrayList<>();
    for (String table : query.list(row -> row.getString("name"), TABLES)) {
      tables.add(
          new CaseTable(
              table,
              query.list(CaseTable::column, "SELECT * FROM pragma_table_info(?)", table),
              query.list(
                  row -> row.getString("name"),
                  "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk",
                  table)));
    }
    return tables;
  }

  private static Column column(ResultSet row) throws SQLException {
    String name = row.getString("name");
    Type type = Type.valueOf(row.getString("type"));
    boolean isRequired = row.getBoolean("notnull") || row.getInt("pk") > 0;
    return new Column(
        name, type == Type.TEXT && TIMES.contains(name) ? Type.TIME : type, !isRequired);
  }

  /** Selects all rows, sorted by the key, with the columns in their order. */
  String select() {
    return String.format(
        "SELECT %s FROM %s ORDER BY %s",
        String.join(", ", columns.stream().map(Column::name).toList()),
        name,
        String.join(", ", key));
  }
}
