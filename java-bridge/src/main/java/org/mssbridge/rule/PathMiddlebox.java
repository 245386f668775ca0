package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.mssbridge.match.PairedConnection;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/** The verdict on what stands between two points, with what speaks for and against it. */
final class PathMiddlebox implements Rule {
  static final Kind KIND =
      new Kind("path.middlebox", Severity.NOTE, Group.ASSUMPTION, "what stands between two points");

  private static final String PROXY_SOURCE = "RFC 3135, section 2 (split connections)";
  private static final String RANDOMISER_SOURCE =
      "RFC 6528 (ISN generation); Cisco ASA configuration guide, TCP sequence randomization";

  record Verdict(
      CapturePoint clientPoint,
      CapturePoint serverPoint,
      TreeSet<PathFunction> functions,
      boolean undecided,
      boolean proxyPossible,
      boolean http,
      List<Cause> causes)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      String between = "between " + clientPoint + " and " + serverPoint + ": ";
      String what = functions.stream().map(PathMiddlebox::words).collect(Collectors.joining(", "));
      if (undecided) {
        what += (what.isEmpty() ? "" : ", ") + "a proxy or an ISN randomiser, which cannot be told";
      }
      return between + (what.isEmpty() ? "nothing that can be named" : what);
    }

    @Override
    public Facts facts() {
      return Facts.of("client_side_point", clientPoint.name())
          .and("server_side_point", serverPoint.name())
          .and("functions", functions.stream().map(PathFunction::label).toList())
          .and("proxy_or_randomiser_undecided", undecided);
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

  /** Connections of one leg that are judged alike. */
  private static final class Alike {
    boolean http;
    final List<PairedConnection> pairs = new ArrayList<>();
    Middlebox strongest;
  }

  private record Key(
      CapturePoint clientPoint,
      CapturePoint serverPoint,
      TreeSet<PathFunction> functions,
      boolean undecided) {}

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    Map<Key, Alike> groups = new LinkedHashMap<>();
    for (PairedConnection pair : evidence.pairs()) {
      Middlebox middlebox = evidence.middlebox(pair);
      Key key =
          new Key(
              pair.nearPoint(Direction.C2S),
              pair.farPoint(Direction.C2S),
              new TreeSet<>(middlebox.functions()),
              middlebox.isUndecided());
      Alike alike = groups.computeIfAbsent(key, k -> new Alike());
      alike.pairs.add(pair);
      alike.http |= pair.isHttp();
      if (alike.strongest == null
          || Math.abs(middlebox.proxyWeight()) > Math.abs(alike.strongest.proxyWeight())) {
        alike.strongest = middlebox;
      }
    }
    groups.forEach(
        (key, alike) -> {
          Verdict verdict = verdict(key, alike.strongest, alike.http);
          for (PairedConnection pair : alike.pairs) {
            findings.add(verdict, occurrence(pair));
          }
        });
  }

  private static Verdict verdict(Key key, Middlebox middlebox, boolean http) {
    boolean rewritten =
        key.undecided()
            || key.functions().contains(PathFunction.PROXY)
            || key.functions().contains(PathFunction.SYN_PROXY)
            || key.functions().contains(PathFunction.ISN_RANDOMISER);
    Cause proxy =
        new Cause(
            "a proxy that ends the connection and opens another",
            rewritten ? with("the ISN differs", middlebox.forProxy()) : middlebox.forProxy(),
            middlebox.againstProxy(),
            PROXY_SOURCE);
    Cause randomiser =
        new Cause(
            "a firewall that rewrites the ISN and passes segments on",
            rewritten ? with("the ISN differs", middlebox.againstProxy()) : List.of(),
            rewritten ? middlebox.forProxy() : with("no ISN differs", List.of()),
            RANDOMISER_SOURCE);
    List<Cause> causes =
        middlebox.proxyWeight() > 0 ? List.of(proxy, randomiser) : List.of(randomiser, proxy);
    return new Verdict(
        key.clientPoint(),
        key.serverPoint(),
        key.functions(),
        key.undecided(),
        rewritten && middlebox.proxyWeight() > -4,
        http,
        rewritten ? causes : List.of());
  }

  private static List<String> with(String first, List<String> others) {
    List<String> all = new ArrayList<>();
    all.add(first);
    all.addAll(others);
    return all;
  }

  private static Occurrence occurrence(PairedConnection pair) {
    Occurrence occurrence = Occurrence.on(pair.id());
    for (CapturePoint point :
        List.of(pair.nearPoint(Direction.C2S), pair.farPoint(Direction.C2S))) {
      occurrence = occurrence.at(point, pair.at(point).firstFrame());
    }
    return occurrence;
  }

  private static String words(PathFunction function) {
    return switch (function) {
      case NONE -> "nothing that changes packets";
      case ROUTER -> "a router";
      case MSS_CLAMP -> "an MSS clamp";
      case NAT -> "NAT";
      case ISN_RANDOMISER -> "an ISN-randomising firewall";
      case PROXY -> "a proxy";
      case SYN_PROXY -> "a SYN proxy";
      case TUNNEL -> "a tunnel";
      case OPTION_STRIPPER -> "a device that strips TCP options";
      case ALG -> "an application-level gateway";
    };
  }
}
