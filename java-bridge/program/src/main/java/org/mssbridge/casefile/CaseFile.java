package org.mssbridge.casefile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.mssbridge.model.Leftover;
import org.mssbridge.model.Printable;
import org.mssbridge.output.OutputException;
import org.mssbridge.output.RealPath;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/**
 * A case: one SQLite database. Other programs may read it while it is written (write-ahead log).
 * The tables are documented in {@code java-bridge/docs/case-file.md}.
 */
public final class CaseFile implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 30_000;

  /**
   * Pages of the file that SQLite keeps in memory: ten times its default, for pairs with millions
   * of rows.
   */
  private static final int CACHE_KIB = 20_000;

  private final Path path;
  private final Connection connection;
  private final Optional<Leftover> copy;

  private CaseFile(Path path, Connection connection, Optional<Leftover> copy) {
    this.path = path;
    this.connection = connection;
    this.copy = copy;
  }

  /**
   * Opens a case for writing. Creates the file if it does not exist, and migrates a case of an
   * older schema version.
   *
   * @throws CaseFileException if it cannot be written or is not a case file
   */
  public static CaseFile forWriting(Path path) throws CaseFileException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new CaseFileException(
          "cannot write " + Printable.of(path) + ": make its directory first");
    }
    DatabaseFiles files = requireOwn(path);
    files.requireOneName();
    SQLiteConfig config = config();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setCacheSize(-CACHE_KIB); // negative: not a number of pages
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
   * Opens an existing case, or a folder with its tables as Parquet, also while another program
   * writes it. A case of an older schema version is left unchanged: a temporary copy is migrated
   * and read, and deleted on close.
   *
   * @throws CaseFileException if there is none, or it cannot be read
   */
  public static CaseFile forReading(Path path) throws CaseFileException {
    if (Files.isDirectory(path)) {
      return ofFolder(path);
    }
    if (!Files.isRegularFile(path)) {
      throw new CaseFileException(
          Printable.of(path) + ": no such case file; mssbridge batch makes one with --case");
    }
    requireOwn(path);
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

  /**
   * Creates a case that need not outlive this program, so that nothing waits for the disk.
   *
   * @throws CaseFileException if it cannot be written
   */
  public static CaseFile forScratch(Path path) throws CaseFileException {
    return scratch(path, path, Optional.empty());
  }

  private static CaseFile scratch(Path path, Path database, Optional<Leftover> folder)
      throws CaseFileException {
    SqliteLibrary.load();
    try {
      SQLiteConfig config = config();
      config.setSynchronous(SQLiteConfig.SynchronousMode.OFF);
      CaseFile file = new CaseFile(path, connect(database, "", config), folder);
      new Schema(path, file.connection).create();
      return file;
    } catch (SQLException e) {
      throw failure(path, e);
    }
  }

  /** Opens a temporary case with the rows of a folder of Parquet. */
  private static CaseFile ofFolder(Path path) throws CaseFileException {
    Leftover folder = copyFolder(path);
    try {
      CaseFile copy = scratch(path, folder.path().resolve("case.db"), Optional.of(folder));
      new CaseFolder(path).load(copy);
      return copy;
    } catch (CaseFileException | RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  /** Opens a migrated copy of this case, and closes this one. */
  private CaseFile migratedCopy() throws SQLException, CaseFileException {
    Leftover folder = copyFolder(path);
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

  private static Leftover copyFolder(Path path) throws CaseFileException {
    try {
      return Leftover.temporary();
    } catch (IOException e) {
      throw new CaseFileException(
          Printable.of(path)
              + ": has to be copied to be read, and there is no room for the copy; free some space"
              + " for temporary files",
          e);
    }
  }

  private static SQLiteConfig config() {
    SQLiteConfig config = new SQLiteConfig();
    config.enforceForeignKeys(true);
    config.setBusyTimeout(PATIENCE_MILLIS);
    return config;
  }

  /** Makes sure that opening the case changes no file that is not of a case. */
  private static DatabaseFiles requireOwn(Path path) throws CaseFileException {
    DatabaseFiles files = DatabaseFiles.of(path);
    boolean isInLog =
        files.requireOwn() == DatabaseFiles.Content.EMPTY_DATABASE && Files.exists(files.log());
    if (isInLog && !isOwnInLog(files)) {
      throw new CaseFileException(
          Printable.of(path) + ": is a database, but not a case file; name another file");
    }
    return files;
  }

  /**
   * Whether a database of which nothing but the log holds tables is a case: one that was just made,
   * maybe by a program that was killed. A copy is opened; both files are small.
   */
  private static boolean isOwnInLog(DatabaseFiles files) throws CaseFileException {
    try (Leftover folder = copyFolder(files.named())) {
      Path copy = folder.path().resolve("case.db");
      Files.copy(files.database(), copy);
      Files.copy(files.log(), DatabaseFiles.of(copy).log());
      try (Connection connection = connect(copy, "", config())) {
        return new Schema(files.named(), connection).isOwn();
      }
    } catch (IOException e) {
      throw new CaseFileException(
          Printable.of(files.named()) + ": cannot be read; check its permissions", e);
    } catch (SQLException e) {
      throw failure(files.named(), e);
    }
  }

  /**
   * Whether to open the case as immutable. SQLite creates files next to the database even for a
   * reader, which fails in a read-only folder.
   */
  private static boolean isOnReadOnlyMedium(Path path) {
    DatabaseFiles files = DatabaseFiles.of(path);
    return !Files.isWritable(files.database().toAbsolutePath().getParent())
        && !Files.exists(files.log());
  }

  private static CaseFile open(Path path, String query, SQLiteConfig config)
      throws CaseFileException {
    SqliteLibrary.load();
    try {
      return new CaseFile(path, connect(path, query, config), Optional.empty());
    } catch (SQLException e) {
      throw failure(path, e);
    }
  }

  /** Connects by a URI, which escapes special characters in the file name. */
  private static Connection connect(Path path, String query, SQLiteConfig config)
      throws SQLException {
    return config.createConnection("jdbc:sqlite:" + RealPath.of(path).toUri() + query);
  }

  /** The path of the case file. */
  public Path path() {
    return path;
  }

  /** All files that belong to a case, whether they exist or not; first the case without links. */
  public static List<Path> files(Path path) {
    return DatabaseFiles.of(path).all();
  }

  /** The database's own file: that of {@link #path}, or of a copy. */
  Path readPath() {
    return copy.map(folder -> folder.path().resolve("case.db")).orElse(path);
  }

  /** The database. */
  Connection connection() {
    return connection;
  }

  /**
   * Reads from the database. All reads see the state of the first read, even if another program
   * writes in the meantime.
   */
  interface Reader<T> {
    T read(Connection connection) throws SQLException;
  }

  /** Reads a value; all values come from one state of the case, even while it is written. */
  <T> T read(Reader<T> reader) throws CaseFileException {
    try {
      connection.setAutoCommit(false);
      return reader.read(connection);
    } catch (SQLException e) {
      throw failure(e);
    } catch (RuntimeException e) {
      throw strange(e);
    }
  }

  /** Reads from the database and writes what it reads to an output. */
  interface Export {
    void write(Connection connection) throws SQLException, IOException;
  }

  /**
   * Exports from the same state of the case as {@link #read}.
   *
   * @throws OutputException if the case cannot be read
   * @throws IOException if the output cannot be written
   */
  void export(Export export) throws IOException {
    try {
      connection.setAutoCommit(false);
      export.write(connection);
    } catch (SQLException e) {
      throw new OutputException(failure(e).getMessage(), e);
    } catch (RuntimeException e) {
      throw new OutputException(strange(e).getMessage(), e);
    }
  }

  /** The error for the user if a row holds a value that this program never writes. */
  CaseFileException strange(RuntimeException cause) {
    return new CaseFileException(
        Printable.of(path)
            + ": holds a value that no mssbridge wrote; use a copy that no other program changed, or"
            + " make the case again",
        cause);
  }

  /**
   * Wraps an error of the database for the user.
   *
   * @throws IllegalStateException if the database refused a row, which is a bug of this program
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
      fault.addSuppressed(cause); // Not as the cause: the error message shows only the root cause.
      throw fault;
    }
    return new CaseFileException(
        Printable.of(path)
            + ": the case file cannot be used: "
            + Printable.of(words)
            + "; free some space, end other writers, or name another place for it",
        cause);
  }

  private void closeQuietly() {
    try {
      connection.close();
    } catch (SQLException e) {
      // The first failure is the one to report.
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
