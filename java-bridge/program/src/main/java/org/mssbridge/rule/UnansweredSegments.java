package org.mssbridge.rule;

import java.util.List;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Explanation;
import org.mssbridge.finding.Facts;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/**
 * SYNs or SYN/ACKs that nothing answers at a point, in words.
 *
 * @param direction that of the segments: client to server for SYNs
 * @param last the last point that saw them
 * @param severalPoints whether another point saw them too
 * @param wrongChecksum whether they arrive with a checksum that a device made wrong
 */
record UnansweredSegments(
    Direction direction, CapturePoint last, boolean severalPoints, boolean wrongChecksum) {
  static UnansweredSegments of(
      Evidence evidence, TracedConnection traced, CapturePoint last, Direction direction) {
    return new UnansweredSegments(
        direction, last, !traced.isOneSided(), arrivesWrong(evidence, traced, last, direction));
  }

  /** Whether the SYN of a direction arrives at a point with a checksum that a device made wrong. */
  private static boolean arrivesWrong(
      Evidence evidence, TracedConnection traced, CapturePoint last, Direction direction) {
    return traced.pairs().stream()
        .filter(pair -> pair.farPoint(direction).equals(last))
        .anyMatch(
            pair -> {
              SegmentTable table = pair.farFlow(direction).table();
              return evidence.wrongChecksums(pair, direction).hasSyn(table)
                  || evidence.wrongHeaderSums(pair, direction).hasSyn(table);
            });
  }

  private String segments() {
    return direction == Direction.C2S ? "SYNs" : "SYN/ACKs";
  }

  List<Explanation> because() {
    return wrongChecksum
        ? List.of(
            new Explanation(
                ChecksumWrong.KIND,
                "the " + segments() + " arrive with a wrong checksum, so they are dropped"))
        : List.of();
  }

  /**
   * What becomes of them, and where the fault is.
   *
   * @param answered whether and when they are answered
   * @param remark what shows that in another way, where their checksum is right
   * @param elsewhere what other captures show of it
   */
  String message(String answered, String remark, String elsewhere) {
    if (wrongChecksum) {
      return String.format(
          "%s arrive at %s with a wrong checksum and %s: the fault is before that point",
          segments(), last, answered);
    }
    return String.format(
        "%s %s %s and %s%s: the fault is %s",
        segments(),
        severalPoints ? "arrive at" : "are seen at",
        last,
        answered,
        remark,
        severalPoints
            ? Words.behind(last, direction.reverse()) + ", not between the capture points"
            : "beyond that point: on the way there, at the "
                + Words.sender(direction.reverse())
                + ", or on the way back, which one capture cannot tell"
                + elsewhere);
  }

  Facts facts(boolean answeredInTheEnd) {
    return Facts.of("point", last.name())
        .and("fault", (wrongChecksum ? "before " : "behind ") + last)
        .and("answered_in_the_end", answeredInTheEnd);
  }
}
