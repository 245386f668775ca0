package org.mssbridge.report;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.HandshakeGaps;
import org.mssbridge.finding.Findings.Reported;
import org.mssbridge.finding.SecondCapture;
import org.mssbridge.flow.Connection;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;

/**
 * The commands that take the capture that a finding asks for, ready to copy.
 *
 * @param capture what to capture, and why
 * @param filter a capture filter (pcap-filter) for the very hosts and ports, with their fragments
 *     and all ICMP
 */
public record CaptureCommand(SecondCapture capture, String filter) {
  /** With more hosts, or more ports, than this the filter is shorter and passes more. */
  private static final int MOST_TERMS = 4;

  /** Headers, with a tunnel around them, and what ICMP quotes; a TLS hello's random, too. */
  private static final int HEADER_BYTES = 256;

  /** Of an IPv4 header: the offset of a fragment (RFC 791, section 3.1). */
  private static final String IPV4_FRAGMENT = "ip[6:2] & 0x1fff != 0";

  /** Of an IPv6 header: a fragment header comes next (RFC 8200, section 4.5). */
  private static final String IPV6_FRAGMENT = "ip6[6] = 44";

  private static final String ICMP = "icmp or icmp6";

  /** A host and a port of the server, as the host sees them. */
  record Term(String host, boolean ipv6, int port) {}

  /**
   * The commands for a finding; empty where it asks for no capture. Where there are two captures
   * already, only a better one of a point that has one helps.
   */
  static Optional<CaptureCommand> of(Comparison comparison, Reported reported) {
    return reported
        .finding()
        .secondCapture()
        .filter(
            capture ->
                capture.again()
                    || (comparison.captures().size() == 1
                        && !isThere(comparison, reported, capture)))
        .map(capture -> new CaptureCommand(capture, filter(terms(comparison, reported, capture))));
  }

  /** Whether the only capture was taken where this one should be, for all connections. */
  private static boolean isThere(Comparison comparison, Reported reported, SecondCapture capture) {
    if (capture.near().isEmpty()) {
      return false;
    }
    Direction near = capture.near().get();
    Set<String> hosts = new TreeSet<>();
    terms(comparison, reported, capture).forEach(term -> hosts.add(term.host()));
    boolean some = !hosts.isEmpty();
    CapturePoint point = comparison.captures().get(0).point();
    for (TracedConnection traced : comparison.connections()) {
      Connection seen = traced.at().at(point).orElseThrow();
      String host = seen.flow(near).sender().address();
      if (hosts.contains(host) && HandshakeGaps.isBeside(seen, near)) {
        hosts.remove(host);
      }
    }
    return some && hosts.isEmpty();
  }

  private static Set<Term> terms(Comparison comparison, Reported reported, SecondCapture capture) {
    Set<Integer> ids = new TreeSet<>();
    reported.occurrences().forEach(one -> one.connection().ifPresent(ids::add));
    Set<Term> terms = new LinkedHashSet<>();
    for (TracedConnection traced : comparison.connections()) {
      if (ids.contains(traced.id())) {
        terms.add(term(traced, capture.near().orElse(Direction.S2C)));
      }
    }
    return terms;
  }

  private static Term term(TracedConnection traced, Direction near) {
    List<CapturePoint> points = List.copyOf(traced.at().points());
    boolean first = (near == Direction.C2S) != traced.runsBack();
    Connection seen = traced.at().at(points.get(first ? 0 : points.size() - 1)).orElseThrow();
    Endpoint host = seen.flow(near).sender();
    return new Term(host.address(), host.isIpv6(), seen.server().port());
  }

  static String filter(Set<Term> terms) {
    if (!terms.isEmpty() && terms.size() <= MOST_TERMS) {
      return terms.stream()
          .map(
              term ->
                  String.format(
                      "(host %s and (tcp port %d or %s))",
                      term.host(), term.port(), term.ipv6() ? IPV6_FRAGMENT : IPV4_FRAGMENT))
          .collect(Collectors.joining(" or ", "", " or " + ICMP));
    }
    Set<Integer> ports = new TreeSet<>();
    terms.forEach(term -> ports.add(term.port()));
    String tcp =
        ports.isEmpty() || ports.size() > MOST_TERMS
            ? "tcp"
            : ports.stream().map(port -> "tcp port " + port).collect(Collectors.joining(" or "));
    return String.join(" or ", tcp, IPV4_FRAGMENT, IPV6_FRAGMENT, ICMP);
  }

  private int snapLengthBytes() {
    return capture.whole() ? 0 : HEADER_BYTES;
  }

  /** What the capture is for, and where to take it. */
  public String purpose() {
    return "to settle it, capture "
        + capture.place()
        + (capture.again() ? ", for longer" : ", at the same time as here")
        + ": it shows "
        + capture.settles();
  }

  /** For a system with tcpdump: ten files of 100 MB at most, the oldest is overwritten. */
  public String tcpdump() {
    return String.format(
        "tcpdump -i any -s %d -C 100 -W 10 -w %s.pcap '%s'",
        snapLengthBytes(), capture.file(), filter);
  }

  /** The same for dumpcap, which comes with Wireshark. */
  public String dumpcap() {
    return String.format(
        "dumpcap -i any -s %d -b filesize:100000 -b files:10 -w %s.pcapng -f '%s'",
        snapLengthBytes(), capture.file(), filter);
  }
}
