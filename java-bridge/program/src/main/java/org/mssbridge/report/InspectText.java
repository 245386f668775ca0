package org.mssbridge.report;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.FullSegments;
import org.mssbridge.evidence.HandshakeGaps;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.model.Direction;
import org.mssbridge.model.InitialTtl;
import org.mssbridge.model.IpFamily;
import org.mssbridge.model.Numbers;
import org.mssbridge.report.TextStyle.Detail;

/** The text report of a single capture: what its connections announce, then the findings. */
public final class InspectText {
  private static final int FEW_KINDS = 2;
  private static final int MAX_KINDS = 10;
  private static final int MAX_MEANINGS = 3;
  private static final int ETHERNET_MTU_BYTES = 1500;

  /** No path has more routers (traceroute's limit). */
  private static final int MOST_ROUTERS = 30;

  /** Only systems of the last century start with this, and traceroute ends below. */
  private static final int SMALL_TTL = 32;

  private static final int INDENT = 6;
  private static final String MARGIN = " ".repeat(INDENT);

  private final Report report;
  private final TextReport text;
  private final TextLines lines;
  private final Detail detail;

  /** The properties by which connections are grouped in the text; -1 where unknown or absent. */
  private record ConnectionKind(
      IpFamily family, int clientMss, int serverMss, int clientTtl, int serverTtl, Answer answer) {
    static ConnectionKind of(Connection connection) {
      return new ConnectionKind(
          IpFamily.of(connection.isIpv6()),
          connection.clientToServer().announcedMss().orElse(-1),
          connection.serverToClient().announcedMss().orElse(-1),
          connection.clientToServer().firstTtl(),
          connection.serverToClient().firstTtl(),
          Answer.of(connection));
    }

    int mss(Direction direction) {
      return direction == Direction.C2S ? clientMss : serverMss;
    }

    int ttl(Direction direction) {
      return direction == Direction.C2S ? clientTtl : serverTtl;
    }
  }

  /** What comes back to the client of a connection, those that connect first. */
  private enum Answer {
    CONNECTS,
    RST,
    ICMP,
    EXPIRED,
    NOTHING;

    static Answer of(Connection connection) {
      Flow server = connection.serverToClient();
      if (server.segments() > server.resets() || !connection.hasSyn()) {
        return CONNECTS;
      }
      if (server.segments() > 0) {
        return RST;
      }
      Flow client = connection.clientToServer();
      return client.firstRefusal().isPresent()
          ? ICMP
          : client.hasTimeExceeded() ? EXPIRED : NOTHING;
    }
  }

  private InspectText(Report report, TextStyle style) {
    this.report = report;
    this.text = new TextReport(report, style);
    this.lines = text.lines();
    this.detail = style.detail();
  }

  /** The text, in lines that end with {@code \n}. */
  public static String render(Report report, TextStyle style) {
    return new InspectText(report, style).render();
  }

  private String render() {
    var capture = report.evidence().comparison().captures().get(0);
    text.verdict();
    lines.add(
        "",
        INDENT,
        report.fileName(capture.point())
            + ": "
            + Numbers.count(capture.extent().packets(), "packet")
            + ", "
            + Numbers.count(capture.connections().size(), "connection")
            + TextReport.shortcomings(capture.extent()));
    if (detail == Detail.SHORT) {
      text.findings();
      kinds();
    } else {
      kinds();
      lines.gap();
      text.counts("");
      text.findings();
    }
    text.end();
    return text.toString();
  }

  /** Adds what connections have in common, for each kind of them. */
  private void kinds() {
    Map<ConnectionKind, List<TracedConnection>> kinds = new LinkedHashMap<>();
    for (TracedConnection traced : report.evidence().comparison().connections()) {
      kinds.computeIfAbsent(ConnectionKind.of(seen(traced)), key -> new ArrayList<>()).add(traced);
    }
    int most =
        switch (detail) {
          case SHORT -> FEW_KINDS;
          case MORE -> MAX_KINDS;
          case ALL -> kinds.size();
        };
    kinds.entrySet().stream()
        .sorted(
            Comparator.comparing(
                    (Map.Entry<ConnectionKind, List<TracedConnection>> kind) ->
                        kind.getKey().answer() != Answer.CONNECTS)
                .thenComparingInt(kind -> -kind.getValue().size()))
        .limit(most)
        .forEach(kind -> kind(kind.getKey(), kind.getValue()));
    if (kinds.size() > most) {
      lines.gap();
      int more = kinds.size() - most;
      lines.add("", 0, "and " + Numbers.count(more, "more kind") + " of connections, with -vv");
    }
  }

