package org.mssbridge.evidence;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.mssbridge.finding.PathFunction;

/**
 * The verdict on what is between two points, for one connection.
 *
 * @param functions what the device does. Empty if both a proxy and a randomiser are possible and
 *     nothing else is visible, or if no known function explains a visible change
 * @param rewritten whether the ISN of either direction differs: the cause is then a proxy or a
 *     device that forwards packets
 * @param proxyWeight above 0 where a proxy is more likely, below 0 where packets are forwarded
 */
public record Middlebox(Set<PathFunction> functions, boolean rewritten, int proxyWeight) {
  /** An absolute weight of this or more decides. */
  static final int CERTAIN = 2;

  /** The same with a set of its own, which cannot be changed, in the order of the functions. */
  Middlebox inOrder() {
    Set<PathFunction> own = EnumSet.noneOf(PathFunction.class);
    own.addAll(functions);
    return new Middlebox(Collections.unmodifiableSet(own), rewritten, proxyWeight);
  }

  /**
   * Whether the two sides are two connections; bytes missing on one were then not lost between the
   * points.
   */
  public boolean endsConnections() {
    return functions.contains(PathFunction.PROXY);
  }

  /** Whether the ISN differs and the evidence does not decide on a proxy. */
  public boolean isUndecided() {
    return rewritten && Math.abs(proxyWeight) < CERTAIN;
  }
}
