package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Grounds;
import org.mssbridge.evidence.Middlebox;
import org.mssbridge.evidence.MiddleboxGrounds;
import org.mssbridge.evidence.SeenTunnel;
import org.mssbridge.evidence.WrongChecksums;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.MiddleboxVerdict;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.PathFunction;
import org.mssbridge.flow.Connection;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/** The verdict on what is between two points, with the evidence for and against it. */
final class PathMiddlebox implements Rule {
  static final Kind KIND =
      new Kind("path.middlebox", Severity.NOTE, Group.ASSUMPTION, "what is between two points");

  private static final Set<PathFunction> REWRITES_ISN_BUT_FORWARDS =
      EnumSet.of(PathFunction.ISN_RANDOMISER, PathFunction.SYN_PROXY);
  private static final Set<PathFunction> REWRITES_ISN =
      EnumSet.of(PathFunction.ISN_RANDOMISER, PathFunction.SYN_PROXY, PathFunction.PROXY);

  record Verdict(
      CapturePoint clientPoint,
      CapturePoint serverPoint,
      TreeSet<PathFunction> functions,
      boolean betweenFamilies,
      SeenAt tunnel,
      boolean undecided,
      boolean proxyPossible,
      boolean http,
      String routers,
      int wrongChecksums,
      List<Cause> causes)
      implements MiddleboxVerdict {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      String between = "between " + clientPoint + " and " + serverPoint + ": ";
      String what =
          functions.stream()
              .map(
                  function ->
                      (function == PathFunction.ROUTER && !routers.isEmpty()
                              ? routers
                              : words(function, betweenFamilies))
                          + where(function))
              .collect(Collectors.joining(", "));
      if (undecided) {
        what += (what.isEmpty() ? "" : ", ") + "a proxy or an ISN randomiser (cannot tell which)";
      }
      if (functions.contains(PathFunction.NONE) && wrongChecksums > 0) {
        what += ", but " + wrong(wrongChecksums);
      }
      return between + (what.isEmpty() ? "a device of no known kind" : what);
    }

    private String where(PathFunction function) {
      return function == PathFunction.TUNNEL && !tunnel.name().isEmpty()
          ? " (" + tunnel.name() + " at " + tunnel.point() + ")"
          : "";
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(new Leg(Direction.C2S, clientPoint, serverPoint));
    }

    /** None: the verdict is on both directions. */
    @Override
    public Optional<Direction> direction() {
      return Optional.empty();
    }

    @Override
    public Facts facts() {
      Facts facts =
          Facts.of("client_side_point", clientPoint.name())
              .and("server_side_point", serverPoint.name())
              .and("functions", functions.stream().map(PathFunction::label).toList())
              .and("proxy_or_randomiser_undecided", undecided);
      return tunnel.name().isEmpty()
          ? facts
          : facts
              .and("tunnel", tunnel.name())
              .and("tunnel_point", tunnel.point())
              .and("tunnel_overhead_bytes", tunnel.overheadBytes());
    }

