package org.mssbridge.pairing;

import java.util.Comparator;
import java.util.List;
import org.mssbridge.flow.Connection;

/**
 * Pairs the connections of two captures, through any devices between them: makes their {@link
 * Fingerprints}, which {@link FingerprintMatcher} pairs.
 */
public final class ConnectionMatcher {
  private final List<Connection> first;
  private final List<Connection> second;

  /** A matcher for the connections of two captures. */
  public ConnectionMatcher(List<Connection> first, List<Connection> second) {
    this.first = first;
    this.second = second;
  }

  /**
   * The pairs and the ambiguous connections.
   *
   * @param matches in the order of the first capture
   * @param firstAmbiguous connections of the first capture that have candidates but no clear one
   * @param secondAmbiguous those of the second
   */
  public record Result(
      List<ConnectionMatch> matches,
      List<Connection> firstAmbiguous,
      List<Connection> secondAmbiguous) {}

  /** Pairs the connections. */
  public Result match() {
    List<Fingerprints> sides =
        List.of(first, second).parallelStream().map(Fingerprints::new).toList();
    FingerprintMatcher.Result result = new FingerprintMatcher(sides.get(0), sides.get(1)).match();
    return new Result(
        result.pairs().stream()
            .map(this::match)
            .sorted(Comparator.comparingInt(match -> match.first().firstFrame()))
            .toList(),
        result.firstAmbiguous().stream().map(first::get).toList(),
        result.secondAmbiguous().stream().map(second::get).toList());
  }

  private ConnectionMatch match(SightingPair pair) {
    Connection one = first.get(pair.first());
    Connection other = second.get(pair.second());
    return new ConnectionMatch(
        pair.swapsFirst() ? one.withRolesSwapped() : one,
        pair.swapsSecond() ? other.withRolesSwapped() : other,
        pair.matchedBy(),
        pair.confidence());
  }
}
