package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mssbridge.datagram.FlowPassage;
import org.mssbridge.datagram.Jitter;
import org.mssbridge.datagram.RtpStream;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.Spans;

/** How much the delay of RTP packets varies between two points; clocks need not agree for that. */
final class RtpJitter {
  /** The times of captures are hardly better than this. */
  private static final long LEAST_NANOS = 1_000L;

  private RtpJitter() {}

  /**
   * The jitter of all streams of a leg.
   *
   * @param meanNanos the largest mean of a stream
   * @param mostNanos the highest value at any time
   */
  record Varying(Leg across, int streams, long meanNanos, long mostNanos) implements Finding {
    @Override
    public Kind kind() {
      return PathDelay.KIND;
    }

    @Override
    public String message() {
      return String.format(
          "jitter of %s %s that arises %s: %s on average%s, %s at most",
          Words.count(streams, "RTP stream"),
          Words.way(across),
          across.between(),
          Spans.text(meanNanos),
          streams == 1 ? "" : " in the worst stream",
          Spans.text(mostNanos));
    }

    @Override
    public boolean qualifiesNoProblem() {
      return false;
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across
          .facts()
          .and("protocol", "RTP")
          .and("streams", streams)
          .and("jitter_ms", Math.round(meanNanos / 1e3) / 1e3)
          .and("highest_jitter_ms", Math.round(mostNanos / 1e3) / 1e3);
    }
  }

  static void check(FlowLegs.Key key, List<FlowPassage> passages, Findings findings) {
    List<Jitter> all = new ArrayList<>();
    for (FlowPassage passage : passages) {
      for (RtpStream stream : passage.rtpStreams()) {
        Jitter jitter = stream.jitter(passage);
        if (jitter.isKnown()) {
          all.add(jitter);
        }
      }
    }
    long most = all.stream().mapToLong(Jitter::mostNanos).max().orElse(0);
    if (most >= LEAST_NANOS) {
      long mean = all.stream().mapToLong(Jitter::meanNanos).max().orElseThrow();
      findings.add(new Varying(key.leg(), all.size(), mean, most), Occurrence.anywhere());
    }
  }
}