    @Override
    public String nextStep() {
      if (proxyPossible && http) {
        return "send an HTTP TRACE request (RFC 9110, section 9.3.8) with Max-Forwards: a proxy"
            + " answers it or adds a Via header";
      }
      return proxyPossible
          ? "capture on both sides of each device between the points: a proxy has connections of its"
              + " own, with its own TTL, IP IDs and timestamps"
          : "";
    }
  }

  /**
   * A tunnel that a point shows.
   *
   * @param name empty where none is seen
   */
  private record SeenAt(String name, String point, OptionalInt overheadBytes) {
    static final SeenAt NOWHERE = new SeenAt("", "", OptionalInt.empty());

    static SeenAt of(SeenTunnel seen) {
      return new SeenAt(seen.name(), seen.point().name(), seen.overheadBytes());
    }
  }

  /** Connections of one leg with the same verdict. */
  private static final class SameVerdict {
    boolean http;
    int wrongChecksums;
    final List<PairedConnection> pairs = new ArrayList<>();
    Middlebox strongest;
    PairedConnection strongestPair;
  }

  private record Key(
      CapturePoint clientPoint,
      CapturePoint serverPoint,
      Set<PathFunction> functions,
      boolean betweenFamilies,
      SeenAt tunnel,
      boolean undecided) {}

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    Map<Key, SameVerdict> groups = new LinkedHashMap<>();
    for (PairedConnection pair : evidence.pairs()) {
      Middlebox middlebox = evidence.middlebox(pair);
      Key key =
          new Key(
              pair.nearPoint(Direction.C2S),
              pair.farPoint(Direction.C2S),
              middlebox.functions(),
              pair.near(Direction.C2S).isIpv6() != pair.far(Direction.C2S).isIpv6(),
              middlebox.functions().contains(PathFunction.TUNNEL)
                  ? evidence.seenTunnel(pair).map(SeenAt::of).orElse(SeenAt.NOWHERE)
                  : SeenAt.NOWHERE,
              middlebox.isUndecided());
      SameVerdict group = groups.computeIfAbsent(key, k -> new SameVerdict());
      group.pairs.add(pair);
      group.http |= pair.isHttp();
      for (Direction direction : Direction.values()) {
        WrongChecksums found = evidence.wrongChecksums(pair, direction);
        group.wrongChecksums += found.wrong().size() + found.accepted().size();
      }
      if (group.strongest == null
          || Math.abs(middlebox.proxyWeight()) > Math.abs(group.strongest.proxyWeight())) {
        group.strongest = middlebox;
        group.strongestPair = pair;
      }
    }
    groups.forEach(
        (key, group) -> {
          Verdict verdict = verdict(key, group, evidence.middleboxGrounds(group.strongestPair));
          for (PairedConnection pair : group.pairs) {
            findings.add(verdict, occurrence(pair, key.functions().contains(PathFunction.PROXY)));
          }
        });
  }

  private static Verdict verdict(Key key, SameVerdict group, MiddleboxGrounds evidence) {
    Middlebox middlebox = group.strongest;
    List<Cause> causes = new ArrayList<>();
    String difference = middlebox.rewritten() ? evidence.difference() : "";
    evidence
        .functions()
        .forEach(
            (function, grounds) ->
                causes.add(
                    cause(
                        function,
                        key.betweenFamilies(),
                        function == PathFunction.NONE
                            ? withChecksums(grounds, group.wrongChecksums)
                            : grounds,
                        difference)));
    if (middlebox.rewritten()) {
      addAlternatives(key.functions(), evidence, causes);
    }
    return new Verdict(
        key.clientPoint(),
        key.serverPoint(),
        new TreeSet<>(key.functions()),
        key.betweenFamilies(),
        key.tunnel(),
        key.undecided(),
        middlebox.rewritten() && middlebox.proxyWeight() > -4,
        group.http,
        RouterCount.of(group.pairs).words(),
        group.wrongChecksums,
        causes);
  }

  private static Grounds withChecksums(Grounds grounds, int wrong) {
    return wrong == 0
        ? grounds
        : new Grounds(grounds.supporting(), with(wrong(wrong), grounds.against()));
  }

  private static String wrong(int segments) {
    return segments == 1
        ? "1 segment arrives with a wrong TCP checksum"
        : segments + " segments arrive with a wrong TCP checksum";
  }

  private static Cause cause(
      PathFunction function, boolean betweenFamilies, Grounds grounds, String difference) {
    boolean differs = !difference.isEmpty() && REWRITES_ISN.contains(function);
    return new Cause(
        words(function, betweenFamilies),
        differs ? with(difference, grounds.supporting()) : grounds.supporting(),
        grounds.against(),
        function == PathFunction.NAT && betweenFamilies
            ? "RFC 6146 (NAT64); RFC 7915"
            : source(function));
  }

  /** Adds the explanations of a rewritten ISN that the verdict does not contain. */
  private static void addAlternatives(
      Set<PathFunction> functions, MiddleboxGrounds evidence, List<Cause> causes) {
    if (!functions.contains(PathFunction.PROXY)) {
      causes.add(cause(PathFunction.PROXY, false, evidence.proxy(), evidence.difference()));
    }
    if (functions.stream().noneMatch(REWRITES_ISN_BUT_FORWARDS::contains)) {
      causes.add(
          cause(
              PathFunction.ISN_RANDOMISER,
              false,
              evidence.proxy().reversed(),
              evidence.difference()));
    }
  }

  private static List<String> with(String first, List<String> others) {
    List<String> all = new ArrayList<>();
    all.add(first);
    all.addAll(others);
    return all;
  }

  private static Occurrence occurrence(PairedConnection pair, boolean isProxy) {
    Occurrence occurrence = Occurrence.on(pair.id());
    for (CapturePoint point :
        List.of(pair.nearPoint(Direction.C2S), pair.farPoint(Direction.C2S))) {
      occurrence = occurrence.at(point, pair.at(point).firstFrame());
    }
    return isProxy && isTranslated(pair) ? occurrence.saying(connected(pair)) : occurrence;
  }

  private static boolean isTranslated(PairedConnection pair) {
    Connection client = pair.near(Direction.C2S);
    Connection server = pair.far(Direction.C2S);
    return !client.client().equals(server.client()) || !client.server().equals(server.server());
  }

  /** Which connection on the one side belongs to which on the other. */
  private static String connected(PairedConnection pair) {
    Connection client = pair.near(Direction.C2S);
    Connection server = pair.far(Direction.C2S);
    return String.format(
        "%s to %s at %s is %s to %s at %s",
        client.client(),
        client.server(),
        pair.nearPoint(Direction.C2S),
        server.client(),
        server.server(),
        pair.farPoint(Direction.C2S));
  }

  private static String words(PathFunction function, boolean betweenFamilies) {
    return function == PathFunction.NAT && betweenFamilies
        ? "an IPv6/IPv4 translator (NAT64)"
        : words(function);
  }

  private static String words(PathFunction function) {
    return switch (function) {
      case NONE -> "no visible middlebox";
      case ROUTER -> "a router";
      case MSS_CLAMP -> "an MSS clamp";
      case NAT -> "NAT";
      case ISN_RANDOMISER -> "an ISN-randomising firewall";
      case PROXY -> "a proxy";
      case SYN_PROXY -> "a SYN proxy";
      case ACK_PROXY -> "a proxy that acknowledges data for the receiver (PEP)";
      case TUNNEL -> "a tunnel";
      case OPTION_STRIPPER -> "a device that strips TCP options";
      case ALG -> "an application-level gateway";
    };
  }

  private static String source(PathFunction function) {
    return switch (function) {
      case NONE -> "by deduction from what both captures hold";
      case ROUTER -> "RFC 1812, section 5.3.1 (TTL)";
      case MSS_CLAMP -> "RFC 9293, section 3.7.1 (MSS)";
      case NAT -> "RFC 3022";
      case ISN_RANDOMISER ->
          "RFC 6528 (ISN generation); Cisco ASA configuration guide, TCP sequence randomization";
      case PROXY -> "RFC 3135, section 2 (split connections)";
      case SYN_PROXY -> "RFC 4987 (SYN floods: firewalls and proxies)";
      case ACK_PROXY -> "RFC 3135, section 3.1 (TCP ACK handling)";
      case TUNNEL -> "RFC 4459 (MTU in tunnelling)";
      case OPTION_STRIPPER -> "Honda et al., Is it still possible to extend TCP?, IMC 2011";
      case ALG -> "RFC 2663, section 2.9 (application-level gateways)";
    };
  }
}
