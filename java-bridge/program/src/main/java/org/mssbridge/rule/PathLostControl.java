package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.mssbridge.evidence.Ending;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.LostControl;
import org.mssbridge.evidence.Passage;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Explanation;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.model.Group;
import org.mssbridge.model.Numbers;
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

  /** A device that forgets connections has hardly forgotten one sooner. */
  private static final long SILENCE_NANOS = 5_000_000_000L;

  /**
   * What followed from losses.
   *
   * @param repeated what the other end repeats, in words
   * @param stalls whether it repeats so often that the connection stalls
   * @param late whether a SYN, SYN/ACK or FIN arrives late
   * @param resetUnheard whether a RST was lost and none arrived
   * @param waits whether the other end does not send its data, as it takes the window for closed
   * @param givesUp whether the sender of lost probes resets the connection
   */
  record Effects(
      List<String> repeated,
      boolean stalls,
      boolean late,
      boolean finNeverArrives,
      boolean neverOpens,
      boolean reset,
      boolean resetUnheard,
      boolean waits,
      boolean givesUp) {
    private boolean areGrave() {
      return stalls || reset || finNeverArrives || neverOpens || givesUp;
    }
  }

  /**
   * What speaks for a device that drops just these segments, and what against it.
   *
   * @param single whether one segment only was lost
   * @param lostAgain whether the same segment was lost again when it was sent again
   * @param crossedAgain whether it crossed then
   * @param onLeg what else is lost on the leg
   * @param afterSilence whether the connection was silent before the first of them
   */
  record Signs(
      boolean nothingArrivesAfter,
      boolean single,
      boolean lostAgain,
      boolean crossedAgain,
      OnLeg onLeg,
      boolean afterSilence) {
    private boolean areOfDevice() {
      return (nothingArrivesAfter || lostAgain) && !crossedAgain;
    }

    /** What two connections show together that show a device both, or both none. */
    private Signs and(Signs other) {
      return new Signs(
          nothingArrivesAfter && other.nothingArrivesAfter,
          false,
          lostAgain || other.lostAgain,
          crossedAgain || other.crossedAgain,
          onLeg,
          afterSilence && other.afterSilence);
    }
  }

  /**
   * What is lost on a leg in a direction.
   *
   * @param data data segments at the near point
   * @param lostData those of them that are lost
   * @param syns SYNs at the near point; of the other direction SYN/ACKs
   * @param lostSyns those of them that are lost
   */
  record OnLeg(long data, long lostData, long syns, long lostSyns) {
    /** So many lost are expected where none is: chance then has one in a hundred and fifty. */
    private static final int EXPECTED = 5;

    /** Losses of data so much rarer are not those of the SYNs. */
    private static final int RARER = 10;

    static OnLeg of(List<Passage> passages, Evidence evidence) {
      long data = 0;
      long lostData = 0;
      long syns = 0;
      long lostSyns = 0;
      for (Passage passage : passages) {
        data += passage.alignment().near().size();
        lostData += passage.alignment().lost().segments();
        syns += passage.near().handshakes();
        lostSyns += evidence.lostControl(passage).kinds().getOrDefault(LostControl.Kind.SYN, 0);
      }
      return new OnLeg(data, lostData, syns, lostSyns);
    }

    /** Whether what loses the SYNs would have lost more data, if it did not look at the kind. */
    boolean areSynsSingledOut() {
      double expected = syns == 0 ? 0 : (double) lostSyns / syns * data;
      return expected >= Math.max(EXPECTED, (double) RARER * lostData);
    }
  }

  /**
   * Losses on a leg with the same consequences.
   *
   * @param kinds how many segments of each kind were lost
   * @param harmless how many more these connections lost without any consequence, where no finding
   *     of its own counts them
   * @param inStall in which kind of stall of this direction they are; empty in none
   * @param inOutage whether they are sent in an outage in which data is lost too
   * @param afterInjected whether a device had ended the connection by then
   * @param droppedSyns a device that drops SYNs for what they have; empty where none shows, and
   *     where other kinds are lost
   */
  record Lost(
      Leg across,
      Map<LostControl.Kind, Integer> kinds,
      int harmless,
      Effects effects,
      Signs signs,
      Optional<Ending.Repeated> inStall,
      boolean inOutage,
      boolean afterInjected,
      Optional<DroppedSyns> droppedSyns)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public Severity severity() {
      return effects.areGrave() ? Severity.WARN : KIND.severity();
    }

    @Override
    public String message() {
      List<String> led = new ArrayList<>();
      List<String> far = far();
      if (!far.isEmpty()) {
        led.add(
            "the " + Words.sender(across.direction().reverse()) + " " + String.join(" and ", far));
      }
      if (effects.givesUp()) {
        led.add("the " + Words.sender(across.direction()) + " gives up");
      }
      if (effects.late()) {
        led.add(
            kinds.containsKey(LostControl.Kind.FIN)
                ? "closing is delayed"
                : "connecting is delayed");
      }
      return String.format(
          "%s sent %s %s lost %s%s%s",
          list(kinds),
          Words.way(across),
          total() == 1 ? "was" : "were",
          across.between(),
          led.isEmpty() ? "" : ": " + String.join(", ", led),
          harmless == 0
              ? ""
              : "; "
                  + Numbers.grouped(harmless)
                  + " more "
                  + (harmless == 1 ? "was" : "were")
                  + " lost without harm");
    }

    /** What the other end does. */
    private List<String> far() {
      List<String> far = new ArrayList<>();
      if (!effects.repeated().isEmpty()) {
        far.add("repeats " + String.join(" and ", effects.repeated()));
      }
      if (effects.finNeverArrives()) {
        far.add("never sees the FIN");
      }
      if (effects.neverOpens()) {
        far.add("never gets an answer to its SYN");
      }
      if (effects.resetUnheard()) {
        far.add("never sees the RST");
      }
      if (effects.waits()) {
        far.add("waits for a window that is open");
      }
      if (effects.reset()) {
        far.add("resets the connection in the end");
      }
      return far;
    }

    private int total() {
      return kinds.values().stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return DroppedSyns.addTo(lossFacts(), droppedSyns);
    }

    private Facts lossFacts() {
      return across
          .facts()
          .and(
              "kinds",
              kinds.keySet().stream()
                  .map(kind -> kind.text() + "s")
                  .collect(Collectors.joining(" and ")))
          .and("lost_without_consequence", harmless)
          .and("nothing_arrives_after", signs.nothingArrivesAfter())
          .and("fin_never_arrives", effects.finNeverArrives())
          .and("reset_afterwards", effects.reset())
          .and("same_segment_lost_again", signs.lostAgain())
          .and("same_segment_crossed_later", signs.crossedAgain())
          .and("reset_never_arrives", effects.resetUnheard())
          .and(
              "follows_stalled_data",
              inStall.filter(what -> what == Ending.Repeated.DATA).isPresent())
          .and("in_outage", inOutage)
          .and("explained_by_stall", inStall.isPresent())
          .and("after_injected_reset", afterInjected);
    }

    @Override
    public List<Explanation> because() {
      if (inOutage) {
        return List.of(
            new Explanation(
                PathLost.KIND, "they are sent while nothing of this direction crosses"));
      }
      if (inStall.isEmpty() && afterInjected) {
        return List.of(
            new Explanation(RstInjected.KIND, "sent when a device had ended the connection"));
      }
      return inStall
          .map(
              what ->
                  what == Ending.Repeated.KEEP_ALIVE
                      ? "these are the keep-alives that get no answer"
                      : "the data of this direction is never acknowledged before that")
          .map(how -> List.of(new Explanation(ConnectionStalled.KIND, how)))
          .orElse(List.of());
    }

    @Override
    public List<Cause> causes() {
      if (isExplained()) {
        return List.of();
      }
      if (droppedSyns.isPresent()) {
        Cause dropped = droppedSyns.get().cause();
        return isDropLikely() ? List.of(dropped, chance()) : List.of(chance(), dropped);
      }
      if (signs.single()) {
        return List.of(chance());
      }
      return signs.areOfDevice() ? List.of(device(), chance()) : List.of(chance(), device());
    }

    private boolean isDropLikely() {
      return droppedSyns.filter(DroppedSyns::isLikely).isPresent();
    }

    private boolean isExplained() {
      return inStall.isPresent() || inOutage || afterInjected;
    }

    private Cause device() {
      List<String> supporting = new ArrayList<>();
      List<String> against = new ArrayList<>();
      if (signs.nothingArrivesAfter()) {
        supporting.add("nothing sent " + Words.way(across) + " arrives after them");
      }
      if (signs.lostAgain() && !signs.crossedAgain()) {
        supporting.add("the same segment is lost each time it is sent");
      }
      if (signs.afterSilence()) {
        supporting.add(
            "nothing was sent for 5 s or more before them: it may have forgotten the connection");
      }
      if (signs.crossedAgain()) {
        against.add("the same segment, sent again, crosses");
      } else if (!signs.nothingArrivesAfter()) {
        against.add("later segments of the same direction arrive");
      }
      return new Cause(
          "a stateful firewall or NAT that takes these segments for invalid and drops them",
          supporting,
          against,
          "RFC 5382, section 5");
    }

    private Cause chance() {
      List<String> supporting = new ArrayList<>();
      List<String> against = new ArrayList<>();
      if (signs.onLeg().lostData() > 0) {
        supporting.add(
            lostData()
                + " of this direction "
                + (signs.onLeg().lostData() == 1 ? "is" : "are")
                + " lost too");
      }
      if (signs.crossedAgain()) {
        supporting.add("the same segment, sent again, crosses");
      }
      if (droppedSyns.isPresent()) {
        against.add(droppedSyns.get().pattern());
      } else if (signs.areOfDevice()) {
        against.add(
            signs.lostAgain()
                ? "the same segment is lost each time it is sent"
                : "nothing sent " + Words.way(across) + " arrives after them");
      }
      return new Cause(
          "loss that hits any packet",
          supporting,
          against,
          "by deduction from what both captures hold");
    }

    private String lostData() {
      return Words.part(signs.onLeg().lostData(), signs.onLeg().data(), "data segment");
    }

    private boolean areSyns() {
      return kinds.keySet().equals(Set.of(LostControl.Kind.SYN)) && total() > 1;
    }

    @Override
    public String nextStep() {
      if (isExplained()) {
        return "";
      }
      if (isDropLikely()) {
        return droppedSyns.get().nextStep();
      }
      return signs.areOfDevice()
          ? "look at the state table and the drop counters of the firewall or NAT "
              + across.between()
              + " (Linux: conntrack -S, nf_conntrack_log_invalid, nf_conntrack_tcp_be_liberal)"
          : areSyns() && signs.onLeg().areSynsSingledOut()
              ? String.format(
                  "look for a limit on SYNs or a full connection table %s: %s are lost, and %s;"
                      + " else for queues, policers, a bad link",
                  across.between(),
                  Words.part(signs.onLeg().lostSyns(), signs.onLeg().syns(), "SYN"),
                  lostData())
              : "look for drops "
                  + across.between()
                  + ": queues, policers, a bad link"
                  + (areSyns() && signs.onLeg().lostData() == 0 ? ", a limit on SYNs" : "");
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  /** What losses of several connections have in common. */
  private record Key(
      Leg leg,
      List<LostControl.Kind> kinds,
      Effects effects,
      boolean areOfDevice,
      Optional<Ending.Repeated> inStall,
      boolean inOutage,
      boolean afterInjected) {
    boolean isOfSyns() {
      return kinds.equals(List.of(LostControl.Kind.SYN));
    }
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    LossReasons reasons = new LossReasons(evidence);
    Map<Leg, UnmissedControl> unmissed = new LinkedHashMap<>();
    evidence
        .passagesByLeg()
        .forEach((leg, passages) -> unmissed.put(leg, UnmissedControl.of(evidence, passages)));
    Map<Key, Tally> tallies = new LinkedHashMap<>();
    Map<Leg, Outages> outages = new HashMap<>();
    Map<Leg, OnLeg> onLegs = new HashMap<>();
    for (Passage passage : evidence.passages()) {
      LostControl lost = evidence.lostControl(passage);
      if (!lost.frames().isEmpty()) {
        int first = lost.frames().get(0);
        Optional<Ending.Repeated> inStall = inStall(reasons, passage, lost);
        boolean afterInjected = reasons.isAfterInjected(passage, first);
        boolean afterLastData =
            inStall.isEmpty() && !afterInjected && reasons.isAfterLastData(passage, first);
        Signs own =
            signs(
                lost,
                onLegs.computeIfAbsent(
                    passage.leg(), leg -> OnLeg.of(evidence.passagesByLeg().get(leg), evidence)));
        Key key =
            new Key(
                passage.leg(),
                List.copyOf(lost.kinds().keySet()),
                effects(passage, lost),
                own.areOfDevice(),
                inStall,
                afterLastData
                    || outages
                        .computeIfAbsent(
                            passage.leg(),
                            leg -> Outages.of(evidence, evidence.passagesByLeg().get(leg), reasons))
                        .contain(lost.frames()),
                afterInjected);
        boolean isCounted = unmissed.get(passage.leg()).has(passage.pair());
        tallies
            .computeIfAbsent(key, each -> new Tally())
            .add(
                lost,
                own,
                isCounted ? 0 : lost.unmissedFrames().size(),
                new LossOfControl(passage, lost).occurrence());
      }
    }
    tallies.forEach(
        (key, tally) ->
            findings.add(
                new Lost(
                    key.leg(),
                    tally.kinds,
                    tally.harmless,
                    key.effects(),
                    tally.signs,
                    key.inStall(),
                    key.inOutage(),
                    key.afterInjected(),
                    key.isOfSyns() ? DroppedSyns.on(key.leg(), evidence) : Optional.empty()),
                tally.occurrences));
    unmissed.forEach((leg, one) -> one.report(leg, findings));
  }

  /** Losses with the same key. */
  private static final class Tally {
    final Map<LostControl.Kind, Integer> kinds = new EnumMap<>(LostControl.Kind.class);
    final List<Occurrence> occurrences = new ArrayList<>();
    Signs signs; // Null until the first are added.
    int harmless;

    void add(LostControl lost, Signs own, int unmissed, Occurrence occurrence) {
      lost.kinds().forEach((kind, count) -> kinds.merge(kind, count, Integer::sum));
      signs = signs == null ? own : signs.and(own);
      harmless += unmissed;
      occurrences.add(occurrence);
    }
  }

  private static Optional<Ending.Repeated> inStall(
      LossReasons reasons, Passage passage, LostControl lost) {
    int first = lost.frames().get(0);
    if (reasons.isInStall(passage, first)) {
      return Optional.of(Ending.Repeated.DATA);
    }
    return lost.kinds().containsKey(LostControl.Kind.KEEP_ALIVE)
            && reasons.areStalledProbes(passage, first)
        ? Optional.of(Ending.Repeated.KEEP_ALIVE)
        : Optional.empty();
  }

  private static Effects effects(Passage passage, LostControl lost) {
    boolean resetUnheard = lost.kinds().containsKey(LostControl.Kind.RST);
    return new Effects(
        lost.repeats().stream().map(LossOfControl::what).distinct().toList(),
        lost.repeated() >= STALL_REPETITIONS || lost.repeatedAfterReset() >= STALL_REPETITIONS,
        lost.delays().stream().anyMatch(late -> late.nanos() > 0),
        lost.fate().finNeverArrives(),
        passage.far().firstRow() < 0,
        lost.fate().resetAfterwards(),
        resetUnheard,
        lost.fate().windowWait().nanos() > 0,
        lost.fate().giveUpFrame() > 0);
  }

  private static Signs signs(LostControl lost, OnLeg onLeg) {
    return new Signs(
        lost.nothingArrivesAfter(),
        lost.frames().size() == 1,
        lost.again().lost(),
        lost.again().crossed(),
        onLeg,
        lost.fate().silenceNanos() >= SILENCE_NANOS);
  }

  /** Such as {@code 2 ACKs and 1 FIN}. */
  static String list(Map<LostControl.Kind, Integer> kinds) {
    return kinds.entrySet().stream()
        .map(entry -> Words.count(entry.getValue(), entry.getKey().text()))
        .collect(Collectors.joining(" and "));
  }
}
