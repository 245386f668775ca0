package org.mssbridge.pipeline;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Findings;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.knowledge.Knowledge;
import org.mssbridge.report.Report;
import org.mssbridge.rule.Rules;
import org.mssbridge.tshark.Tshark;
import org.mssbridge.tshark.TsharkException;

/**
 * From captures to a report: reads them, pairs and aligns their connections, asks the rules.
 *
 * @param tshark reads the captures
 * @param frames which frames are looked at
 * @param only report findings with these codes; all where empty
 * @param knowledge what is known about values
 */
public record Pipeline(Tshark tshark, Frames frames, Set<String> only, Knowledge knowledge) {
  /** Keeps a copy of the set. */
  public Pipeline {
    only = Set.copyOf(only);
  }

  /**
   * Compares captures of one path.
   *
   * @param inputs in the order of the path, from the client's side on
   * @param tool the run, as the report names it
   * @throws TsharkException if a capture cannot be used
   */
  public Report run(List<Input> inputs, Report.Tool tool, ReadProgress progress)
      throws TsharkException, IOException, InterruptedException {
    CaptureReader.Result read = new CaptureReader(tshark, frames, progress).readAll(inputs);
    Evidence evidence = new Evidence(Comparison.of(read.captures()), knowledge);
    Findings all = Rules.check(evidence);
    List<Findings.Reported> findings =
        all.reported().stream()
            .filter(f -> only.isEmpty() || only.contains(f.finding().kind().code()))
            .toList();
    return new Report(tool, files(inputs, read), evidence, findings, all.checked());
  }

  private static List<Report.File> files(List<Input> inputs, CaptureReader.Result read) {
    List<Report.File> files = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Input input = inputs.get(i);
      PointCapture capture = read.captures().get(i);
      List<CaptureReader.Digest> digests = read.digests().get(i);
      List<Report.Part> parts = new ArrayList<>();
      for (int j = 0; j < input.parts().size(); j++) {
        parts.add(
            new Report.Part(
                input.parts().get(j).file(),
                digests.get(j).sha256(),
                digests.get(j).bytes(),
                input.parts().get(j).firstFrame()));
      }
      files.add(
          new Report.File(
              capture.point(),
              input.path(),
              parts.isEmpty() ? digests.get(0).sha256() : "",
              digests.stream().mapToLong(CaptureReader.Digest::bytes).sum(),
              parts,
              read.commands().get(i)));
    }
    return files;
  }
}
