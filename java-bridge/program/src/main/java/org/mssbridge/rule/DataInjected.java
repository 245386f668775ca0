package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.InjectedData;
import org.mssbridge.evidence.InjectedData.Proof;
import org.mssbridge.evidence.InjectedData.Run;
import org.mssbridge.evidence.InjectedData.Use;
import org.mssbridge.evidence.Passage;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/** Data that was put into the stream between two points: its sender did not send it. */
final class DataInjected implements Rule {
  static final Kind KIND =
      new Kind(
          "data.injected",
          Severity.WARN,
          Group.SECURITY,
          "data in the stream that its sender never sent");

  /** So many are no answers to a single stray segment. */
  private static final int STORM = 3;

  private static final String OTHER_TTL = "its TTL is not the flow's";
  private static final String OTHER_IP_ID = "its IP ID does not continue the flow's";

  /**
   * What the injected data of one finding has in common.
   *
   * @param isSure whether it is shown even if the near capture misses packets
   */
  private record Shape(Leg across, Use use, boolean isSure, boolean isStorm) {}

  /** Some of it. */
  private record Found(Passage passage, Run run) {}

  /**
   * All of one shape.
   *
   * @param runs what was put in, each in one piece
   */
  record Injected(Shape shape, List<Run> runs) implements Finding {
    Injected {
      runs = List.copyOf(runs);
    }

    @Override
    public Kind kind() {
      return KIND;
    }

    /** What the receiver discards does no harm. */
    @Override
    public Severity severity() {
      return shape.use() == Use.TOO_LATE ? Severity.NOTE : KIND.severity();
    }

    private Leg across() {
      return shape.across();
    }

    private String sender() {
      return Words.sender(across().direction());
    }

    private String receiver() {
      return Words.sender(across().direction().reverse());
    }

    private Set<Proof> proofs() {
      return runs.stream().flatMap(run -> run.proofs().stream()).collect(Collectors.toSet());
    }

    private long bytes() {
      return runs.stream().mapToLong(Run::bytes).sum();
    }

    /** How many bytes of the sender's own data the receiver discards for them. */
    private long discardedBytes() {
      return shape.use() == Use.REPLACES ? runs.stream().mapToLong(Run::ownBytes).sum() : 0;
    }

    @Override
    public String message() {
      return made("data") + outcome("the " + sender() + "'s own data of that range");
    }

    /** With the numbers, which a message that is the same for all connections cannot have. */
    @Override
    public String headline() {
      return made(Words.count(bytes(), "byte") + " of data")
          + outcome(
              "the "
                  + sender()
                  + "'s own "
                  + Words.count(discardedBytes(), "byte")
                  + " of that range");
    }

    private String made(String what) {
      return String.format(
          shape.isSure()
              ? "a device %s injects %s in the name of the %s: it is at %s and never was at %s"
              : "a device %s probably injects %s in the name of the %s: it is at %s and not in the"
                  + " capture at %s",
          across().between(),
          what,
          sender(),
          across().far(),
          across().near());
    }

    private String outcome(String own) {
      return switch (shape.use()) {
        case REPLACES -> String.format("; the %s keeps it and discards %s", receiver(), own);
        case ADDS ->
            String.format("; the %s accepts it", receiver())
                + (shape.isStorm()
                    ? ", and from then on neither end accepts what the other one acknowledges"
                    : "");
        case TOO_LATE -> String.format("; the %s has %s before and discards it", receiver(), own);
        case UNKNOWN -> "";
      };
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across());
    }

    @Override
    public Facts facts() {
      return across()
          .facts()
          .and("proof", names(proofs()))
          .and("use", name(shape.use()))
          .and("other_ttl_than_flow", runs.stream().allMatch(Run::isOtherTtl))
          .and("other_ip_id_than_flow", runs.stream().allMatch(Run::isOtherIpId))
          .and("ack_storm", shape.isStorm())
          .and("injected_bytes", bytes())
          .and("discarded_bytes", discardedBytes());
    }

    @Override
    public List<Cause> causes() {
      Grounds inserts = new Grounds(runs);
      inserts.add(
          Proof.NOT_SENT_YET,
          "after it is acknowledged, the "
              + sender()
              + "'s own sequence numbers show that it has not sent these bytes yet");
      inserts.add(
          Proof.OTHER_BYTES,
          "the " + sender() + "'s own segment of the same range has other bytes");
      inserts.add(
          Proof.ACKNOWLEDGED_FIRST,
          "the " + receiver() + " acknowledges it before the " + sender() + " sends that range");
      inserts.add(Run::isOtherTtl, OTHER_TTL);
      inserts.add(Run::isOtherIpId, OTHER_IP_ID);
      List<Cause> causes = new ArrayList<>();
      causes.add(
          new Cause(
              "a filter, portal, censor or attacker on the path that speaks for the sender",
              inserts.texts(),
              List.of(),
              "RFC 9293, section 3.10.7.4"));
      if (!shape.isSure()) {
        Grounds against = new Grounds(runs);
        against.add(Run::isOtherTtl, OTHER_TTL);
        against.add(Run::isOtherIpId, OTHER_IP_ID);
        causes.add(
            new Cause(
                "the capture at " + across().near() + " missed it",
                List.of(),
                against.texts(),
                "by deduction from what both captures hold"));
      }
      return causes;
    }

