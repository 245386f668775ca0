package org.mssbridge.report;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Checked;
import org.mssbridge.finding.Findings;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Input;

/**
 * The data that every kind of report uses.
 *
 * @param tool the run
 * @param captures in the order in which they were given
 * @param evidence the comparison and the evidence drawn from it
 * @param findings the findings, most severe first
 * @param checked what was looked for and not found, or could not be looked for
 */
public record Report(
    Tool tool,
    List<ReadCapture> captures,
    Evidence evidence,
    List<Findings.Reported> findings,
    List<Checked> checked) {
  public Report {
    captures = List.copyOf(captures);
    findings = List.copyOf(findings);
    checked = List.copyOf(checked);
  }

  /**
   * The program and this run of it.
   *
   * @param version of this program
   * @param tshark version of tshark
   * @param command the command line, without the program's name
   * @param started when
   */
  public record Tool(String version, String tshark, List<String> command, Instant started) {
    public Tool {
      command = List.copyOf(command);
    }
  }

  /** The conclusion in a few sentences: the problem, what it costs, what is between, what to do. */
  public String verdict() {
    return Verdict.of(this).text();
  }

  /** The capture of a point. */
  public ReadCapture capture(CapturePoint point) {
    return captures.stream().filter(read -> read.point().equals(point)).findFirst().orElseThrow();
  }

  /**
   * The files that were compared, by point, in the order in which they were given; of a file with
   * several points, by the first of them.
   */
  Map<CapturePoint, Path> files() {
    return Input.files(captures.stream().map(ReadCapture::input).toList());
  }

  /** The captures that share the file of a point, which are often that one alone. */
  List<ReadCapture> sharingFile(CapturePoint point) {
    Input own = capture(point).input();
    return captures.stream().filter(read -> read.input().sharesFile(own)).toList();
  }

  /** How people know the capture of a point: by its file, or by the point if that has several. */
  public String captureName(CapturePoint point) {
    return capture(point).input().part().isPresent() ? point.name() : fileName(point);
  }

  /** The name of the point's file, without its folder. */
  public String fileName(CapturePoint point) {
    return capture(point).input().name();
  }
}
