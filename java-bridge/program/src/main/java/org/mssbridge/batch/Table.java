package org.mssbridge.batch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.mssbridge.model.Printable;

/**
 * A small table from a file: CSV with a header (RFC 4180), or NDJSON with one object per line. The
 * first character decides which.
 *
 * @param columns the column names, in the order of the header, or in the order in which the objects
 *     first name them
 * @param rows the rows, in the order of the file; empty cells are left out
 */
public record Table(Set<String> columns, List<Row> rows) {
  private static final String BYTE_ORDER_MARK = "\ufeff";

  /** A row, with its line number and its cells by column. */
  public record Row(long line, Map<String, String> cells) {}

  /** What is wrong with the text. */
  private static final class BadText extends Exception {
    private static final long serialVersionUID = 1L;

    BadText(long line, String trouble) {
      super("line " + line + " " + trouble);
    }
  }

  /**
   * Reads a table.
   *
   * @throws BatchException if the file cannot be read or is no table
   */
  public static Table read(Path file) throws BatchException {
    String text = text(file);
    try {
      return text.stripLeading().startsWith("{") ? json(text) : csv(text);
    } catch (BadText e) {
      throw new BatchException(Printable.of(file) + ": " + e.getMessage(), e);
    }
  }

  private static String text(Path file) throws BatchException {
    if (!Files.exists(file)) {
      throw new BatchException(Printable.of(file) + ": no such file; check the name");
    }
    if (Files.isDirectory(file)) {
      throw new BatchException(Printable.of(file) + ": is a directory; name a file in it");
    }
    if (!Files.isRegularFile(file)) {
      throw new BatchException(
          Printable.of(file) + ": is no regular file; save it to a file first");
    }
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8);
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new BatchException(Printable.of(file) + ": is not text in UTF-8; save it as such", e);
    } catch (IOException e) {
      throw new BatchException(Printable.of(file) + ": cannot be read; check its permissions", e);
    }
  }

  private static Table csv(String text) throws BadText {
    CSVFormat format = CSVFormat.RFC4180.builder().setTrim(true).setIgnoreEmptyLines(true).get();
    Set<String> columns = new LinkedHashSet<>();
    List<Row> rows = new ArrayList<>();
    long line = 0;
    try (CSVParser parser = CSVParser.parse(text, format)) {
      Iterator<CSVRecord> records = parser.iterator();
      while (records.hasNext()) {
        List<String> cells = records.next().toList();
        line = parser.getCurrentLineNumber();
        if (columns.isEmpty()) {
          addAll(cells, line, columns);
        } else {
          row(cells, line, List.copyOf(columns)).ifPresent(rows::add);
        }
      }
      return new Table(columns, rows);
    } catch (IOException | UncheckedIOException e) {
      throw new BadText(line + 1, "has a quotation mark that is not closed, or text after one");
    }
  }

  private static void addAll(List<String> header, long line, Set<String> columns) throws BadText {
    for (String column : header) {
      if (column.isEmpty()) {
        throw new BadText(line, "has a column without a name; name it or remove it");
      }
      if (!columns.add(column)) {
        throw twice(line, column);
      }
    }
  }

  private static BadText twice(long line, String column) {
    return new BadText(line, "has the column " + Printable.of(column) + " twice; rename one");
  }

  /** A row; empty where all its cells are, as a spreadsheet saves empty rows. */
  private static Optional<Row> row(List<String> csv, long line, List<String> columns)
      throws BadText {
    Map<String, String> cells = new LinkedHashMap<>();
    for (int i = 0; i < csv.size(); i++) {
      if (!csv.get(i).isEmpty()) {
        if (i >= columns.size()) {
          throw new BadText(line, "has more cells than the header; put quotes around commas");
        }
        cells.put(columns.get(i), csv.get(i));
      }
    }
    return cells.isEmpty() ? Optional.empty() : Optional.of(new Row(line, cells));
  }

  private static Table json(String text) throws BadText {
    List<Row> rows = new ArrayList<>();
    Set<String> columns = new LinkedHashSet<>();
    try (JsonParser parser = new JsonFactory().createParser(text)) {
      try {
        while (parser.nextToken() != null) {
          rows.add(row(parser, columns));
        }
      } catch (IOException e) {
        throw new BadText(
            parser.currentTokenLocation().getLineNr(), "is not JSON; write one object a line");
      }
      return new Table(columns, rows);
    } catch (IOException e) {
      throw new IllegalStateException(e); // The text is in memory.
    }
  }

  private static Row row(JsonParser parser, Set<String> columns) throws IOException, BadText {
    int line = parser.currentTokenLocation().getLineNr();
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new BadText(line, "is not an object; write one a line");
    }
    Set<String> own = new HashSet<>();
    Map<String, String> cells = new LinkedHashMap<>();
    String key;
    while ((key = parser.nextFieldName()) != null) {
      if (!own.add(key)) {
        throw twice(line, key);
      }
      columns.add(key);
      JsonToken value = parser.nextToken();
      if (value == null || value.isStructStart()) {
        throw new BadText(line, "has no text or number as " + Printable.of(key) + "; write one");
      }
      if (value != JsonToken.VALUE_NULL && !parser.getText().isEmpty()) {
        cells.put(key, parser.getText());
      }
    }
    return new Row(line, cells);
  }
}
