package org.mssbridge.pairing;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mssbridge.flow.Connection;
import org.mssbridge.model.Given;

/**
 * Pairs the connections of two captures, through any devices between them: makes their {@link
 * Fingerprints}, which {@link FingerprintMatcher} pairs.
 */
public final class ConnectionMatcher {
  private final List<Connection> first;
  private final List<Connection> second;

  private final GivenPartners partners;

  /** A matcher for the connections of two captures. */
  public ConnectionMatcher(List<Connection> first, List<Connection> second) {
    this(first, second, Given.NOTHING);
  }

  /** A matcher that takes for granted what the user says, unless the packets contradict it. */
  public ConnectionMatcher(List<Connection> first, List<Connection> second, Given given) {
    this.first = first;
    this.second = second;
    this.partners = GivenPartners.of(given, first, second);
  }

  /**
   * The pairs and the ambiguous connections.
   *
   * @param matches in the order of the first capture
   * @param firstAmbiguous connections of the first capture that have candidates but no clear one
   * @param secondAmbiguous those of the second
   * @param given how many connections of the first are said to be connections of the second
   * @param contradicted of these, how many are not, as their packets show
   */
  public record Result(
      List<ConnectionMatch> matches,
      List<Connection> firstAmbiguous,
      List<Connection> secondAmbiguous,
      int given,
      int contradicted) {}

  /** Pairs the connections. */
  public Result match() {
    List<Fingerprints> sides =
        List.of(true, false).parallelStream()
            .map(isFirst -> isFirst ? new Fingerprints(first, partners) : new Fingerprints(second))
            .toList();
    FingerprintMatcher.Result result = new FingerprintMatcher(sides.get(0), sides.get(1)).match();
    int given = (int) IntStream.range(0, first.size()).filter(partners::isGiven).count();
    int fitting = (int) result.pairs().stream().filter(this::isGiven).count();
    return new Result(
        result.pairs().stream()
            .map(this::match)
            .sorted(Comparator.comparingInt(match -> match.first().firstFrame()))
            .toList(),
        result.firstAmbiguous().stream().map(first::get).toList(),
        result.secondAmbiguous().stream().map(second::get).toList(),
        given,
        given - fitting);
  }

  private boolean isGiven(SightingPair pair) {
    return partners.isPartner(pair.first(), second.get(pair.second()));
  }

  /** The ends are the same only because the user says so. */
  private static List<String> withGiven(List<String> matchedBy) {
    return Stream.concat(
            Stream.of("given"),
            matchedBy.stream().filter(word -> !word.equals(FeatureKind.TUPLE.word)))
        .toList();
  }

  private ConnectionMatch match(SightingPair pair) {
    Connection one = first.get(pair.first());
    Connection other = second.get(pair.second());
    return new ConnectionMatch(
        pair.swapsFirst() ? one.withRolesSwapped() : one,
        pair.swapsSecond() ? other.withRolesSwapped() : other,
        isGiven(pair) ? withGiven(pair.matchedBy()) : pair.matchedBy(),
        pair.confidence());
  }
}
