package org.mssbridge.casefile;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.mssbridge.model.Severity;

/**
 * One thing that was found, in all pairs.
 *
 * @param code the finding's
 * @param severity how much it matters
 * @param direction {@code c2s} or {@code s2c}; empty: both or none
 * @param near the point nearer the sender; empty where the finding is not about a boundary
 * @param subject what changed, such as {@code MSS}; empty where nothing did
 * @param nearValue what was changed
 * @param farValue what became of it
 * @param accepted why it is expected; empty where it is not
 * @param message what was said of it, where that is always the same
 * @param example what was said of it once
 * @param findings how many
 * @param pairs in how many
 * @param connections on how many
 * @param ofConnections how many crossed the boundary, in all pairs; empty where there is none, or
 *     where some of {@code connections} were not seen to cross it
 * @param since when the first of its connections began, or it was first seen
 * @param until when the last one began
 * @param before how many connections crossed the boundary before the first that it is on, where
 *     that is too many to be chance
 * @param after the same behind the last
 * @param trend on how many connections that began in each step
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
    long connections,
    OptionalLong ofConnections,
    Optional<String> since,
    Optional<String> until,
    Optional<CaseSummary.Unaffected> before,
    Optional<CaseSummary.Unaffected> after,
    Map<String, Long> trend) {
  CaseChange {
    trend = Map.copyOf(trend);
  }

  /** The boundary of it, as its pairs name it. */
  Optional<CaseSummary.Boundary> boundary(List<CaseSummary.Boundary> all) {
    return all.stream()
        .filter(b -> isBetween(b.near(), b.far()) || isBetween(b.far(), b.near()))
        .findFirst();
  }

  private boolean isBetween(String one, String other) {
    return near.equals(Optional.of(one)) && far.equals(Optional.of(other));
  }
}
