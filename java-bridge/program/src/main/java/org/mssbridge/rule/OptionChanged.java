package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Handshakes;
import org.mssbridge.evidence.Legs;
import org.mssbridge.evidence.OptionKinds;
import org.mssbridge.finding.Change;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TcpOptions;

/** TCP options of a SYN or SYN/ACK, other than MSS, that differ between the points. */
final class OptionChanged implements Rule {
  static final Kind REMOVED =
      new Kind("option.removed", Severity.WARN, Group.PROTOCOL, "a TCP option was taken out");
  static final Kind ADDED =
      new Kind("option.added", Severity.WARN, Group.PROTOCOL, "a TCP option was added");
  static final Kind CHANGED =
      new Kind("option.changed", Severity.WARN, Group.PROTOCOL, "a TCP option was changed");

  record Changed(Kind kind, Leg across, int option, String nearValue, String farValue)
      implements Finding {
    /** With another shift count both ends compute another window: an error (RFC 7323, 2.2). */
    @Override
    public Severity severity() {
      return kind.equals(CHANGED) && option == TcpOptions.WINDOW_SCALE
          ? Severity.ERROR
          : kind.severity();
    }

    @Override
    public String message() {
      String what =
          "option " + OptionKinds.name(option) + " of the " + Handshakes.name(across.direction());
      return switch (kind.code()) {
        case "option.removed" -> what + " is at " + across.near() + " and not at " + across.far();
        case "option.added" -> what + " is at " + across.far() + " and was not at " + across.near();
        default -> what + " changed from " + nearValue + " to " + farValue + " " + across.between();
      };
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across.facts().and("option_kind", option).and("option", OptionKinds.name(option));
    }

    @Override
    public Optional<Change> change() {
      return Optional.of(new Change(OptionKinds.name(option), nearValue, farValue));
    }

    @Override
    public String nextStep() {
      return "look for a firewall or accelerator "
          + across.between()
          + " that normalises TCP options: "
          + OptionKinds.harm(option);
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(REMOVED, ADDED, CHANGED);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    for (PairedConnection pair : evidence.pairs()) {
      if (evidence.middlebox(pair).endsConnections()) {
        continue;
      }
      for (Direction direction : Direction.values()) {
        Handshakes.first(pair, direction)
            .ifPresent(
                both ->
                    differences(both).forEach(changed -> findings.add(changed, both.occurrence())));
      }
    }
  }

  /** What differs between the two, MSS aside. */
  static List<Changed> differences(Handshakes both) {
    List<Changed> differences = new ArrayList<>();
    TcpOptions near = both.near().options();
    TcpOptions far = both.far().options();
    if (!near.whole() || !far.whole()) {
      return differences;
    }
    TreeSet<Integer> kinds = new TreeSet<>(near.meaningfulKinds());
    kinds.addAll(far.meaningfulKinds());
    kinds.remove(TcpOptions.MSS);
    Leg leg = Legs.of(both.pair(), both.direction());
    for (int option : kinds) {
      String nearValue = near.has(option) ? OptionKinds.value(near, option) : "absent";
      String farValue = far.has(option) ? OptionKinds.value(far, option) : "absent";
      if (nearValue.equals(farValue)) {
        continue;
      }
      Kind kind = !far.has(option) ? REMOVED : !near.has(option) ? ADDED : CHANGED;
      differences.add(new Changed(kind, leg, option, nearValue, farValue));
    }
    return differences;
  }
}
