package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.mssbridge.datagram.FlowPassage;
import org.mssbridge.datagram.RtpStream;
import org.mssbridge.datagram.TracedFlow;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.DatagramFlow;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/** RTP packets that are missing already at the first point that they pass. */
final class LostRtp {
  private LostRtp() {}

  /**
   * Gaps in sequence numbers (RFC 3550, appendix A.3).
   *
   * @param dropped packets that this capture dropped itself, if its statistics say
   */
  record Missing(
      Direction inDirection,
      CapturePoint point,
      int streams,
      int packets,
      long expected,
      OptionalLong dropped)
      implements Finding {
    @Override
    public Kind kind() {
      return LossAlone.UPSTREAM;
    }

    @Override
    public String message() {
      return String.format(
          "%s %s missing at %s, as sequence numbers show: lost before it%s%s",
          Words.part(packets, expected, "RTP packet"),
          packets == 1 ? "is" : "are",
          point,
          dropped.isPresent() && dropped.getAsLong() == 0 ? "" : ", or missed by its capture",
          Words.percent(packets, expected));
    }

    @Override
    public Optional<Direction> direction() {
      return Optional.of(inDirection);
    }

    @Override
    public Facts facts() {
      return Facts.of("protocol", "RTP")
          .and("point", point.name())
          .and("streams", streams)
          .and("missing_packets", packets)
          .and("expected_packets", expected);
    }

    @Override
    public String nextStep() {
      return "look for drops (queues, policers, a bad link) between the sender of these packets and "
          + point
          + "; check the drop counter of the capture there";
    }
  }

  private record Place(CapturePoint point, Direction direction) {}

  private static final class Tally {
    private final List<Occurrence> occurrences = new ArrayList<>();
    private int packets;
    private long expected;
  }

  static void check(Evidence evidence, Findings findings) {
    Map<Place, Tally> tallies = new LinkedHashMap<>();
    for (TracedFlow flow : evidence.datagrams().flows()) {
      for (Direction direction : Direction.values()) {
        evidence
            .datagrams()
            .nearestSender(flow, direction)
            .ifPresent(point -> check(evidence, flow, new Place(point, direction), tallies));
      }
    }
    tallies.forEach(
        (place, tally) ->
            findings.add(
                new Missing(
                    place.direction(),
                    place.point(),
                    tally.occurrences.size(),
                    tally.packets,
                    tally.expected,
                    evidence.comparison().capture(place.point()).coverage().droppedPackets()),
                tally.occurrences));
  }

  private static void check(
      Evidence evidence, TracedFlow flow, Place place, Map<Place, Tally> tallies) {
    DatagramTable table = evidence.datagrams().tables().get(place.point());
    DatagramFlow seen = flow.at(place.point()).orElseThrow();
    int missed =
        evidence.datagrams().passages(flow).stream()
            .filter(each -> each.nearPoint().equals(place.point()))
            .mapToInt(FlowPassage::missedByNear)
            .max()
            .orElse(0);
    for (RtpStream stream : RtpStream.of(table, seen, flow.at(place.point(), place.direction()))) {
      int missing = stream.missing() - missed;
      if (missing > 0) {
        Tally tally = tallies.computeIfAbsent(place, key -> new Tally());
        tally.packets += missing;
        tally.expected += stream.expected();
        String name = flow.name(place.point(), place.direction());
        tally.occurrences.add(
            Occurrence.anywhere()
                .at(place.point(), table.frame(stream.firstRow()))
                .saying(
                    String.format(
                        "%s: %s missing (SSRC 0x%08x)",
                        name, Words.part(missing, stream.expected(), "packet"), stream.source()))
                .with(Facts.of("flow", name).and("missing_packets", missing)));
      }
    }
  }
}