    @Override
    public String nextStep() {
      return "look at the data of these frames (tshark -V) for the page, redirect or command that it"
          + " carries; look into the rules and logs of the devices "
          + across().between()
          + " at that time; use TLS, which rejects injected data";
    }
  }

  private static List<String> names(Set<Proof> proofs) {
    return Stream.of(Proof.values()).filter(proofs::contains).map(DataInjected::name).toList();
  }

  /** What holds for some of the runs, and for how many. */
  private static final class Grounds {
    private final List<Run> runs;
    private final List<String> texts = new ArrayList<>();

    Grounds(List<Run> runs) {
      this.runs = runs;
    }

    void add(Proof proof, String text) {
      add(run -> run.proofs().contains(proof), text);
    }

    void add(Predicate<Run> holds, String text) {
      long number = runs.stream().filter(holds).count();
      if (number == runs.size()) {
        texts.add(text);
      } else if (number > 0) {
        texts.add(text + " (" + number + " of " + runs.size() + ")");
      }
    }

    List<String> texts() {
      return texts;
    }
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    Map<Shape, List<Found>> shapes = new LinkedHashMap<>();
    evidence
        .passagesByLeg()
        .forEach(
            (leg, passages) -> {
              Undecided undecided = new Undecided();
              for (Passage passage : passages) {
                InjectedData injected = evidence.injectedData(passage.pair(), passage.direction());
                for (Run run : injected.found()) {
                  shapes
                      .computeIfAbsent(shape(leg, run), shape -> new ArrayList<>())
                      .add(new Found(passage, run));
                }
                undecided.add(passage, injected.undecided());
              }
              if (undecided.count() > 0) {
                findings.unknown(unknown(leg, undecided));
              }
            });
    shapes.forEach((shape, all) -> report(shape, all, findings));
  }

  private static Shape shape(Leg leg, Run run) {
    return new Shape(leg, run.use(), run.isSure(), run.vainAcknowledgments() >= STORM);
  }

  private static String unknown(Leg leg, Undecided runs) {
    return String.format(
        "data sent %s at %s (%s) that is acknowledged at %s before it is sent there, or has"
            + " another TTL: cannot tell whether it was injected or the capture at %s missed it",
        Words.way(leg.direction()), leg.far(), runs.frames(), leg.near(), leg.near());
  }

  private static void report(Shape shape, List<Found> all, Findings findings) {
    Injected injected = new Injected(shape, all.stream().map(Found::run).toList());
    all.forEach(found -> findings.add(injected, occurrence(found.passage(), found.run())));
  }

  private static Occurrence occurrence(Passage passage, Run run) {
    SegmentTable far = passage.far().table();
    SegmentTable near = passage.near().table();
    Occurrence occurrence =
        passage
            .occurrence()
            .at(passage.farPoint(), run.rows().stream().map(far::frame).toList())
            .saying(words(passage, run))
            .with(facts(passage, run));
    occurrence =
        run.ownRow() >= 0 ? occurrence.at(passage.farPoint(), far.frame(run.ownRow())) : occurrence;
    return run.shownBy() >= 0
        ? occurrence.at(passage.nearPoint(), near.frame(run.shownBy()))
        : occurrence;
  }

  private static String words(Passage passage, Run run) {
    SegmentTable far = passage.far().table();
    String sender = Words.sender(passage.direction());
    StringBuilder words = new StringBuilder();
    words.append(
        String.format(
            "%s to %s: bytes %d to %d %s are injected",
            passage.pair().far(passage.direction()).client(),
            passage.pair().far(passage.direction()).server(),
            run.start(),
            run.end() - 1,
            passage.direction().words()));
    if (run.isOtherTtl() && run.flowRow() >= 0) {
      words.append(
          String.format(
              " with TTL %d, the flow's is %d",
              far.ttl(run.rows().get(0)), far.ttl(run.flowRow())));
    }
    if (run.proofs().contains(Proof.NOT_SENT_YET)) {
      words.append(
          String.format(
              "; frame %d at %s, after their acknowledgment, shows that the %s has not sent them",
              passage.near().table().frame(run.shownBy()), passage.nearPoint(), sender));
    }
    if (run.ownRow() >= 0) {
      words.append(
          String.format(
              "; the %s's own %s of that range are in frame %d",
              sender, Words.count(run.ownBytes(), "byte"), far.frame(run.ownRow())));
    }
    if (run.vainAcknowledgments() >= STORM) {
      words.append(
          String.format(
              "; %d ACKs of the %s then repeat a number that the %s is past",
              run.vainAcknowledgments(), sender, Words.sender(passage.direction().reverse())));
    }
    return words.toString();
  }

  private static Facts facts(Passage passage, Run run) {
    SegmentTable far = passage.far().table();
    Facts facts =
        Facts.of("relative_sequence", run.start())
            .and("run_bytes", run.bytes())
            .and("run_segments", run.rows().size())
            .and("own_bytes", run.ownBytes())
            .and("vain_acknowledgments", run.vainAcknowledgments())
            .and("ttl", far.ttl(run.rows().get(0)))
            .and("proof", names(run.proofs()))
            .and("other_ttl_than_flow", run.isOtherTtl())
            .and("other_ip_id_than_flow", run.isOtherIpId());
    return run.flowRow() < 0 ? facts : facts.and("flow_ttl", far.ttl(run.flowRow()));
  }
}
