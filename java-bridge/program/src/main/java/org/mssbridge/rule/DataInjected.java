package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  /** What the injected data of one finding has in common. */
  private record Shape(
      Leg across,
      Set<Proof> proofs,
      Use use,
      boolean otherTtl,
      boolean otherIpId,
      boolean isStorm) {}

  /** Some of it. */
  private record Found(Passage passage, Run run) {}

  /**
   * All of one shape.
   *
   * @param bytes how many were put in
   * @param discardedBytes how many bytes of the sender's own data the receiver discards for them
   */
  record Injected(Shape shape, long bytes, long discardedBytes) implements Finding {
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

    private boolean isShown(Proof proof) {
      return shape.proofs().contains(proof);
    }

    @Override
    public String message() {
      return made("data") + outcome("the " + sender() + "'s own data of that range");
    }

    /** With the numbers, which a message that is the same for all connections cannot have. */
    @Override
    public String headline() {
      return made(Words.count(bytes, "byte") + " of data")
          + outcome(
              "the "
                  + sender()
                  + "'s own "
                  + Words.count(discardedBytes, "byte")
                  + " of that range");
    }

    private String made(String what) {
      return String.format(
          "a device %s injects %s in the name of the %s: it is at %s and never was at %s",
          across().between(), what, sender(), across().far(), across().near());
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
          .and("proof", names(shape.proofs()))
          .and("use", name(shape.use()))
          .and("other_ttl_than_flow", shape.otherTtl())
          .and("other_ip_id_than_flow", shape.otherIpId())
          .and("ack_storm", shape.isStorm())
          .and("injected_bytes", bytes)
          .and("discarded_bytes", shape.use() == Use.REPLACES ? discardedBytes : 0);
    }

    @Override
    public List<Cause> causes() {
      CauseGrounds inserts = new CauseGrounds();
      inserts.add(
          isShown(Proof.NOT_SENT_YET),
          "after it is acknowledged, the "
              + sender()
              + "'s own sequence numbers show that it has not sent these bytes yet");
      inserts.add(
          isShown(Proof.OTHER_BYTES),
          "the " + sender() + "'s own segment of the same range has other bytes");
      inserts.add(
          isShown(Proof.ACKNOWLEDGED_FIRST),
          "the " + receiver() + " acknowledges it before the " + sender() + " sends that range");
      inserts.add(shape.otherTtl(), "its TTL is not the flow's");
      inserts.add(shape.otherIpId(), "its IP ID does not continue the flow's");
      List<Cause> causes =
          new ArrayList<>(
              List.of(
                  inserts.cause(
                      "a filter, portal, censor or attacker on the path that speaks for the sender",
                      "RFC 9293, section 3.10.7.4")));
      if (!isShown(Proof.NOT_SENT_YET) && !isShown(Proof.OTHER_BYTES)) {
        CauseGrounds missed = new CauseGrounds();
        missed.addAgainst(shape.otherTtl(), "its TTL is not the flow's");
        missed.addAgainst(shape.otherIpId(), "its IP ID does not continue the flow's");
        causes.add(
            missed.cause(
                "the capture at " + across().near() + " missed it",
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
    return new Shape(
        leg,
        run.proofs(),
        run.use(),
        run.isOtherTtl(),
        run.isOtherIpId(),
        run.vainAcknowledgments() >= STORM);
  }

  private static String unknown(Leg leg, Undecided runs) {
    return String.format(
        "data sent %s at %s (%s) that is acknowledged at %s before it is sent there, or has"
            + " another TTL: cannot tell whether it was injected or the capture at %s missed it",
        Words.way(leg.direction()), leg.far(), runs.frames(), leg.near(), leg.near());
  }

  private static void report(Shape shape, List<Found> all, Findings findings) {
    Injected injected =
        new Injected(
            shape,
            all.stream().mapToLong(found -> found.run().bytes()).sum(),
            all.stream().mapToLong(found -> found.run().ownBytes()).sum());
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
            .and("ttl", far.ttl(run.rows().get(0)));
    return run.flowRow() < 0 ? facts : facts.and("flow_ttl", far.ttl(run.flowRow()));
  }
}
