package org.mssbridge.rule;

import java.util.List;
import java.util.Optional;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Legs;
import org.mssbridge.evidence.Ttl;
import org.mssbridge.finding.Change;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.InitialTtl;
import org.mssbridge.model.Severity;

/** The number of routers between the points by TTL, or a TTL that routers cannot explain. */
final class PathHops implements Rule {
  static final Kind HOPS =
      new Kind("path.hops", Severity.CHAT, Group.PROTOCOL, "routers between the points by TTL");
  static final Kind RESET =
      new Kind("ttl.reset", Severity.NOTE, Group.PROTOCOL, "the TTL is set again");

  record Hops(Leg across, int nearTtl, int farTtl) implements Finding {
    @Override
    public Kind kind() {
      return Ttl.isReset(nearTtl - farTtl) ? RESET : HOPS;
    }

    @Override
    public String message() {
      int fall = nearTtl - farTtl;
      return Ttl.isReset(fall)
          ? String.format(
              "the TTL is set again %s: %d became %d", across.between(), nearTtl, farTtl)
          : String.format(
              "%d router%s %s: the TTL falls from %d to %d",
              fall, fall == 1 ? "" : "s", across.between(), nearTtl, farTtl);
    }

    @Override
    public Optional<String> messageBothWays(Finding back) {
      if (!(back instanceof Hops other) || !kind().equals(other.kind())) {
        return Optional.empty();
      }
      if (kind().equals(RESET)) {
        return Optional.of(
            message() + way() + ", " + other.nearTtl + " became " + other.farTtl + other.way());
      }
      int fall = nearTtl - farTtl;
      int otherFall = other.nearTtl - other.farTtl;
      if (ttls().equals(other.ttls())) {
        return Optional.of(message());
      }
      if (fall == otherFall) {
        return Optional.of(message() + way() + ", from " + other.ttls() + other.way());
      }
      return Optional.of(
          String.format(
              "routers %s: %d%s (TTL %s), %d%s (TTL %s)",
              across.between(), fall, way(), ttls(), otherFall, other.way(), other.ttls()));
    }

    private String way() {
      return " " + Words.way(across);
    }

    private String ttls() {
      return nearTtl + " to " + farTtl;
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across
          .facts()
          .and("near_ttl", nearTtl)
          .and("far_ttl", farTtl)
          .and("hops", nearTtl - farTtl)
          .and("initial_ttl_near", InitialTtl.of(nearTtl))
          .and("initial_ttl_far", InitialTtl.of(farTtl));
    }

    @Override
    public Optional<Change> change() {
      return Optional.of(Change.of("TTL", nearTtl, farTtl));
    }

    @Override
    public String nextStep() {
      return Ttl.isReset(nearTtl - farTtl)
          ? "look for a device "
              + across.between()
              + " that sends these packets itself: a proxy, NAT"
              + " with TTL normalisation, or a tunnel's end"
          : "";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(HOPS, RESET);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    for (PairedConnection pair : evidence.pairs()) {
      for (Direction direction : Direction.values()) {
        Ttl.rows(pair, direction).ifPresent(rows -> add(pair, direction, rows, findings));
      }
    }
  }

  private static void add(
      PairedConnection pair, Direction direction, Ttl.Rows rows, Findings findings) {
    SegmentTable near = pair.nearFlow(direction).table();
    SegmentTable far = pair.farFlow(direction).table();
    int nearTtl = near.ttl(rows.near());
    int farTtl = far.ttl(rows.far());
    if (nearTtl != farTtl) {
      findings.add(
          new Hops(Legs.of(pair, direction), nearTtl, farTtl),
          Occurrence.on(pair.id())
              .at(pair.nearPoint(direction), near.frame(rows.near()))
              .at(pair.farPoint(direction), far.frame(rows.far())));
    }
  }
}
