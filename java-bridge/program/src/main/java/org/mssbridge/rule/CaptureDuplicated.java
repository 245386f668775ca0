package org.mssbridge.rule;

import java.util.BitSet;
import java.util.List;
import org.mssbridge.alignment.CaptureDuplicates;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.datagram.Datagrams;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/** Packets that a capture contains twice although they passed once. */
final class CaptureDuplicated implements Rule {
  static final Kind KIND =
      new Kind(
          "capture.duplicates",
          Severity.NOTE,
          Group.SEQUENCE,
          "the capture holds the same packets twice");

  /**
   * Copies.
   *
   * @param packets in the capture; besides TCP, only these
   */
  record Duplicated(
      CapturePoint point, int duplicates, int withOtherTtl, int packets, boolean isTcp)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "%s in the capture at %s are second copies of others%s: they are left out"
              + " of the comparison",
          Words.part(duplicates, packets, isTcp ? "packet" : "non-TCP packet"),
          point,
          withOtherTtl > 0 ? ", " + withOtherTtl + " of them with another TTL, after routing" : "");
    }

    @Override
    public Facts facts() {
      return Facts.of("point", point.name())
          .and("duplicates", duplicates)
          .and("with_other_ttl", withOtherTtl)
          .and("packets", packets);
    }

    @Override
    public String nextStep() {
      return withOtherTtl > 0
          ? "capture on one interface of the router, or mirror one side of it only"
          : "mirror one direction (rx or tx) of each port only, and capture on one interface instead"
              + " of \"any\"; to remove the copies: editcap -d; in a capture taken with -i any the"
              + " copies differ in their link-layer header: editcap -I 20 -d (type LINUX_SLL2) or -I"
              + " 16 -d (LINUX_SLL; capinfos -E names the type)";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    for (PointCapture capture : evidence.comparison().path()) {
      CapturePoint point = capture.point();
      CaptureDuplicates rows = evidence.comparison().duplicates().at(point).orElseThrow();
      if (rows.packets() > 0) {
        Duplicated finding =
            new Duplicated(
                point, rows.packets(), rows.withOtherTtl(), capture.extent().packets(), true);
        for (TracedConnection traced : evidence.comparison().connections()) {
          report(finding, traced, rows, findings);
        }
      }
      checkOthers(evidence.datagrams(), point, findings);
    }
  }

  private static void checkOthers(Datagrams datagrams, CapturePoint point, Findings findings) {
    BitSet copies = datagrams.copies(point);
    DatagramTable table = datagrams.tables().get(point);
    if (copies.isEmpty()) {
      return;
    }
    int withOtherTtl = datagrams.copiesWithOtherTtl(point);
    findings.add(
        new Duplicated(point, copies.cardinality(), withOtherTtl, table.packets(), false),
        Occurrence.anywhere().at(point, table.frame(copies.nextSetBit(0))));
  }

  /** Reports only the first copy in each direction of a connection. */
  private static void report(
      Duplicated finding, TracedConnection traced, CaptureDuplicates rows, Findings findings) {
    Occurrence occurrence = Occurrence.on(traced.id());
    for (Direction direction : Direction.values()) {
      int frame =
          traced
              .at()
              .at(finding.point())
              .map(connection -> firstFrame(connection.flow(direction), rows))
              .orElse(0);
      occurrence = frame > 0 ? occurrence.at(finding.point(), frame) : occurrence;
    }
    if (!occurrence.frames().isEmpty()) {
      findings.add(finding, occurrence);
    }
  }

  private static int firstFrame(Flow flow, CaptureDuplicates rows) {
    SegmentTable table = flow.table();
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      if (rows.contains(row)) {
        return table.frame(row);
      }
    }
    return 0;
  }
}
