package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.FullSegments;
import org.mssbridge.evidence.MssInUse;
import org.mssbridge.evidence.Reach;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/** Faults of a capture itself, and what cannot be checked because of them. */
final class CaptureCondition implements Rule {
  static final Kind CUT_SHORT =
      new Kind(
          "capture.cut-short", Severity.WARN, Group.UNDECODED, "the file ends inside a packet");
  static final Kind SNAPLEN =
      new Kind(
          "capture.snaplen",
          Severity.NOTE,
          Group.UNDECODED,
          "packets are cut by the snapshot length");
  static final Kind NO_HANDSHAKE =
      new Kind(
          "capture.no-handshake",
          Severity.NOTE,
          Group.UNDECODED,
          "a connection began before the capture");

  /** Ethernet, IPv4 and the longest TCP header (RFC 9293, section 3.1). */
  private static final int MAX_HEADERS_BYTES = 14 + 20 + 60;

  /** Ethernet, IPv4, ICMP, and a quoted packet up to its sequence number (RFC 792). */
  private static final int MIN_QUOTE_BYTES = 14 + 20 + 8 + 20 + 8;

  record CutShort(CapturePoint point, int packets) implements Finding {
    @Override
    public Kind kind() {
      return CUT_SHORT;
    }

    @Override
    public String message() {
      return String.format(
          "the capture at %s ends inside a packet, or is damaged there: its first %s are analysed,"
              + " what came later is unknown",
          point, Words.count(packets, "packet"));
    }

    @Override
    public Facts facts() {
      return Facts.of("point", point.name()).and("whole_packets", packets);
    }

    @Override
    public String nextStep() {
      return "stop the capturing program properly before the file is copied, or copy it again; if"
          + " much is missing, repair it (pcapfix FILE)";
    }
  }

  record Snaplen(
      CapturePoint point, int snapLengthBytes, int truncatedPackets, int packets, boolean cutQuotes)
      implements Finding {
    @Override
    public Kind kind() {
      return SNAPLEN;
    }

    @Override
    public String message() {
      return String.format(
          "%s in the capture at %s are cut to %d bytes or less: lengths are known from"
              + " the headers, payload%s could not be compared",
          Words.part(truncatedPackets, packets, "packet"),
          point,
          snapLengthBytes,
          snapLengthBytes < MAX_HEADERS_BYTES
              ? " and TCP options (MSS, window scale, SACK, timestamps) where they are cut off"
              : "");
    }

    @Override
    public Facts facts() {
      return Facts.of("point", point.name())
          .and("snap_length_bytes", snapLengthBytes)
          .and("truncated_packets", truncatedPackets)
          .and("packets", packets)
          .and("not_checked", notChecked());
    }

    private List<String> notChecked() {
      List<String> notChecked = new ArrayList<>(List.of("payload"));
      if (cutQuotes) {
        notChecked.add("quoted segments in ICMP");
      }
      if (snapLengthBytes < MAX_HEADERS_BYTES) {
        notChecked.add("TCP options");
      }
      return notChecked;
    }

    @Override
    public String nextStep() {
      return "capture whole packets (tcpdump -s 0) where payload has to be compared";
    }
  }

  /**
   * Connections whose handshake a capture does not hold.
   *
   * @param meanwhile whether another capture shows that they began while this one ran
   * @param hasHoles whether it holds nothing for some time while other captures do
   */
  record NoHandshake(CapturePoint point, boolean meanwhile, boolean hasHoles) implements Finding {
    @Override
    public Kind kind() {
      return NO_HANDSHAKE;
    }

    @Override
    public String message() {
      return "connections in the capture at "
          + point
          + (meanwhile
              ? " began while it ran, and it lacks their handshake"
              : hasHoles ? " began before it, or while it holds nothing" : " began before it")
          + ": their MSS, ISN, window scale and other SYN options are unknown there";
    }

    @Override
    public Facts facts() {
      return Facts.of("point", point.name())
          .and("unknown", List.of("mss", "isn", "window scale", "sack permitted", "options"));
    }

    @Override
    public String nextStep() {
      return meanwhile
          ? "look for drops of the capture itself, or a filter that leaves out SYNs"
          : "start the capture before the connection to see its SYN";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(CUT_SHORT, SNAPLEN, NO_HANDSHAKE);
  }

