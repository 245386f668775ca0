package org.mssbridge.evidence;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mssbridge.finding.PathFunction;

/** What stands between two points, judged from one connection. */
public final class Middlebox {
  /** From this weight on, to either side, it is decided. */
  static final int CERTAIN = 2;

  private final Map<PathFunction, Grounds> functions;
  private final boolean rewritten;
  private final int proxyWeight;
  private final Grounds proxy;

  /** Kept, since nearly every rule asks it of every connection. */
  private final boolean endsConnections;

  Middlebox(
      Map<PathFunction, Grounds> functions, boolean rewritten, int proxyWeight, Grounds proxy) {
    Map<PathFunction, Grounds> sorted = new EnumMap<>(PathFunction.class);
    sorted.putAll(functions);
    this.functions = Collections.unmodifiableMap(sorted);
    this.rewritten = rewritten;
    this.proxyWeight = proxyWeight;
    this.proxy = proxy;
    endsConnections = functions.containsKey(PathFunction.PROXY);
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
    public Grounds reversed() {
      return new Grounds(against, supporting);
    }
  }

  /**
   * What it does, each function with its grounds; empty where a proxy and a randomiser stay
   * possible and nothing else is seen, and where a change is seen that none of them makes.
   */
  public Map<PathFunction, Grounds> functions() {
    return functions;
  }

  /**
   * Whether the ISN of either direction differs, which asks for a decision between a proxy and a
   * device that passes packets on.
   */
  public boolean rewritten() {
    return rewritten;
  }

  /** Above 0 where a proxy is likelier, below where packets are passed on. */
  public int proxyWeight() {
    return proxyWeight;
  }

  /** What speaks for a proxy and against one. */
  public Grounds proxy() {
    return proxy;
  }

  /** What it does, without the grounds. */
  public Set<PathFunction> names() {
    return functions.keySet();
  }

  /** Whether the two sides are two connections, so that bytes lost on one were not lost between. */
  public boolean endsConnections() {
    return endsConnections;
  }

  /** Whether that could not be told. */
  public boolean isUndecided() {
    return rewritten && Math.abs(proxyWeight) < CERTAIN;
  }
}
