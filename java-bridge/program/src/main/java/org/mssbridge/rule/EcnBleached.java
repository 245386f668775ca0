package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mssbridge.evidence.Crossings;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Handshakes;
import org.mssbridge.evidence.Passage;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Change;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.DsField;
import org.mssbridge.model.Group;
import org.mssbridge.model.Segment;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TcpFlags;

/**
 * Explicit Congestion Notification (RFC 3168) that is cleared on the path: the handshake flags that
 * negotiate it, or the IP header bits that routers mark. A router that marks CE is not a fault: the
 * bits are for this.
 */
final class EcnBleached implements Rule {
  static final Kind KIND =
      new Kind("ecn.bleached", Severity.NOTE, Group.PROTOCOL, "ECN bits are cleared on the path");

  private enum Field {
    TCP_FLAGS,
    IP_BITS
  }

  record Bleached(Leg across, Field field, String near, String far, boolean dscpChanges)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return field == Field.IP_BITS
          ? String.format(
              "a device clears the ECN bits (%s becomes %s%s) %s",
              near, far, dscpChanges ? ", and the DSCP changes too" : "", across.between())
          : String.format(
              "ECN flags of the %s: %s became %s %s",
              Handshakes.name(across.direction()), near, far, across.between());
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return field == Field.IP_BITS
          ? across.facts().and("field", "ip").and("dscp_changes_too", dscpChanges)
          : across.facts().and("field", "tcp flags");
    }

    @Override
    public Optional<Change> change() {
      return Optional.of(new Change("ECN", near, far));
    }

    @Override
    public List<Cause> causes() {
      if (field == Field.TCP_FLAGS) {
        return List.of(
            new Cause(
                "a firewall that clears flags which it takes for reserved ones",
                List.of(),
                List.of(),
                "RFC 3168, section 6.1.1.1"));
      }
      List<String> dscp =
          List.of(dscpChanges ? "the DSCP of these segments changes too" : "the DSCP stays");
      List<String> none = List.of();
      return List.of(
          new Cause(
              "a device that sets the whole former TOS octet where it means the DSCP",
              dscpChanges ? dscp : none,
              dscpChanges ? none : dscp,
              "RFC 3168, section 22"),
          new Cause(
              "a firewall or router that clears ECN on purpose",
              dscpChanges ? none : dscp,
              dscpChanges ? dscp : none,
              "RFC 3168, section 18.1"));
    }

    @Override
    public String nextStep() {
      return "look for a device "
          + across.between()
          + " that clears ECN: congestion shows as loss only, and marks are lost";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    for (Passage passage : evidence.passages()) {
      checkFlags(passage, findings);
      if (passage.isDsFieldChanged()) {
        new Bits(passage).report(findings);
      }
    }
  }

  /**
   * Reports flags that all transmissions have at the near point and none at the far point. A sender
   * may repeat an unanswered SYN without the flags (RFC 3168, section 6.1.1.1).
   */
  private static void checkFlags(Passage passage, Findings findings) {
    int sent = TcpFlags.ECE | TcpFlags.CWR;
    for (Segment segment : passage.near().handshake()) {
      sent &= segment.flags();
    }
    Optional<Handshakes> first =
        sent == 0 ? Optional.empty() : Handshakes.first(passage.pair(), passage.direction());
    if (first.isEmpty()) {
      return;
    }
    int arrived = 0;
    for (Segment segment : passage.far().handshake()) {
      arrived |= segment.flags();
    }
    if ((sent & ~arrived) != 0) {
      findings.add(
          new Bleached(passage.leg(), Field.TCP_FLAGS, flags(sent), flags(sent & arrived), false),
          first.get().occurrence());
    }
  }

  private static String flags(int flags) {
    List<String> names = new ArrayList<>();
    if ((flags & TcpFlags.ECE) != 0) {
      names.add("ECE");
    }
    if ((flags & TcpFlags.CWR) != 0) {
      names.add("CWR");
    }
    return names.isEmpty() ? "none" : String.join(" and ", names);
  }

  /** Counts segments by their IP header bits at the near and the far point. */
  private static final class Bits {
    private static final int VALUES = 4;

    private final Passage passage;
    private final SegmentTable near;
    private final SegmentTable far;
    private final int[] segments = new int[VALUES * VALUES];
    private final int[] sameIpId = new int[VALUES * VALUES];
    private final int[] dscpChanged = new int[VALUES * VALUES];
    private final int[] firstNearRow = new int[VALUES * VALUES];
    private final int[] firstFarRow = new int[VALUES * VALUES];

    Bits(Passage passage) {
      this.passage = passage;
      near = passage.near().table();
      far = passage.far().table();
      Crossings.of(passage.pair(), passage.direction(), this::count);
    }

    private void count(int nearRow, int farRow, boolean handshake) {
      int before = near.dsField(nearRow);
      int after = far.dsField(farRow);
      int cell = DsField.ecn(before) * VALUES + DsField.ecn(after);
      if (segments[cell]++ == 0) {
        firstNearRow[cell] = nearRow;
        firstFarRow[cell] = farRow;
      }
      sameIpId[cell] += near.ipId(nearRow) > 0 && near.ipId(nearRow) == far.ipId(farRow) ? 1 : 0;
      dscpChanged[cell] += DsField.dscp(before) != DsField.dscp(after) ? 1 : 0;
    }

    void report(Findings findings) {
      for (int before = 1; before < VALUES; before++) {
        int all = 0;
        for (int after = 0; after < VALUES; after++) {
          all += segments[before * VALUES + after];
        }
        for (int after = 0; after < VALUES; after++) {
          boolean cleared = after == 0 || (before == DsField.CE && after != DsField.CE);
          if (cleared && isCertain(before * VALUES + after, all)) {
            report(before, after, all, findings);
          }
        }
      }
    }

    /**
     * Whether a change is certain: some segment keeps its IP ID, or most segments are changed.
     * Retransmissions are not ECN-capable (RFC 3168, section 6.1.5), so one that was matched with
     * the original looks bleached.
     */
    private boolean isCertain(int cell, int all) {
      return sameIpId[cell] > 0 || 2 * segments[cell] > all;
    }

    private void report(int before, int after, int all, Findings findings) {
      int cell = before * VALUES + after;
      boolean dscpChanges = 2 * dscpChanged[cell] > segments[cell];
      findings.add(
          new Bleached(
              passage.leg(),
              Field.IP_BITS,
              DsField.ecnName(before),
              DsField.ecnName(after),
              dscpChanges),
          passage
              .occurrence(firstNearRow[cell], firstFarRow[cell])
              .with(Facts.of("segments", segments[cell]).and("segments_marked_so", all)));
    }
  }
}
