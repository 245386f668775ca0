package org.mssbridge.rule;

import java.util.List;
import java.util.Optional;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Handshakes;
import org.mssbridge.evidence.OptionDifference;
import org.mssbridge.evidence.OptionKinds;
import org.mssbridge.evidence.Passage;
import org.mssbridge.finding.Change;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TcpOptions;

/** TCP options of a SYN or SYN/ACK, except MSS, that differ between the points. */
final class OptionChanged implements Rule {
  static final Kind REMOVED =
      new Kind("option.removed", Severity.WARN, Group.PROTOCOL, "a TCP option was taken out");
  static final Kind ADDED =
      new Kind("option.added", Severity.WARN, Group.PROTOCOL, "a TCP option was added");
  static final Kind CHANGED =
      new Kind("option.changed", Severity.WARN, Group.PROTOCOL, "a TCP option was changed");

  record Changed(Kind kind, Leg across, int option, String nearValue, String farValue)
      implements Finding {
    /**
     * A changed shift count is an error: both ends then compute different windows (RFC 7323,
     * section 2.2).
     */
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
      if (kind.equals(REMOVED)) {
        return what + " is at " + across.near() + " and not at " + across.far();
      }
      return kind.equals(ADDED)
          ? what + " is at " + across.far() + " and was not at " + across.near()
          : what + " changed from " + nearValue + " to " + farValue + " " + across.between();
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
    for (Passage passage : evidence.passages()) {
      Handshakes.first(passage.pair(), passage.direction())
          .ifPresent(
              both ->
                  OptionDifference.between(both)
                      .forEach(
                          difference ->
                              findings.add(changed(passage, difference), both.occurrence())));
    }
  }

  private static Changed changed(Passage passage, OptionDifference difference) {
    Kind kind = difference.isRemoved() ? REMOVED : difference.isAdded() ? ADDED : CHANGED;
    return new Changed(
        kind, passage.leg(), difference.option(), difference.near(), difference.far());
  }
}
