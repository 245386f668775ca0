package org.mssbridge.casefile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.mssbridge.model.Printable;
import org.mssbridge.output.OutputException;
import org.mssbridge.output.RealPath;
import org.mssbridge.output.StandardStreams;

/**
 * The files of a case, examined without SQLite: it changes a database that it only opens, and
 * deletes files beside it that have the names of its own.
 *
 * @param named the case as the user named it, for messages
 * @param database the file at the end of its links
 */
record DatabaseFiles(Path named, Path database) {
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

  // Offsets in a database, from its beginning (SQLite, "Database File Format", 1.3 and 1.6).
  private static final int APPLICATION_ID_AT = 68;
  private static final int FIRST_PAGE_KIND_AT = 100;
  private static final int FIRST_PAGE_CELLS_AT = 103;
  private static final int HEADER_BYTES = 105;
  private static final byte LEAF_OF_TABLE = 13;

  /** The last bit says in which byte order the checksums are (there, 4.1). */
  private static final int LOG_MAGIC = 0x377f0682;

  /**
   * The version of the index, in the byte order of the machine (SQLite, "WAL-mode File Format").
   */
  private static final int INDEX_VERSION = 3007000;

  private static final long JOURNAL_MAGIC = 0xd9d505f920a163d7L; // There, 3.

  /** What a database is, as far as its own file shows. */
  enum Content {
    NOTHING,
    CASE,
    /** A database without tables; the log may hold some. */
    EMPTY_DATABASE
  }

  static DatabaseFiles of(Path named) {
    return new DatabaseFiles(named, Files.isSymbolicLink(named) ? RealPath.of(named) : named);
  }

  private Path beside(String suffix) {
    return database.resolveSibling(database.getFileName() + suffix);
  }

  Path log() {
    return beside("-wal");
  }

  private Path index() {
    return beside("-shm");
  }

  private Path journal() {
    return beside("-journal");
  }

  /** All files that SQLite makes, changes or deletes. */
  List<Path> all() {
    return List.of(database, log(), index(), journal());
  }

  /**
   * Makes sure that SQLite may open the database.
   *
   * @throws CaseFileException if it is no case, or a file beside it is not of SQLite
   */
  Content requireOwn() throws CaseFileException {
    try {
      StandardStreams.refuse(named);
      if (Files.isDirectory(database)) {
        throw refusal("is a directory; name a case file");
      }
      if (Files.exists(database) && !Files.isRegularFile(database)) {
        throw refusal("is no regular file; name a case file");
      }
      Content content = content();
      for (Path foreign : foreign(content)) {
        throw new CaseFileException(
            Printable.of(foreign)
                + ": has a name that SQLite uses beside the case "
                + Printable.of(named)
                + ", and is none of its files; move it, or name another case");
      }
      return content;
    } catch (OutputException e) {
      throw new CaseFileException(e.getMessage(), e);
    } catch (IOException e) {
      throw new CaseFileException(
          Printable.of(named) + ": cannot be read; check its permissions", e);
    }
  }

  /**
   * Rejects a database with several names: SQLite keeps a log for each, and damages the database.
   *
   * @throws CaseFileException if it has
   */
  void requireOneName() throws CaseFileException {
    try {
      if (Files.exists(database) && (int) Files.getAttribute(database, "unix:nlink") > 1) {
        throw refusal("has another name, a hard link, and is not safe to write; copy it");
      }
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      // This system does not tell.
    }
  }

  private CaseFileException refusal(String reason) {
    return new CaseFileException(Printable.of(named) + ": " + reason);
  }

  private Content content() throws IOException, CaseFileException {
    if (!Files.exists(database) || Files.size(database) == 0) {
      return Content.NOTHING;
    }
    ByteBuffer header = firstBytes(database, HEADER_BYTES);
    if (header.limit() < HEADER_BYTES || header.mismatch(ByteBuffer.wrap(MAGIC)) < MAGIC.length) {
      throw refusal("is not a case file of mssbridge; name another file");
    }
    int applicationId = header.getInt(APPLICATION_ID_AT);
    if (applicationId == Schema.APPLICATION_ID) {
      return Content.CASE;
    }
    boolean isEmpty =
        header.get(FIRST_PAGE_KIND_AT) == LEAF_OF_TABLE
            && header.getShort(FIRST_PAGE_CELLS_AT) == 0;
    if (applicationId != 0 || !isEmpty) {
      throw refusal("is a database, but not a case file; name another file");
    }
    return Content.EMPTY_DATABASE;
  }

  private List<Path> foreign(Content content) throws IOException {
    List<Path> foreign = new ArrayList<>();
    // Without a database, a log is of another one, which was moved away.
    if (!isOwn(log(), isLog(log()) && content != Content.NOTHING)) {
      foreign.add(log());
    }
    if (!isOwn(index(), isIndex(index()))) {
      foreign.add(index());
    }
    if (!isOwn(journal(), firstBytes(journal(), Long.BYTES).equals(journalMagic()))) {
      foreign.add(journal());
    }
    return foreign;
  }

  private static boolean isOwn(Path file, boolean beginsSo) throws IOException {
    return !Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        || (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
            && (Files.size(file) == 0 || beginsSo));
  }

  private static boolean isLog(Path file) throws IOException {
    ByteBuffer first = firstBytes(file, Integer.BYTES);
    return first.limit() == Integer.BYTES && (first.getInt(0) & ~1) == LOG_MAGIC;
  }

  private static boolean isIndex(Path file) throws IOException {
    ByteBuffer first = firstBytes(file, Integer.BYTES).order(ByteOrder.nativeOrder());
    // Zero while nothing was written.
    return first.limit() == Integer.BYTES
        && (first.getInt(0) == INDEX_VERSION || first.getInt(0) == 0);
  }

  private static ByteBuffer journalMagic() {
    return ByteBuffer.allocate(Long.BYTES).putLong(0, JOURNAL_MAGIC);
  }

  /** The beginning of a regular file; less where the file is shorter or none. */
  private static ByteBuffer firstBytes(Path file, int bytes) throws IOException {
    if (!Files.isRegularFile(file)) {
      return ByteBuffer.allocate(0);
    }
    try (InputStream input = Files.newInputStream(file)) {
      return ByteBuffer.wrap(input.readNBytes(bytes));
    }
  }
}