  private static Connection seen(TracedConnection traced) {
    return traced.at().at(traced.at().points().iterator().next()).orElseThrow();
  }

  private void kind(ConnectionKind kind, List<TracedConnection> connections) {
    Connection first = seen(connections.get(0));
    int more = connections.size() - 1;
    lines.gap();
    lines.add(
        "",
        INDENT,
        first.client()
            + " to "
            + first.server()
            + (more > 0 ? " and " + Numbers.count(more, "more connection") + " like it" : "")
            + ", first frame "
            + first.firstFrame());
    for (Direction direction : Direction.values()) {
      mss(kind, direction, connections);
    }
    for (Direction direction : Direction.values()) {
      if (detail != Detail.SHORT) {
        ttl(kind, direction, first);
      }
    }
    distance(kind, connections);
  }

  /** How far both ends are, and so on which side of the path the capture is. */
  private void distance(ConnectionKind kind, List<TracedConnection> connections) {
    List<HandshakeGaps> gaps =
        connections.stream().flatMap(traced -> HandshakeGaps.of(seen(traced)).stream()).toList();
    if (gaps.isEmpty()) {
      return;
    }
    HandshakeGaps least =
        new HandshakeGaps(
            gaps.stream().mapToLong(HandshakeGaps::serverNanos).min().getAsLong(),
            gaps.stream().mapToLong(HandshakeGaps::clientNanos).min().getAsLong());
    lines.add(
        MARGIN,
        INDENT + 2,
        String.format(
            "round trip: %s to the server (SYN to SYN/ACK), %s to the client (SYN/ACK to ACK)%s:"
                + " this capture is %s",
            milliseconds(least.serverNanos()),
            milliseconds(least.clientNanos()),
            gaps.size() > 1 ? ", the least of " + gaps.size() + " handshakes" : "",
            side(kind, least)));
  }

  private static String milliseconds(long nanos) {
    return String.format(Locale.ROOT, nanos < 10_000_000 ? "%.2f ms" : "%.1f ms", nanos / 1e6);
  }

  /** A host answers at once, and the other end is much farther away. */
  private static String side(ConnectionKind kind, HandshakeGaps gaps) {
    if (gaps.isAtOnce(Direction.C2S) && gaps.isAtOnce(Direction.S2C)) {
      return "near both";
    }
    for (Direction end : Direction.values()) {
      if (gaps.isMuchNearer(end)) {
        return gaps.isAtOnce(end) ? beside(kind, end) : "nearer the " + host(end);
      }
    }
    return "in between";
  }

  private static String host(Direction end) {
    return end == Direction.C2S ? "client" : "server";
  }

  /** Where a host answers at once: on it or on its link, unless its TTL shows a router between. */
  private static String beside(ConnectionKind kind, Direction direction) {
    return InitialTtl.is(kind.ttl(direction))
        ? "on the " + host(direction) + " or beside it"
        : "near the " + host(direction);
  }

