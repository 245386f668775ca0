package org.mssbridge.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.mssbridge.pipeline.Input;
import org.mssbridge.report.OutputException;
import org.mssbridge.report.Report;
import org.mssbridge.report.ReportFiles;

/**
 * What is written of a pair beside the case.
 *
 * @param json folder for a report a pair
 * @param annotate folder for a folder of annotated captures a pair
 */
public record PairOutputs(Optional<Path> json, Optional<Path> annotate) {
  /** A character has up to three bytes here, and file systems take names of up to 255. */
  private static final int MOST_CHARACTERS = 60;

  /**
   * Makes the folders.
   *
   * @throws OutputException if one cannot be written to
   */
  public void check() throws OutputException {
    if (json.isPresent()) {
      ReportFiles.makeFolder(json.get());
    }
    if (annotate.isPresent()) {
      ReportFiles.makeFolder(annotate.get());
    }
  }

  void write(String id, Report report, List<Input> inputs) throws OutputException {
    ReportFiles files =
        new ReportFiles(inputs.stream().map(Input::path).toList())
            .protecting(inputs.stream().flatMap(input -> input.files().stream()).toList());
    if (json.isPresent()) {
      files.writeJson(report, json.get().resolve(fileName(id) + ".json"));
    }
    if (annotate.isPresent()) {
      files.annotate(report, annotate.get().resolve(fileName(id)));
    }
  }

  /**
   * An id as the name of a file: whatever else than letters, digits, _ - . stands in it is escaped,
   * and the end of a long one is replaced by a digest of the whole.
   */
  static String fileName(String id) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      boolean plain = Character.isLetterOrDigit(c) || c == '_' || c == '-' || (c == '.' && i > 0);
      name.append(plain ? String.valueOf(c) : String.format("%%%02x", (int) c));
    }
    return name.length() <= MOST_CHARACTERS
        ? name.toString()
        : name.substring(0, MOST_CHARACTERS) + "-" + UUID.nameUUIDFromBytes(id.getBytes(UTF_8));
  }
}
