package org.mssbridge.report;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Handshakes;
import org.mssbridge.evidence.OptionDifference;
import org.mssbridge.finding.PathFunction;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.SequenceNumber;

/**
 * The facts that reports give about one connection over the whole path.
 *
 * @param evidence the evidence that the facts come from
 * @param traced the connection
 */
public record ConnectionSummary(Evidence evidence, TracedConnection traced) {
  private boolean isEnded() {
    return traced.pairs().stream().anyMatch(p -> evidence.middlebox(p).endsConnections());
  }

  /**
   * The ISN at the last point that saw the connection minus that at the first one, in the order in
   * which the captures were given, modulo 2^32; empty where either is unknown or a device between
   * them ends the connection.
   */
  public OptionalLong isnDelta(Direction direction) {
    List<CapturePoint> points =
        evidence.comparison().captures().stream()
            .map(PointCapture::point)
            .filter(point -> traced.at().at(point).isPresent())
            .toList();
    OptionalInt first = isn(points.get(0), direction);
    OptionalInt last = isn(points.get(points.size() - 1), direction);
    return !isEnded() && points.size() > 1 && first.isPresent() && last.isPresent()
        ? OptionalLong.of(SequenceNumber.delta(first.getAsInt(), last.getAsInt()))
        : OptionalLong.empty();
  }

  private OptionalInt isn(CapturePoint point, Direction direction) {
    return traced.at().at(point).orElseThrow().flow(direction).isn();
  }

  /** Whether SACK blocks follow rewritten numbers; empty where there is nothing to judge. */
  public Optional<Boolean> isSackTranslated() {
    List<Boolean> answers =
        isEnded()
            ? List.of()
            : traced.pairs().stream()
                .flatMap(pair -> evidence.isSackTranslated(pair).stream())
                .toList();
    return answers.isEmpty() ? Optional.empty() : Optional.of(!answers.contains(false));
  }

  /** Names of the options that differ between points. */
  Set<String> changedOptions() {
    Set<String> options = new TreeSet<>();
    for (PairedConnection pair : traced.pairs()) {
      for (Direction direction : Direction.values()) {
        Handshakes.first(pair, direction).map(OptionDifference::between).orElse(List.of()).stream()
            .map(OptionDifference::name)
            .forEach(options::add);
      }
    }
    return options;
  }

  /** Segments lost along the path; empty where that cannot be known. */
  public OptionalLong lostSegments(Direction direction) {
    return isLossKnown()
        ? OptionalLong.of(
            traced.pairs().stream().mapToLong(p -> lost(p, direction).segments()).sum())
        : OptionalLong.empty();
  }

  /** Bytes lost along the path; empty where that cannot be known. */
  public OptionalLong lostBytes(Direction direction) {
    return isLossKnown()
        ? OptionalLong.of(traced.pairs().stream().mapToLong(p -> lost(p, direction).bytes()).sum())
        : OptionalLong.empty();
  }

  private boolean isLossKnown() {
    return !isEnded() && !traced.pairs().isEmpty();
  }

  private static Alignment.Ranges lost(PairedConnection pair, Direction direction) {
    return pair.alignment(direction).lost();
  }

  /** The functions of the devices on the path, without {@code none} where there is another one. */
  public Set<PathFunction> functions() {
    Set<PathFunction> functions = new TreeSet<>();
    for (PairedConnection pair : traced.pairs()) {
      functions.addAll(evidence.middlebox(pair).functions());
    }
    if (functions.size() > 1) {
      functions.remove(PathFunction.NONE);
    }
    return functions;
  }
}
