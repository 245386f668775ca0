package org.mssbridge.casefile;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mssbridge.report.EkLines;

/**
 * All findings of a case for a {@code _bulk} request: one document per finding and frame, with the
 * fields of a report's documents, the pair and the boundary. Frame numbers count within their file.
 */
public final class FindingsEk {
  /** Fields, and the column of each. */
  private static final Map<String, String> FIELDS =
      new TreeMap<>(
          Map.of(
              "mss_finding_pair", "pair",
              "mss_finding_code", "code",
              "mss_finding_severity", "severity",
              "mss_finding_group", "finding_group",
              "mss_finding_direction", "direction",
              "mss_finding_near_point", "near_point",
              "mss_finding_far_point", "far_point",
              "mss_finding_near", "near_value",
              "mss_finding_far", "far_value",
              "mss_finding_accepted", "accepted"));

  private final EkLines ek;
  private final PairFiles files;

  private FindingsEk(EkLines ek, PairFiles files) {
    this.ek = ek;
    this.files = files;
  }

  /** Writes all findings; the stream stays open. */
  public static void write(CaseFile file, OutputStream output) throws IOException {
    try (EkLines ek = new EkLines(output)) {
      FindingRows.each(file, new FindingsEk(ek, new PairFiles(file))::finding);
    }
  }

  private void finding(
      ResultSet finding,
      FindingRows.Part connections,
      FindingRows.Part frames,
      FindingRows.Part causes)
      throws SQLException, IOException {
    files.of(finding.getString("pair"));
    boolean seen = false;
    while (frames.next()) {
      seen = true;
      frame(finding, frames.row());
    }
    if (!seen) {
      begin(finding, finding.getString("first"), finding.getString("message"));
      List<String> numbers = new ArrayList<>();
      while (connections.next()) {
        numbers.add(connections.row().getString("connection"));
      }
      if (!numbers.isEmpty()) {
        ek.values("mss_finding_conn", numbers);
      }
      ek.end();
    }
  }

  private void frame(ResultSet finding, ResultSet frame) throws SQLException, IOException {
    String own = frame.getString("message");
    begin(finding, frame.getString("time"), own == null ? finding.getString("message") : own);
    value("mss_finding_conn", frame.getString("connection"));
    String point = frame.getString("point");
    value("mss_finding_point", point);
    PairFiles.Place place = files.place(point, frame.getLong("frame"));
    ek.value("frame_number", Long.toString(place.frame()));
    if (place.file().isPresent()) {
      ek.value("frame_file", place.file().get().fileName());
      value("frame_file_sha256", place.file().get().sha256().orElse(null));
    }
    ek.end();
  }

  private void begin(ResultSet finding, String time, String message)
      throws SQLException, IOException {
    ek.begin(Instant.parse(time == null ? files.runStarted() : time).toEpochMilli());
    for (Map.Entry<String, String> field : FIELDS.entrySet()) {
      value(field.getKey(), finding.getString(field.getValue()));
    }
    ek.value("mss_finding", message);
  }

  private void value(String name, String value) throws IOException {
    if (value != null) {
      ek.value(name, value);
    }
  }
}
