package org.mssbridge.casefile;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.mssbridge.model.Severity;

/**
 * One kind of finding, summed over all pairs.
 *
 * @param code of the finding
 * @param severity how much it matters
 * @param direction {@code c2s} or {@code s2c}; empty for both or none
 * @param near the point nearer the sender; empty if the finding is not about a boundary
 * @param far the point on the other side of the boundary
 * @param subject what changed, such as {@code MSS}; empty if nothing did
 * @param nearValue its value at the near point
 * @param farValue its value at the far point
 * @param accepted why it is expected; empty if it is not
 * @param message the findings' message, if they all have the same one
 * @param example the message of one of the findings
 * @param findings number of findings
 * @param pairs number of pairs with such a finding
 * @param somePairs the first of these pairs by name, at most {@value #MOST_PAIRS}
 * @param connections number of connections with such a finding
 * @param ofConnections number of connections that crossed the boundary, in all pairs; empty if
 *     there is no boundary, or if some of {@code connections} were not seen to cross it
 * @param since when the first of its connections began, or when it was first seen
 * @param until when the last one began
 * @param before connections that crossed the boundary before the first affected one, if they are
 *     too many for chance
 * @param after connections that crossed it after the last affected one, if they are too many for
 *     chance
 * @param trend number of affected connections that began in each step; steps without any are
 *     missing
 */
record CaseChange(
    String code,
    Severity severity,
    Optional<String> direction,
    Optional<String> near,
    Optional<String> far,
    Optional<String> subject,
    Optional<String> nearValue,
    Optional<String> farValue,
    Optional<String> accepted,
    Optional<String> message,
    String example,
    long findings,
    long pairs,
    List<String> somePairs,
    long connections,
    OptionalLong ofConnections,
    Optional<String> since,
    Optional<String> until,
    Optional<CaseSummary.Unaffected> before,
    Optional<CaseSummary.Unaffected> after,
    Map<String, Long> trend) {
  /** The most pairs that are named. */
  static final int MOST_PAIRS = 20;

  CaseChange {
    somePairs = List.copyOf(somePairs);
    trend = Map.copyOf(trend);
  }

  /** Finds the boundary that it is about, in either direction. */
  Optional<CaseSummary.Boundary> boundary(List<CaseSummary.Boundary> all) {
    return all.stream()
        .filter(b -> isBetween(b.near(), b.far()) || isBetween(b.far(), b.near()))
        .findFirst();
  }

  private boolean isBetween(String one, String other) {
    return near.equals(Optional.of(one)) && far.equals(Optional.of(other));
  }
}
