package org.mssbridge.rule;

import java.util.List;
import java.util.Optional;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Handshakes;
import org.mssbridge.evidence.Legs;
import org.mssbridge.finding.Change;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.IpFamily;
import org.mssbridge.model.Severity;

/** An MSS option that is present at one point only. */
final class MssPresence implements Rule {
  static final Kind INSERTED =
      new Kind("mss.inserted", Severity.WARN, Group.PROTOCOL, "an MSS option was added");
  static final Kind REMOVED =
      new Kind("mss.removed", Severity.WARN, Group.PROTOCOL, "the MSS option was taken out");

  record Presence(
      Leg across, boolean inserted, int mssBytes, int defaultBytes, boolean twoConnections)
      implements Finding {
    @Override
    public Kind kind() {
      return inserted ? INSERTED : REMOVED;
    }

    @Override
    public String message() {
      String name = Handshakes.name(across.direction());
      String proxy = twoConnections ? "; a proxy ends one connection and opens another" : "";
      return inserted
          ? String.format(
              "the %s has no MSS option at %s and MSS %d at %s: it stood for %d%s",
              name, across.near(), mssBytes, across.far(), defaultBytes, proxy)
          : String.format(
              "the %s has MSS %d at %s and no MSS option at %s: the receiver assumes %d%s",
              name, mssBytes, across.near(), across.far(), defaultBytes, proxy);
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across
          .facts()
          .and(inserted ? "far_mss_bytes" : "near_mss_bytes", mssBytes)
          .and("default_mss_bytes", defaultBytes);
    }

    @Override
    public Optional<Change> change() {
      String value = Integer.toString(mssBytes);
      return Optional.of(
          inserted ? new Change("MSS", "absent", value) : new Change("MSS", value, "absent"));
    }

    @Override
    public String nextStep() {
      return inserted
          ? "check what the device " + across.between() + " inserts where a SYN has no MSS"
          : "let the option pass the devices "
              + across.between()
              + ": without it every segment is "
              + defaultBytes
              + " bytes at most";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(INSERTED, REMOVED);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    for (PairedConnection pair : evidence.pairs()) {
      for (Direction direction : Direction.values()) {
        Handshakes.first(pair, direction).ifPresent(both -> check(both, evidence, findings));
      }
    }
  }

  private static void check(Handshakes both, Evidence evidence, Findings findings) {
    boolean atNear = both.near().options().mss().isPresent();
    boolean atFar = both.far().options().mss().isPresent();
    boolean absenceKnown = (atNear ? both.far() : both.near()).options().whole();
    if (atNear == atFar || !absenceKnown) {
      return;
    }
    int mssBytes = (atNear ? both.near() : both.far()).options().mss().getAsInt();
    IpFamily family = IpFamily.of(both.pair().near(both.direction()).isIpv6());
    Leg leg = Legs.of(both.pair(), both.direction());
    findings.add(
        new Presence(
            leg,
            atFar,
            mssBytes,
            family.defaultMssBytes(),
            evidence.middlebox(both.pair()).endsConnections()),
        both.occurrence());
  }
}
