package org.mssbridge.casefile;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.apache.commons.csv.CSVFormat;

/**
 * All findings of a case as comma-separated values (RFC 4180), one line per finding, with a header.
 * A spreadsheet takes no cell for a formula.
 */
public final class FindingsCsv {
  private static final List<String> TEXTS =
      List.of(
          "pair",
          "code",
          "severity",
          "direction",
          "near_point",
          "far_point",
          "near_value",
          "far_value",
          "first",
          "last",
          "accepted",
          "message",
          "next_step",
          "facts");
  private static final List<String> COUNTS = List.of("count", "connections", "frames");
  private static final List<String> LISTS = List.of("connection_numbers", "frame_numbers", "files");

  /** A spreadsheet limits the length of a cell, and a reader needs no more. */
  private static final int MOST_NUMBERS = 50;

  private final Writer csv;
  private final PairFiles files;

  /** The first numbers of a list, by name, and the count of all. */
  private static final class Numbers {
    private final Map<String, List<String>> first = new LinkedHashMap<>();
    private long count;

    void add(String name, String number) {
      count++;
      List<String> numbers = first.computeIfAbsent(name, n -> new ArrayList<>());
      if (numbers.size() < MOST_NUMBERS) {
        numbers.add(number);
      } else if (numbers.size() == MOST_NUMBERS) {
        numbers.add("…");
      }
    }

    String text() {
      StringJoiner text = new StringJoiner("; ");
      first.forEach((name, numbers) -> text.add((name + " " + String.join(" ", numbers)).strip()));
      return text.toString();
    }
  }

  private FindingsCsv(Writer csv, PairFiles files) {
    this.csv = csv;
    this.files = files;
  }

  /** Writes all findings; the stream stays open. */
  public static void write(CaseFile file, OutputStream output) throws IOException {
    Writer csv = new OutputStreamWriter(output, StandardCharsets.UTF_8);
    List<String> header = new ArrayList<>(TEXTS);
    header.addAll(COUNTS);
    header.addAll(LISTS);
    CSVFormat.RFC4180.printRecord(csv, header.toArray());
    FindingRows.each(file, new FindingsCsv(csv, new PairFiles(file))::finding);
    csv.flush();
  }

  private void finding(
      ResultSet finding,
      FindingRows.Part connections,
      FindingRows.Part frames,
      FindingRows.Part causes)
      throws SQLException, IOException {
    files.of(finding.getString("pair"));
    List<Object> cells = new ArrayList<>();
    for (String column : TEXTS) {
      cells.add(CsvCell.harmless(finding.getString(column)));
    }
    Numbers ofConnections = new Numbers();
    while (connections.next()) {
      ofConnections.add("", connections.row().getString("connection"));
    }
    Numbers ofFrames = new Numbers();
    while (frames.nextFrame()) {
      ofFrames.add(frames.row().getString("point"), frames.row().getString("frame"));
    }
    cells.add(finding.getLong("count"));
    cells.add(ofConnections.count);
    cells.add(ofFrames.count);
    cells.add(CsvCell.harmless(ofConnections.text()));
    cells.add(CsvCell.harmless(ofFrames.text()));
    cells.add(CsvCell.harmless(files()));
    CSVFormat.RFC4180.printRecord(csv, cells.toArray());
  }

  /** Such as {@code client: a.pcap (digest); server: b.pcap (digest), c.pcap (digest)}. */
  private String files() {
    StringJoiner points = new StringJoiner("; ");
    files
        .files()
        .forEach(
            (point, parts) -> {
              StringJoiner names = new StringJoiner(", ");
              parts.forEach(p -> names.add(p.file() + " (" + p.sha256().orElse("no digest") + ")"));
              points.add(point + ": " + names);
            });
    return points.toString();
  }
}
