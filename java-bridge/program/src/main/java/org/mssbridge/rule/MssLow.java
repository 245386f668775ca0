package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Handshakes;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.IpFamily;
import org.mssbridge.model.Segment;
import org.mssbridge.model.Severity;

/** An MSS below the default that every host must accept, at any point. */
final class MssLow implements Rule {
  static final Kind KIND =
      new Kind("mss.low", Severity.WARN, Group.SECURITY, "the MSS is below the least default");

  /** At this MSS Linux split data into segments of 8 bytes (CVE-2019-11477 to CVE-2019-11479). */
  private static final int SACK_PANIC_BYTES = 48;

  record Low(List<CapturePoint> points, Direction inDirection, int mssBytes, int defaultBytes)
      implements Finding {
    Low {
      points = List.copyOf(points);
    }

    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "the %s announces MSS %d at %s, below %d%s",
          Handshakes.name(inDirection),
          mssBytes,
          points.stream().map(CapturePoint::name).collect(Collectors.joining(" and ")),
          defaultBytes,
          mssBytes <= SACK_PANIC_BYTES
              ? ": as in attacks of the SACK panic family (CVE-2019-11477, -11478, -11479)"
              : "");
    }

    @Override
    public Optional<Direction> direction() {
      return Optional.of(inDirection);
    }

    @Override
    public Facts facts() {
      return Facts.NONE
          .and("points", points.stream().map(CapturePoint::name).toList())
          .and("mss_bytes", mssBytes)
          .and("least_default_mss_bytes", defaultBytes);
    }

    @Override
    public String nextStep() {
      return mssBytes <= SACK_PANIC_BYTES
          ? "check that the host which is sent this is patched, and drop SYNs with such an MSS"
          : "find out who asks for so little, the sender or a clamp before "
              + points.get(0)
              + "; each segment costs a header";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    for (TracedConnection traced : evidence.comparison().connections()) {
      for (Direction direction : Direction.values()) {
        check(traced, direction, findings);
      }
    }
  }

  private static void check(TracedConnection traced, Direction direction, Findings findings) {
    Map<Integer, Map<CapturePoint, List<Segment>>> byMss = new TreeMap<>();
    int defaultMssBytes = 0;
    for (CapturePoint point : traced.at().points()) {
      Connection connection = traced.at().at(point).orElseThrow();
      defaultMssBytes = IpFamily.of(connection.isIpv6()).defaultMssBytes();
      Flow flow = connection.flow(direction);
      if (flow.handshakes() == 1
          && flow.announcedMss().orElse(defaultMssBytes) >= defaultMssBytes) {
        continue; // As nearly all are.
      }
      for (Segment sent : flow.handshake()) {
        int mssBytes = sent.options().mss().orElse(defaultMssBytes);
        if (mssBytes < defaultMssBytes) {
          byMss
              .computeIfAbsent(mssBytes, k -> new LinkedHashMap<>())
              .computeIfAbsent(point, k -> new ArrayList<>(1))
              .add(sent);
        }
      }
    }
    for (Map.Entry<Integer, Map<CapturePoint, List<Segment>>> low : byMss.entrySet()) {
      Occurrence occurrence = Occurrence.on(traced.id());
      for (Map.Entry<CapturePoint, List<Segment>> seen : low.getValue().entrySet()) {
        occurrence =
            occurrence.at(seen.getKey(), seen.getValue().stream().map(Segment::frame).toList());
      }
      List<CapturePoint> points = List.copyOf(low.getValue().keySet());
      findings.add(new Low(points, direction, low.getKey(), defaultMssBytes), occurrence);
    }
  }
}