  private void mss(ConnectionKind kind, Direction direction, List<TracedConnection> connections) {
    String who = host(direction);
    int mss = kind.mss(direction);
    if (mss < 0 && direction == Direction.S2C && kind.answer() != Answer.CONNECTS) {
      String what =
          switch (kind.answer()) {
            case RST -> "a RST refuses the connection";
            case ICMP -> "ICMP refuses the connection";
            case EXPIRED -> "only ICMP time exceeded answers";
            default -> "nothing answers";
          };
      lines.add(MARGIN, INDENT + 2, what + ": the server's MSS is unknown");
      return;
    }
    if (mss < 0) {
      boolean shaken = connections.stream().anyMatch(c -> seen(c).flow(direction).hasHandshake());
      boolean cut =
          connections.stream()
              .flatMap(c -> seen(c).flow(direction).handshake().stream())
              .anyMatch(segment -> !segment.options().whole());
      String what =
          shaken && cut
              ? "handshake is cut off before its options: its MSS is "
                  + probable(direction, connections)
              : shaken
                  ? "announces no MSS: "
                      + kind.family().defaultMssBytes()
                      + " applies (RFC 9293 3.7.1)"
                  : "handshake not seen: its MSS is " + probable(direction, connections);
      lines.add(MARGIN, INDENT + 2, who + " " + what);
      return;
    }
    int mtu = mss + kind.family().tcpIpBytes();
    String room = mtu < ETHERNET_MTU_BYTES ? ", " + (ETHERNET_MTU_BYTES - mtu) + " below 1500" : "";
    lines.add(
        MARGIN,
        INDENT + 2,
        who
            + " announces MSS "
            + mss
            + ": packets of "
            + mtu
            + room
            + largest(direction, connections));
    String meanings =
        report.evidence().knowledge().byMss(mss, kind.family()).stream()
            .limit(MAX_MEANINGS)
            .map(fit -> fit.label())
            .collect(joining("; "));
    if (!meanings.isEmpty() && (detail != Detail.SHORT || mtu != ETHERNET_MTU_BYTES)) {
      lines.add(
          MARGIN + "  ", INDENT + 4, "can mean: " + meanings + " (mssbridge explain " + mss + ")");
    }
  }

  /** What the segments sent to an end show of the MSS that it announced. */
  private static String probable(Direction announced, List<TracedConnection> connections) {
    Map<Integer, Integer> segmentsByMss = new TreeMap<>();
    for (TracedConnection traced : connections) {
      FullSegments.of(seen(traced), announced.reverse(), 0)
          .ifPresent(full -> segmentsByMss.merge(full.mssBytes(), full.count(), Integer::sum));
    }
    return segmentsByMss.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(
            most ->
                "unknown, probably "
                    + most.getKey()
                    + ": "
                    + most.getValue()
                    + " full segments sent to it end there, options included")
        .orElse("unknown");
  }

  /** The largest segment that the other end sent under an announced MSS. */
  private static String largest(Direction announced, List<TracedConnection> connections) {
    OptionalInt largest =
        connections.stream()
            .map(connection -> seen(connection).flow(announced.reverse()))
            .mapToInt(Flow::largestPayloadBytes)
            .max();
    return largest.orElse(0) == 0
        ? ""
        : "; the largest segment sent to it carries " + largest.getAsInt();
  }

  private void ttl(ConnectionKind kind, Direction direction, Connection first) {
    int ttl = kind.ttl(direction);
    if (ttl < 0) {
      return;
    }
    boolean isReset = direction == Direction.S2C && kind.answer() == Answer.RST;
    String who = direction == Direction.C2S ? "client" : isReset ? "the RST" : "server";
    int hops = InitialTtl.routers(ttl);
    lines.add(
        MARGIN,
        INDENT + 2,
        hops == 0
            ? who + "'s TTL " + ttl + " is an initial one: no router between it and this capture"
            : hops > MOST_ROUTERS || isSmall(ttl, first.flow(direction).sender().address())
                ? who + "'s TTL " + ttl + " is small: set like that, as traceroute does, or used up"
                : who
                    + "'s TTL "
                    + ttl
                    + ": "
                    + Numbers.count(hops, "router")
                    + " away, if it started at "
                    + InitialTtl.of(ttl));
  }

  /** Whether a TTL is below where stacks start now, and the same host sends with a larger one. */
  private boolean isSmall(int ttl, String address) {
    return ttl <= SMALL_TTL
        && report.evidence().comparison().connections().stream()
            .map(InspectText::seen)
            .flatMap(seen -> Stream.of(seen.clientToServer(), seen.serverToClient()))
            .anyMatch(
                flow -> flow.firstTtl() > SMALL_TTL && flow.sender().address().equals(address));
  }
}
