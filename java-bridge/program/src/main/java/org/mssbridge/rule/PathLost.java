package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Passage;
import org.mssbridge.evidence.Refusals;
import org.mssbridge.finding.Explanation;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/** Bytes of a transmission that passed the near point and did not arrive at the far point. */
final class PathLost implements Rule {
  static final Kind KIND =
      new Kind("path.lost", Severity.NOTE, Group.SEQUENCE, "bytes were lost between the points");

  private static final double WARN_PERCENT = 1.0;

  record Lost(
      Leg across, int segments, long bytes, long sentSegments, long sentBytes, Refusals refused)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public Severity severity() {
      return percent() >= WARN_PERCENT ? Severity.WARN : Severity.NOTE;
    }

    private double percent() {
      return sentBytes == 0 ? 0 : 100.0 * bytes / sentBytes;
    }

    @Override
    public String message() {
      return String.format(
          Locale.ROOT,
          "%d of %d data segments (%d bytes, %.2f %%) sent %s %s lost %s",
          segments,
          sentSegments,
          bytes,
          percent(),
          across.direction().label(),
          segments == 1 ? "was" : "were",
          across.between());
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across
          .facts()
          .and("lost_segments", segments)
          .and("lost_bytes", bytes)
          .and("sent_segments", sentSegments)
          .and("sent_bytes", sentBytes)
          .and("lost_percent_of_bytes", Math.round(percent() * 1000) / 1000.0);
    }

    @Override
    public List<Explanation> because() {
      return refused.segments() == 0
          ? List.of()
          : List.of(
              new Explanation(
                  refused.joined() > 0 ? OffloadForwarded.KIND : PmtudTooBig.KIND,
                  String.format(
                      "ICMP messages at %s quote %d of the %d lost segments",
                      across.near(), refused.segments(), segments)));
    }

    @Override
    public String nextStep() {
      if (refused.segments() == segments) {
        return "";
      }
      return "look for drops "
          + across.between()
          + ": queues, policers, a smaller MTU (compare the sizes of what was lost)";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    evidence.passagesByLeg().forEach((leg, passages) -> check(evidence, leg, passages, findings));
  }

  private static void check(Evidence evidence, Leg leg, List<Passage> passages, Findings findings) {
    List<Occurrence> occurrences = new ArrayList<>();
    Refusals refused = new Refusals(0, 0);
    int segments = 0;
    long bytes = 0;
    long sentSegments = 0;
    long sentBytes = 0;
    int notFollowed = 0;
    for (Passage passage : passages) {
      Alignment alignment = passage.alignment();
      notFollowed += alignment.isFollowed() ? 0 : 1;
      refused = refused.plus(Refusals.of(evidence, passage));
      segments += alignment.lost().segments();
      bytes += alignment.lost().bytes();
      sentSegments += alignment.near().size();
      for (int row : alignment.near().row()) {
        sentBytes += passage.near().table().payloadBytes(row);
      }
      for (int i = 0; i < alignment.lost().size(); i++) {
        occurrences.add(occurrence(passage, i));
      }
    }
    findings.add(new Lost(leg, segments, bytes, sentSegments, sentBytes, refused), occurrences);
    if (notFollowed > 0) {
      findings.checked(
          String.format(
              "loss not looked for %s %s%s: too many segments overlap in different places",
              leg.direction().label(), leg.between(), Words.on(notFollowed)));
    }
    // Without times it is not known whether the far capture reaches as far as the near one.
    boolean timed = passages.stream().allMatch(passage -> passage.pair().isTimed());
    if (occurrences.isEmpty() && sentSegments > 0 && timed && notFollowed == 0) {
      findings.checked(
          String.format(
              "nothing lost %s %s: %d segments with data left %s",
              leg.direction().label(), leg.between(), sentSegments, leg.near()));
    }
  }

  /** An occurrence on a lost range of bytes. */
  private static Occurrence occurrence(Passage passage, int range) {
    Alignment.Sightings near = passage.alignment().near();
    Alignment.Ranges lost = passage.alignment().lost();
    SegmentTable table = passage.near().table();
    int index = lost.index()[range];
    int row = near.row()[index];
    long from = lost.start()[range] - near.start()[index];
    long to = lost.end()[range] - near.start()[index] - 1;
    return passage
        .occurrence()
        .at(passage.nearPoint(), table.frame(row))
        .saying(
            String.format(
                "bytes %d to %d of this segment's %d never reached %s (relative sequence"
                    + " numbers %d to %d)",
                from,
                to,
                table.payloadBytes(row),
                passage.farPoint(),
                lost.start()[range],
                lost.end()[range] - 1))
        .with(
            Facts.of("first_lost_byte", from)
                .and("last_lost_byte", to)
                .and("segment_bytes", table.payloadBytes(row))
                .and("relative_sequence", lost.start()[range])
                .and("lost_bytes", lost.end()[range] - lost.start()[range]));
  }
}