  /** Whether a capture of several connections has nothing but SYNs and SYN/ACKs. */
  private static boolean holdsSynsOnly(PointCapture capture) {
    return capture.connections().size() > 1
        && capture.connections().stream()
            .allMatch(
                connection ->
                    connection.segments()
                        == connection.clientToServer().handshakes()
                            + connection.serverToClient().handshakes());
  }

  /** Whether another point has the handshake, at a time that a point's capture covers. */
  private static boolean beganMeanwhile(
      Evidence evidence, TracedConnection traced, CapturePoint point) {
    Comparison comparison = evidence.comparison();
    PointCapture capture = comparison.capture(point);
    return traced.at().points().stream()
        .anyMatch(
            other ->
                Reach.coversSyn(comparison, capture, other, traced.at().at(other).orElseThrow()));
  }

  /** Whether a quoted packet may lack its sequence number; routers always quote it (RFC 792). */
  private static boolean cutsQuotes(PointCapture capture) {
    return capture.extent().snapLengthBytes() < MIN_QUOTE_BYTES
        || capture.tooBigs().stream().anyMatch(message -> message.quotedSequence().isEmpty());
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    for (PointCapture capture : evidence.comparison().path()) {
      PointCapture.Extent extent = capture.extent();
      CapturePoint point = capture.point();
      if (!extent.complete()) {
        findings.add(
            new CutShort(point, extent.packets()),
            Occurrence.anywhere().at(point, extent.packets()));
      }
      if (extent.truncatedPackets() > 0) {
        findings.add(
            new Snaplen(
                point,
                extent.snapLengthBytes(),
                extent.truncatedPackets(),
                extent.packets(),
                cutsQuotes(capture)),
            Occurrence.anywhere().at(point, extent.firstTruncatedFrame()));
      }
    }
    for (PointCapture capture : evidence.comparison().path()) {
      if (holdsSynsOnly(capture)) {
        findings.unknown(
            "loss, resets and answers not looked for at "
                + capture.point()
                + ": its capture holds SYNs only (a capture filter?)");
      }
    }
    for (TracedConnection traced : evidence.comparison().connections()) {
      for (CapturePoint point : traced.at().points()) {
        var connection = traced.at().at(point).orElseThrow();
        if (!connection.hasHandshake()) {
          findings.add(
              new NoHandshake(
                  point,
                  beganMeanwhile(evidence, traced, point),
                  !evidence.comparison().capture(point).coverage().holes().isEmpty()),
              occurrence(traced, point));
        }
      }
    }
  }

  /**
   * An occurrence on a connection, with the MSS that the size of full segments gives away at the
   * point nearest their sender, where no capture holds any handshake.
   */
  private static Occurrence occurrence(TracedConnection traced, CapturePoint point) {
    var connection = traced.at().at(point).orElseThrow();
    Occurrence occurrence = Occurrence.on(traced.id()).at(point, connection.firstFrame());
    if (traced.at().points().stream()
        .anyMatch(other -> traced.at().at(other).orElseThrow().hasHandshake())) {
      return occurrence;
    }
    List<String> texts = new ArrayList<>();
    Facts facts = Facts.NONE;
    for (Direction direction : Direction.values()) {
      Optional<FullSegments> found =
          Evidence.nearestSender(traced, direction).equals(point)
              ? MssInUse.of(connection, direction)
              : Optional.empty();
      if (found.isPresent()) {
        FullSegments full = found.get();
        texts.add(
            String.format(
                "%d full segments sent %s end at %d bytes of data and %d of options: the MSS in use"
                    + " is probably %d",
                full.count(),
                Words.way(direction),
                full.payloadBytes(),
                full.optionBytes(),
                full.mssBytes()));
        facts = facts.and(direction.label() + "_mss_in_use_bytes", full.mssBytes());
      }
    }
    return texts.isEmpty()
        ? occurrence
        : occurrence
            .saying(
                connection.client()
                    + " to "
                    + connection.server()
                    + ": "
                    + String.join("; ", texts))
            .with(facts);
  }
}
