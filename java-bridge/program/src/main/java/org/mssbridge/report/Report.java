package org.mssbridge.report;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Findings;
import org.mssbridge.model.CapturePoint;

/**
 * What every kind of report draws on.
 *
 * @param tool the run
 * @param files the captures, in the order in which they were given
 * @param evidence the comparison and what was weighed of it
 * @param findings what was found, the severest first
 * @param checked what was looked for and is not there, in a line each
 */
public record Report(
    Tool tool,
    List<File> files,
    Evidence evidence,
    List<Findings.Reported> findings,
    List<String> checked) {
  /** Keeps copies of the lists. */
  public Report {
    files = List.copyOf(files);
    findings = List.copyOf(findings);
    checked = List.copyOf(checked);
  }

  /**
   * The run.
   *
   * @param version of this program
   * @param tshark version of tshark
   * @param command the command line, without the program's name
   * @param started when
   */
  public record Tool(String version, String tshark, List<String> command, Instant started) {
    /** Keeps a copy of the list. */
    public Tool {
      command = List.copyOf(command);
    }
  }

  /**
   * A capture as a file.
   *
   * @param point where it was taken
   * @param path the file
   * @param sha256 its digest in hexadecimal digits; empty where it was joined from several
   * @param bytes its length, or that of all its parts
   * @param parts the files that it was joined from; empty where it was one
   * @param command the exact command line of the tshark that read it
   */
  public record File(
      CapturePoint point,
      Path path,
      String sha256,
      long bytes,
      List<Part> parts,
      List<String> command) {
    /** Keeps copies of the lists. */
    public File {
      parts = List.copyOf(parts);
      command = List.copyOf(command);
    }

    /** A capture in one file. */
    public File(CapturePoint point, Path path, String sha256, long bytes) {
      this(point, path, sha256, bytes, List.of(), List.of());
    }
  }

  /**
   * One of the files that a capture was cut into.
   *
   * @param path the file
   * @param sha256 its digest in hexadecimal digits
   * @param bytes its length
   * @param firstFrame the number of its first frame in the whole capture; empty where the frames of
   *     several files alternate
   */
  public record Part(Path path, String sha256, long bytes, OptionalInt firstFrame) {}

  /** What the program concludes, in a sentence or two. */
  public String verdict() {
    return Verdict.of(this);
  }

  /** The file of a point. */
  public File file(CapturePoint point) {
    return files.stream().filter(file -> file.point().equals(point)).findFirst().orElseThrow();
  }

  /** The file's name without its folder. */
  public String fileName(CapturePoint point) {
    return String.valueOf(file(point).path().getFileName());
  }
}
