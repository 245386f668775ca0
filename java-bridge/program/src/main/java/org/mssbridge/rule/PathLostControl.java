package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.LostControl;
import org.mssbridge.evidence.Passage;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/** Segments without data that left the near point and did not arrive, with consequences. */
final class PathLostControl implements Rule {
  static final Kind KIND =
      new Kind(
          "path.lost-control",
          Severity.NOTE,
          Group.SEQUENCE,
          "segments without data were lost between the points");

  /** Repetitions of what had arrived that are a stall. */
  private static final int STALL_REPETITIONS = 3;

  /**
   * Losses on a leg with the same consequences.
   *
   * @param kinds the kinds of segments that were lost, such as {@code ACKs and FINs}
   * @param onlyControl whether no data was lost on the connection in this direction
   */
  record Lost(
      Leg across,
      String kinds,
      boolean stalls,
      boolean repeats,
      boolean nothingArrivesAfter,
      boolean finNeverArrives,
      boolean neverOpens,
      boolean reset,
      boolean onlyControl)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public Severity severity() {
      return stalls || reset || finNeverArrives || neverOpens ? Severity.WARN : KIND.severity();
    }

    @Override
    public String message() {
      List<String> led = new ArrayList<>();
      String far = Words.sender(across.direction().reverse());
      if (repeats) {
        led.add("the " + far + " repeats what had arrived");
      }
      if (finNeverArrives) {
        led.add("the " + far + " never sees the FIN");
      }
      if (neverOpens) {
        led.add("the " + far + " never gets an answer to its SYN");
      }
      if (reset) {
        led.add("the " + far + " resets the connection in the end");
      }
      return String.format(
          "%s sent %s are lost %s%s",
          kinds,
          Words.way(across.direction()),
          across.between(),
          led.isEmpty() ? "" : ", so " + String.join(" and ", led));
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across
          .facts()
          .and("kinds", kinds)
          .and("nothing_arrives_after", nothingArrivesAfter)
          .and("fin_never_arrives", finNeverArrives)
          .and("reset_afterwards", reset);
    }

    @Override
    public List<Cause> causes() {
      String source = "by deduction from what both captures hold";
      return List.of(
          new Cause(
              "a stateful firewall or NAT that takes these segments for invalid and drops them",
              nothingArrivesAfter
                  ? List.of("nothing sent " + Words.way(across.direction()) + " arrives after them")
                  : onlyControl ? List.of("no data is lost in this direction") : List.of(),
              nothingArrivesAfter
                  ? List.of()
                  : List.of("later segments of the same direction arrive"),
              "RFC 5382, section 5"),
          new Cause(
              "loss that hits any packet",
              onlyControl ? List.of() : List.of("data is lost in this direction too"),
              onlyControl ? List.of("no data is lost in this direction") : List.of(),
              source));
    }

    @Override
    public String nextStep() {
      return nothingArrivesAfter
          ? "look at the state table and the drop counters of the firewall or NAT "
              + across.between()
              + " (Linux: conntrack -S, nf_conntrack_log_invalid, nf_conntrack_tcp_be_liberal)"
          : "look for drops " + across.between() + ": queues, policers, a firewall";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    for (Passage passage : evidence.passages()) {
      LostControl lost = evidence.lostControl(passage);
      if (!lost.frames().isEmpty()) {
        report(passage, lost, findings);
      }
    }
  }

  private static void report(Passage passage, LostControl lost, Findings findings) {
    findings.add(
        new Lost(
            passage.leg(),
            lost.kinds().keySet().stream()
                .map(kind -> kind.text() + "s")
                .collect(Collectors.joining(" and ")),
            lost.repeated() >= STALL_REPETITIONS,
            lost.repeated() > 0,
            lost.nothingArrivesAfter(),
            lost.finNeverArrives(),
            passage.far().firstRow() < 0,
            lost.resetAfterwards(),
            passage.alignment().lost().size() == 0),
        occurrence(passage, lost));
  }

  private static Occurrence occurrence(Passage passage, LostControl lost) {
    var near = passage.pair().near(passage.direction());
    return passage
        .occurrence()
        .at(passage.nearPoint(), lost.frames())
        .saying(
            String.format(
                "%s to %s: of %s without data sent %s, %s did not reach %s%s%s",
                near.client(),
                near.server(),
                Words.count(lost.compared(), "segment"),
                Words.way(passage.direction()),
                list(lost.kinds()),
                passage.farPoint(),
                lost.nothingArrivesAfter()
                    ? "; from "
                        + passage.nearPoint()
                        + " frame "
                        + lost.frames().get(0)
                        + " on"
                        + " nothing of this direction arrives"
                    : "",
                lost.repeated() > 0
                    ? String.format(
                        "; the %s sends again %s what had been acknowledged",
                        Words.sender(passage.direction().reverse()),
                        Words.count(lost.repeated(), "time"))
                    : ""))
        .with(
            Facts.of("lost_segments", lost.frames().size())
                .and("compared_segments", lost.compared())
                .and("repeated_in_vain", lost.repeated()));
  }

  private static String list(Map<LostControl.Kind, Integer> kinds) {
    return kinds.entrySet().stream()
        .map(entry -> Words.count(entry.getValue(), entry.getKey().text()))
        .collect(Collectors.joining(" and "));
  }
}
