package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.evidence.Arrivals;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Passage;
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

  record Lost(Leg across, Arrivals arrivals, long bytes, long sentBytes) implements Finding {
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
          arrivals.lost(),
          arrivals.compared(),
          bytes,
          percent(),
          across.direction().label(),
          arrivals.lost() == 1 ? "was" : "were",
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
          .and("lost_segments", arrivals.lost())
          .and("lost_bytes", bytes)
          .and("sent_segments", arrivals.compared())
          .and("sent_bytes", sentBytes)
          .and("compared", arrivals.compared())
          .and("arrived", arrivals.arrived())
          .and("lost", arrivals.lost())
          .and("unknown", arrivals.unknown())
          .and("missed_by_capture", arrivals.missedByCapture())
          .and("lost_percent_of_bytes", Math.round(percent() * 1000) / 1000.0);
    }

    @Override
    public String nextStep() {
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
    evidence.passagesByLeg().forEach((leg, passages) -> check(leg, passages, findings));
  }

  private static void check(Leg leg, List<Passage> passages, Findings findings) {
    List<Occurrence> occurrences = new ArrayList<>();
    long bytes = 0;
    long sentBytes = 0;
    int notFollowed = 0;
    for (Passage passage : passages) {
      Alignment alignment = passage.alignment();
      notFollowed += alignment.isFollowed() ? 0 : 1;
      bytes += alignment.lost().bytes();
      for (int row : alignment.near().row()) {
        sentBytes += passage.near().table().payloadBytes(row);
      }
      for (int i = 0; i < alignment.lost().size(); i++) {
        occurrences.add(occurrence(passage, i));
      }
    }
    Arrivals arrivals = Arrivals.of(passages);
    findings.add(new Lost(leg, arrivals, bytes, sentBytes), occurrences);
    String where = leg.direction().label() + " " + leg.between();
    if (notFollowed > 0) {
      findings.checked(
          "loss not looked for "
              + where
              + Words.on(notFollowed)
              + ": too many segments overlap in different places");
    }
    if (arrivals.compared() > 0 && (arrivals.lost() == 0 || arrivals.unknown() > 0)) {
      findings.checked(arrivals.sentence(where, leg.far()) + Words.on(passages.size()));
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
