package org.mssbridge.batch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;
import org.mssbridge.model.Printable;

/**
 * A small table from a file: CSV with a header (RFC 4180), or NDJSON with one object per line. The
 * first character decides which.
 *
 * @param columns the column names, in the order of the header, or in the order in which the objects
 *     first name them
 * @param rows the rows, in the order of the file; empty cells are left out
 */
record Table(Set<String> columns, List<Row> rows) {
  private static final String BYTE_ORDER_MARK = "\ufeff";

  /** A row, with its line number and its cells by column. */
  record Row(long line, Map<String, String> cells) {}

  static Table read(Path file) throws BatchException {
    String text = text(file);
    try {
      return text.stripLeading().startsWith("{") ? json(text) : csv(text);
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      Throwable root = e.getCause() == null ? e : e.getCause();
      String words =
          String.valueOf(root.getMessage()).lines().findFirst().orElse("no reason given");
      throw new BatchException(
          Printable.of(file) + ": is neither CSV with a header nor NDJSON: " + Printable.of(words),
          e);
    }
  }

  private static String text(Path file) throws BatchException {
    if (!Files.isRegularFile(file)) {
      throw new BatchException(Printable.of(file) + ": no such file; check the name");
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

  private static Table csv(String text) throws IOException {
    CSVFormat format =
        CSVFormat.RFC4180
            .builder()
            .setHeader()
            .setDuplicateHeaderMode(DuplicateHeaderMode.DISALLOW)
            .setSkipHeaderRecord(true)
            .setTrim(true)
            .setIgnoreEmptyLines(true)
            .get();
    List<Row> rows = new ArrayList<>();
    try (CSVParser parser = CSVParser.parse(text, format)) {
      for (CSVRecord csv : parser) {
        if (csv.size() > parser.getHeaderNames().size()) {
          throw new IOException("line " + parser.getCurrentLineNumber() + " has too many cells");
        }
        Map<String, String> cells = new LinkedHashMap<>();
        for (String column : parser.getHeaderNames()) {
          if (csv.isSet(column) && !csv.get(column).isEmpty()) {
            cells.put(column, csv.get(column));
          }
        }
        rows.add(new Row(parser.getCurrentLineNumber(), cells));
      }
      return new Table(new LinkedHashSet<>(parser.getHeaderNames()), rows);
    }
  }

  private static Table json(String text) throws IOException {
    List<Row> rows = new ArrayList<>();
    JsonFactory factory =
        JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    Set<String> columns = new LinkedHashSet<>();
    try (JsonParser parser = factory.createParser(text)) {
      while (parser.nextToken() != null) {
        int line = parser.currentTokenLocation().getLineNr();
        if (parser.currentToken() != JsonToken.START_OBJECT) {
          throw new IOException("line " + line + " is not an object");
        }
        Map<String, String> cells = new LinkedHashMap<>();
        String key;
        while ((key = parser.nextFieldName()) != null) {
          columns.add(key);
          JsonToken value = parser.nextToken();
          if (value.isStructStart()) {
            throw new IOException("line " + line + ": " + key + " is not a text or number");
          }
          if (value != JsonToken.VALUE_NULL && !parser.getText().isEmpty()) {
            cells.put(key, parser.getText());
          }
        }
        rows.add(new Row(line, cells));
      }
    }
    return new Table(columns, rows);
  }
}
