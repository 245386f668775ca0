package org.mssbridge.evidence;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mssbridge.finding.PathFunction;

/** The verdict on what is between two points, for one connection. */
public final class Middlebox {
  /** An absolute weight of this or more decides. */
  static final int CERTAIN = 2;

  private final Map<PathFunction, Grounds> functions;
  private final boolean rewritten;
  private final String difference;
  private final int proxyWeight;
  private final Grounds proxy;

  /** Cached, because nearly every rule needs it for every connection. */
  private final boolean endsConnections;

  Middlebox(
      Map<PathFunction, Grounds> functions,
      boolean rewritten,
      String difference,
      int proxyWeight,
      Grounds proxy) {
    Map<PathFunction, Grounds> sorted = new EnumMap<>(PathFunction.class);
    sorted.putAll(functions);
    this.functions = Collections.unmodifiableMap(sorted);
    this.rewritten = rewritten;
    this.difference = difference;
    this.proxyWeight = proxyWeight;
    this.proxy = proxy;
    endsConnections = functions.containsKey(PathFunction.PROXY);
  }

  /**
   * The evidence for and against a function.
   *
   * @param supporting evidence for it
   * @param against evidence against it
   */
  public record Grounds(List<String> supporting, List<String> against) {
    public Grounds {
      supporting = List.copyOf(supporting);
      against = List.copyOf(against);
    }

    /** The grounds for the opposite. */
    public Grounds reversed() {
      return new Grounds(against, supporting);
    }
  }

  /**
   * The functions with their grounds. Empty if both a proxy and a randomiser are possible and
   * nothing else is visible, or if no known function explains a visible change.
   */
  public Map<PathFunction, Grounds> functions() {
    return functions;
  }

  /**
   * Whether the ISN of either direction differs: the cause is then a proxy or a device that
   * forwards packets.
   */
  public boolean rewritten() {
    return rewritten;
  }

  /** How the sequence numbers differ, in words; of use where they do. */
  public String difference() {
    return difference;
  }

  /** Above 0 where a proxy is more likely, below 0 where packets are forwarded. */
  public int proxyWeight() {
    return proxyWeight;
  }

  /** The evidence for and against a proxy. */
  public Grounds proxy() {
    return proxy;
  }

  /** The functions without their grounds. */
  public Set<PathFunction> names() {
    return functions.keySet();
  }

  /**
   * Whether the two sides are two connections; bytes missing on one were then not lost between the
   * points.
   */
  public boolean endsConnections() {
    return endsConnections;
  }

  /** Whether the ISN differs and the evidence does not decide on a proxy. */
  public boolean isUndecided() {
    return rewritten && Math.abs(proxyWeight) < CERTAIN;
  }
}
