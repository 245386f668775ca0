package org.mssbridge.rule;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What stands between two points, judged from one connection.
 *
 * @param functions what it does, each with its grounds; empty where a proxy and a randomiser stay
 *     possible and nothing else is seen, and where a change is seen that none of them makes
 * @param rewritten whether the ISN of either direction differs, which asks for a decision between a
 *     proxy and a device that passes packets on
 * @param proxyWeight above 0 where a proxy is likelier, below where packets are passed on
 * @param proxy what speaks for a proxy and against one
 */
public record Middlebox(
    Map<PathFunction, Grounds> functions, boolean rewritten, int proxyWeight, Grounds proxy) {
  /** From this weight on, to either side, it is decided. */
  static final int CERTAIN = 2;

  /** Keeps a copy. */
  public Middlebox {
    Map<PathFunction, Grounds> sorted = new EnumMap<>(PathFunction.class);
    sorted.putAll(functions);
    functions = Collections.unmodifiableMap(sorted);
  }

  /**
   * Why something is believed.
   *
   * @param supporting what speaks for it
   * @param against what speaks against it
   */
  public record Grounds(List<String> supporting, List<String> against) {
    /** Keeps copies. */
    public Grounds {
      supporting = List.copyOf(supporting);
      against = List.copyOf(against);
    }

    /** The other way round. */
    Grounds reversed() {
      return new Grounds(against, supporting);
    }
  }

  /** What it does. */
  public Set<PathFunction> names() {
    return functions.keySet();
  }

  /** Whether the two sides are two connections, so that bytes lost on one were not lost between. */
  public boolean endsConnections() {
    return functions.containsKey(PathFunction.PROXY);
  }

  /** Whether that could not be told. */
  public boolean isUndecided() {
    return rewritten && Math.abs(proxyWeight) < CERTAIN;
  }
}
