package org.mssbridge.report;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.HandshakeGaps;
import org.mssbridge.finding.Findings.Reported;
import org.mssbridge.finding.SecondCapture;
import org.mssbridge.flow.Connection;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;
import org.mssbridge.report.CaptureFilter.Layers;
import org.mssbridge.report.CaptureFilter.Term;

/**
 * The commands that take the capture that a finding asks for, ready to copy.
 *
 * @param capture what to capture, and why
 * @param filter for the very hosts and ports
 */
public record CaptureCommand(SecondCapture capture, CaptureFilter filter) {
  /** Headers, with a tunnel around them, and what ICMP quotes; a TLS hello's random, too. */
  private static final int HEADER_BYTES = 256;

  /** Where the filter is for an interface of its own: the usual name of the first one. */
  private static final String INTERFACE = "eth0";

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
        .map(capture -> of(comparison, reported, capture));
  }

  /** Whether the only capture was taken where this one should be, for all connections. */
  private static boolean isThere(Comparison comparison, Reported reported, SecondCapture capture) {
    if (capture.near().isEmpty()) {
      return false;
    }
    Direction near = capture.near().get();
    Set<Integer> ids = ids(reported);
    Set<String> hosts = new TreeSet<>();
    for (TracedConnection traced : comparison.connections()) {
      if (ids.contains(traced.id())) {
        hosts.add(term(traced, near).host());
      }
    }
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

  private static Set<Integer> ids(Reported reported) {
    Set<Integer> ids = new TreeSet<>();
    reported.occurrences().forEach(one -> one.connection().ifPresent(ids::add));
    return ids;
  }

  private static CaptureCommand of(
      Comparison comparison, Reported reported, SecondCapture capture) {
    Set<Integer> ids = ids(reported);
    Set<Term> terms = new LinkedHashSet<>();
    Set<Layers> layers = new LinkedHashSet<>();
    for (TracedConnection traced : comparison.connections()) {
      if (ids.contains(traced.id())) {
        terms.add(term(traced, capture.near().orElse(Direction.S2C)));
      }
      if (ids.isEmpty() || ids.contains(traced.id())) {
        for (CapturePoint point : traced.at().points()) {
          Connection seen = traced.at().at(point).orElseThrow();
          layers.addAll(Layers.of(seen.clientToServer()));
          layers.addAll(Layers.of(seen.serverToClient()));
        }
      }
    }
    return new CaptureCommand(capture, CaptureFilter.of(terms, layers));
  }

  private static Term term(TracedConnection traced, Direction near) {
    List<CapturePoint> points = List.copyOf(traced.at().points());
    boolean first = (near == Direction.C2S) != traced.runsBack();
    Connection seen = traced.at().at(points.get(first ? 0 : points.size() - 1)).orElseThrow();
    Endpoint host = seen.flow(near).sender();
    return new Term(host.address(), host.isIpv6(), seen.server().port());
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
        + capture.settles()
        + (filter.isOfEthernet()
            ? "; name the interface in place of "
                + INTERFACE
                + ", since \"any\" has no tags to filter by"
            : "");
  }

  private String device() {
    return filter.isOfEthernet() ? INTERFACE : "any";
  }

  /** For a system with tcpdump: ten files of 100 MB at most, the oldest is overwritten. */
  public String tcpdump() {
    return String.format(
        "tcpdump -i %s -s %d -C 100 -W 10 -w %s.pcap '%s'",
        device(), snapLengthBytes(), capture.file(), filter.text());
  }

  /** The same for dumpcap, which comes with Wireshark. */
  public String dumpcap() {
    return String.format(
        "dumpcap -i %s -s %d -b filesize:100000 -b files:10 -w %s.pcapng -f '%s'",
        device(), snapLengthBytes(), capture.file(), filter.text());
  }
}
