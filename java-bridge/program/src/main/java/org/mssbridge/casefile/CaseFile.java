package org.mssbridge.casefile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import org.mssbridge.model.Leftover;
import org.mssbridge.model.Printable;
import org.mssbridge.output.OutputException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/**
 * A case: one SQLite database, which others may read while it is written (write-ahead log). Its
 * tables are documented in {@code java-bridge/docs/case-file.md}.
 */
public final class CaseFile implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 30_000;

  private final Path path;
  private final Connection connection;
  private final Optional<Leftover> copy;

  private CaseFile(Path path, Connection connection, Optional<Leftover> copy) {
    this.path = path;
    this.connection = connection;
    this.copy = copy;
  }

  /**
   * Opens a case to be written; makes it where it does not exist, and migrates one that an older
   * version of the program made.
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
      Schema schema = new Schema(path, file.connection);
      schema.create();
      schema.check();
      schema.migrate();
      return file;
    } catch (SQLException | CaseFileException e) {
      file.closeQuietly();
      throw e instanceof CaseFileException known ? known : file.failure((SQLException) e);
    }
  }

  /**
   * Opens a case that exists, also while another program writes it. Of one that an older version of
   * the program made, a copy is migrated and read, which is gone when the case is closed.
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
      Schema schema = new Schema(path, file.connection);
      schema.check();
      return schema.isOlder() ? file.migratedCopy() : file;
    } catch (SQLException | CaseFileException e) {
      file.closeQuietly();
      throw e instanceof CaseFileException known ? known : file.failure((SQLException) e);
    }
  }

  /** Closes this one. */
  private CaseFile migratedCopy() throws SQLException, CaseFileException {
    Leftover folder = copyFolder();
    try (connection) {
      Path name = folder.path().resolve("case.db");
      try (PreparedStatement vacuum = connection.prepareStatement("VACUUM INTO ?")) {
        vacuum.setString(1, name.toString());
        vacuum.execute();
      }
      try (Connection writing = connect(name, "", config())) {
        new Schema(path, writing).migrate();
      }
      SQLiteConfig config = config();
      config.setReadOnly(true);
      return new CaseFile(path, connect(name, "", config), Optional.of(folder));
    } catch (SQLException | RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  private Leftover copyFolder() throws CaseFileException {
    try {
      return Leftover.of(() -> Files.createTempDirectory("mssbridge-case-"));
    } catch (IOException e) {
      throw new CaseFileException(
          Printable.of(path)
              + ": was made by an older version of mssbridge, and there is no room for a copy to"
              + " migrate; free some space for temporary files",
          e);
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
      return Arrays.equals(magic, input.readNBytes(magic.length));
    }
  }

  /** A reader, too, writes beside the case, unless it is promised that nobody changes that. */
  private static boolean isOnReadOnlyMedium(Path path) {
    Path folder = path.toAbsolutePath().getParent();
    return !Files.isWritable(folder)
        && !Files.exists(path.resolveSibling(path.getFileName() + "-wal"));
  }

  private static CaseFile open(Path path, String query, SQLiteConfig config)
      throws CaseFileException {
    try {
      return new CaseFile(path, connect(path, query, config), Optional.empty());
    } catch (SQLException e) {
      throw failure(path, e);
    }
  }

  /** By a URI, in which no sign of a name means anything but itself. */
  private static Connection connect(Path path, String query, SQLiteConfig config)
      throws SQLException {
    return config.createConnection("jdbc:sqlite:" + path.toAbsolutePath().toUri() + query);
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** The database. */
  Connection connection() {
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

  /**
   * The complaint of a database that cannot be used.
   *
   * @throws IllegalStateException if it refused a row, which is a fault of this program
   */
  CaseFileException failure(SQLException cause) {
    return failure(path, cause);
  }

  private static CaseFileException failure(Path path, SQLException cause) {
    String words = String.valueOf(cause.getMessage()).lines().findFirst().orElse("no reason given");
    if (cause.getErrorCode() == SQLiteErrorCode.SQLITE_CONSTRAINT.code) {
      IllegalStateException fault =
          new IllegalStateException(
              Printable.of(path) + ": the case refused a row: " + Printable.of(words));
      fault.addSuppressed(cause); // Not as its cause: of the cause, complaints name only the root.
      throw fault;
    }
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
    } finally {
      copy.ifPresent(Leftover::close);
    }
  }
}
