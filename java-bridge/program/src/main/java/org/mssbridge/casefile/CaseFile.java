package org.mssbridge.casefile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.mssbridge.model.Printable;
import org.mssbridge.output.OutputException;
import org.sqlite.SQLiteConfig;

/**
 * A case: one SQLite database, which others may read while it is written (write-ahead log). Its
 * tables are documented in {@code java-bridge/docs/case-file.md}.
 */
public final class CaseFile implements AutoCloseable {
  /** "MSSb": by it a database is known as a case file, also to {@code file(1)}. */
  private static final int APPLICATION_ID = 0x4d535362;

  private static final int SCHEMA_VERSION = 1;
  private static final int PATIENCE_MILLIS = 30_000;

  private final Path path;
  private final Connection connection;

  private CaseFile(Path path, Connection connection) {
    this.path = path;
    this.connection = connection;
  }

  /**
   * Opens a case to be written; makes it where it does not exist.
   *
   * @throws CaseFileException if it cannot be written, or is something else
   */
  public static CaseFile forWriting(Path path) throws CaseFileException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new CaseFileException(
          "cannot write " + Printable.of(path) + ": make its directory first");
    }
    refuseOthers(path);
    SQLiteConfig config = config();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    CaseFile file = open(path, "", config);
    try {
      if (file.pragma("user_version") == 0) {
        file.create();
      }
      file.checkVersion();
      return file;
    } catch (SQLException | CaseFileException e) {
      file.closeQuietly();
      throw e instanceof CaseFileException known ? known : file.failure((SQLException) e);
    }
  }

  /**
   * Opens a case that exists, also while another program writes it.
   *
   * @throws CaseFileException if there is none
   */
  public static CaseFile forReading(Path path) throws CaseFileException {
    if (!Files.isRegularFile(path)) {
      throw new CaseFileException(
          Printable.of(path) + ": no such case file; mssbridge batch makes one with --case");
    }
    refuseOthers(path);
    SQLiteConfig config = config();
    config.setReadOnly(true);
    CaseFile file = open(path, isOnReadOnlyMedium(path) ? "?immutable=1" : "", config);
    try {
      file.checkVersion();
      return file;
    } catch (SQLException | CaseFileException e) {
      file.closeQuietly();
      throw e instanceof CaseFileException known ? known : file.failure((SQLException) e);
    }
  }

  private static SQLiteConfig config() {
    SQLiteConfig config = new SQLiteConfig();
    config.enforceForeignKeys(true);
    config.setBusyTimeout(PATIENCE_MILLIS);
    return config;
  }

  private static void refuseOthers(Path path) throws CaseFileException {
    if (Files.isDirectory(path)) {
      throw new CaseFileException(Printable.of(path) + ": is a directory; name a case file");
    }
    try {
      if (Files.exists(path) && Files.size(path) > 0 && !beginsAsSqlite(path)) {
        throw new CaseFileException(
            Printable.of(path) + ": is not a case file of mssbridge; name another file");
      }
    } catch (IOException e) {
      throw new CaseFileException(
          Printable.of(path) + ": cannot be read; check its permissions", e);
    }
  }

  private static boolean beginsAsSqlite(Path path) throws IOException {
    byte[] magic = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    try (InputStream input = Files.newInputStream(path)) {
      return java.util.Arrays.equals(magic, input.readNBytes(magic.length));
    }
  }

  /** A reader, too, writes beside the case, unless it is promised that nobody changes that. */
  private static boolean isOnReadOnlyMedium(Path path) {
    Path folder = path.toAbsolutePath().getParent();
    return !Files.isWritable(folder)
        && !Files.exists(path.resolveSibling(path.getFileName() + "-wal"));
  }

  /** As a URI, in which no sign of a name means anything but itself. */
  private static CaseFile open(Path path, String query, SQLiteConfig config)
      throws CaseFileException {
    try {
      String uri = path.toAbsolutePath().toUri() + query;
      return new CaseFile(path, config.createConnection("jdbc:sqlite:" + uri));
    } catch (SQLException e) {
      throw failure(path, e);
    }
  }

  private void create() throws SQLException, CaseFileException {
    try (Statement statement = connection.createStatement()) {
      // Two programs may find it missing at once.
      statement.execute("BEGIN IMMEDIATE");
      if (pragma("user_version") == 0) {
        if (hasTables()) {
          statement.execute("ROLLBACK");
          return;
        }
        statement.executeUpdate(schema());
        statement.execute("PRAGMA application_id = " + APPLICATION_ID);
        statement.execute("PRAGMA user_version = " + SCHEMA_VERSION);
      }
      statement.execute("COMMIT");
    }
  }

  private boolean hasTables() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT 1 FROM sqlite_master LIMIT 1")) {
      return rows.next();
    }
  }

  private static String schema() {
    try (InputStream input = CaseFile.class.getResourceAsStream("schema.sql")) {
      return new String(input.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("the schema is part of the program", e);
    }
  }

  private void checkVersion() throws SQLException, CaseFileException {
    if (pragma("application_id") != APPLICATION_ID) {
      throw new CaseFileException(
          Printable.of(path) + ": is a database, but not a case file; name another file");
    }
    int version = pragma("user_version");
    if (version != SCHEMA_VERSION) {
      throw new CaseFileException(
          Printable.of(path)
              + ": was made by "
              + (version > SCHEMA_VERSION ? "a newer" : "an older")
              + " version of mssbridge (schema "
              + version
              + ", this one reads "
              + SCHEMA_VERSION
              + "); use that one");
    }
  }

  private int pragma(String name) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA " + name)) {
      return rows.next() ? rows.getInt(1) : 0;
    }
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** The database. */
  public Connection connection() {
    return connection;
  }

  /**
   * Asks the database, and gets what it knew when it was first asked, whatever is written since.
   */
  interface Question<T> {
    T ask(Connection connection) throws SQLException;
  }

  /** All answers come from one state of the case, also while another program writes it. */
  <T> T ask(Question<T> question) throws CaseFileException {
    try {
      connection.setAutoCommit(false);
      return question.ask(connection);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** Tells somebody what the database knows. */
  interface Telling {
    void tell(Connection connection) throws SQLException, IOException;
  }

  /**
   * Tells from the same state as all that is asked.
   *
   * @throws OutputException if the case cannot be read
   * @throws IOException if what is told cannot be written
   */
  void tell(Telling telling) throws IOException {
    try {
      connection.setAutoCommit(false);
      telling.tell(connection);
    } catch (SQLException e) {
      throw new OutputException(failure(e).getMessage(), e);
    }
  }

  /** What the user is told when the database refuses something. */
  public CaseFileException failure(SQLException cause) {
    return failure(path, cause);
  }

  private static CaseFileException failure(Path path, SQLException cause) {
    String words = String.valueOf(cause.getMessage()).lines().findFirst().orElse("no reason given");
    return new CaseFileException(
        Printable.of(path)
            + ": the case file cannot be used: "
            + Printable.of(words)
            + "; free some space, end other writers, or name another file with --case",
        cause);
  }

  private void closeQuietly() {
    try {
      connection.close();
    } catch (SQLException e) {
      // The first failure is what the user is told.
    }
  }

  @Override
  public void close() throws CaseFileException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failure(e);
    }
  }
}
