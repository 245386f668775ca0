package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.datagram.Absence;
import org.mssbridge.datagram.Datagrams;
import org.mssbridge.datagram.TracedFlow;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.DatagramFlow;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.InitialTtl;

/**
 * The points that flows besides TCP must have passed: what else goes to the same host takes the
 * same way.
 */
public final class ExpectedFlows {
  /** A filter hardly lets so many ports through and not another one. */
  private static final int MANY_PORTS = 3;

  /** What goes to one host from several others is not all of a filter for one of these. */
  private static final int SEVERAL_HOSTS = 2;

  private final Comparison comparison;
  private final Datagrams datagrams;
  private final List<CapturePoint> path;

  private ExpectedFlows(Comparison comparison, Datagrams datagrams) {
    this.comparison = comparison;
    this.datagrams = datagrams;
    path = comparison.path().stream().map(PointCapture::point).toList();
  }

  /**
   * A flow that is not at a point that it must have passed.
   *
   * @param point the one that has it
   * @param missing the one that has not
   * @param packets how many of its packets that capture would have
   * @param alike flows to the same port of the same host that are at both
   * @param answered how many of these have packets of both directions
   */
  public record Missing(
      TracedFlow flow,
      CapturePoint point,
      CapturePoint missing,
      int packets,
      int alike,
      int answered) {}

  /** One end of flows of a protocol. */
  private record End(int protocol, Endpoint endpoint) implements Comparable<End> {
    private static final Comparator<End> ORDER =
        Comparator.comparingInt(End::protocol).thenComparing(End::endpoint);

    @Override
    public int compareTo(End other) {
      return ORDER.compare(this, other);
    }
  }

  /** How many flows with an end are at both points, and how many of them are answered. */
  private static final class Alike {
    private int all;
    private int answered;
  }

  /** What goes from one point to another, by the addresses at the first. */
  private static final class Crossed {
    /** For each host on the other point's side, those that it talks to across both. */
    private final Map<String, Set<String>> hosts = new TreeMap<>();

    /** Hosts with another address at the other point: there may be several behind it. */
    private final Set<String> translated = new TreeSet<>();

    private final Map<End, Alike> ends = new TreeMap<>();

    void add(Endpoint near, Endpoint far, Endpoint nearThere, Endpoint farThere) {
      hosts.computeIfAbsent(far.address(), key -> new TreeSet<>()).add(near.address());
      if (!near.address().equals(nearThere.address())) {
        translated.add(near.address());
      }
      if (!far.address().equals(farThere.address())) {
        translated.add(far.address());
      }
    }
  }

  /** What the other capture holds besides TCP, whoever has it too. */
  private static final class Held {
    private final Set<End> ports = new TreeSet<>();
    private final Map<Integer, Set<Integer>> services = new TreeMap<>();

    /** The ends of flows that the first point has not: these may be its own, translated. */
    private final Set<End> strange = new TreeSet<>();

    Held(Datagrams datagrams, CapturePoint other) {
      for (DatagramFlow flow : datagrams.tables().get(other).flows()) {
        if (!flow.isLocal()) {
          ports.add(port(flow, flow.client()));
          ports.add(port(flow, flow.server()));
          services
              .computeIfAbsent(flow.protocol(), key -> new HashSet<>())
              .add(flow.server().port());
        }
      }
      for (TracedFlow flow : datagrams.onlyAt(other)) {
        for (DatagramFlow seen : flow.parts(other)) {
          strange.add(new End(seen.protocol(), seen.client()));
          strange.add(new End(seen.protocol(), seen.server()));
        }
      }
    }

    private static End port(DatagramFlow flow, Endpoint end) {
      return new End(flow.protocol(), new Endpoint("", end.port()));
    }

    /** Whether a filter would let a flow through, or there is none that lets little through. */
    boolean lets(DatagramFlow flow) {
      return ports.contains(port(flow, flow.client()))
          || ports.contains(port(flow, flow.server()))
          || services.getOrDefault(flow.protocol(), Set.of()).size() >= MANY_PORTS;
    }
  }

  /** All flows that a point lacks and that must have passed it. */
  public static List<Missing> missing(Comparison comparison, Datagrams datagrams) {
    ExpectedFlows expected = new ExpectedFlows(comparison, datagrams);
    List<Missing> all = new ArrayList<>();
    for (CapturePoint other : expected.path) {
      Map<CapturePoint, List<TracedFlow>> lacking = expected.lackedBy(other);
      lacking.forEach((point, flows) -> expected.add(flows, point, other, all));
    }
    return all;
  }

  /** The flows that a point lacks, by the nearest one that has them. */
  private Map<CapturePoint, List<TracedFlow>> lackedBy(CapturePoint other) {
    int position = path.indexOf(other);
    Map<CapturePoint, List<TracedFlow>> lacking = new LinkedHashMap<>();
    for (TracedFlow flow : datagrams.flows()) {
      if (flow.at(other).isEmpty() && !flow.at(flow.points().get(0)).orElseThrow().isLocal()) {
        CapturePoint nearest =
            flow.points().stream()
                .min(Comparator.comparingInt(point -> Math.abs(path.indexOf(point) - position)))
                .orElseThrow();
        lacking.computeIfAbsent(nearest, point -> new ArrayList<>()).add(flow);
      }
    }
    return lacking;
  }

  private void add(
      List<TracedFlow> lacking, CapturePoint point, CapturePoint other, List<Missing> all) {
    Crossed crossed = crossed(point, other);
    if (crossed.hosts.isEmpty()) {
      return;
    }
    Held held = new Held(datagrams, other);
    Absence absence = datagrams.absence(point, other);
    for (TracedFlow flow : lacking) {
      DatagramFlow seen = flow.at(point).orElseThrow();
      for (Direction towards : Direction.values()) {
        if (mustPass(crossed, held, seen, towards, point)) {
          int packets = absence.packets(flow);
          if (packets > 0) {
            Endpoint far = seen.sender(towards.reverse());
            Alike alike = crossed.ends.getOrDefault(new End(seen.protocol(), far), new Alike());
            all.add(new Missing(flow, point, other, packets, alike.all, alike.answered));
          }
        }
      }
    }
  }

  /**
   * Whether what one end sends must pass the other point.
   *
   * @param towards what is sent to the host on that point's side
   */
  private boolean mustPass(
      Crossed crossed, Held held, DatagramFlow seen, Direction towards, CapturePoint point) {
    Endpoint near = seen.sender(towards);
    Endpoint far = seen.sender(towards.reverse());
    Set<String> peers = crossed.hosts.getOrDefault(far.address(), Set.of());
    boolean isPair = peers.contains(near.address());
    boolean isOfSeveral = far.equals(seen.server()) && peers.size() >= SEVERAL_HOSTS;
    return (isPair || isOfSeveral)
        && !crossed.hosts.containsKey(near.address())
        && !crossed.translated.contains(far.address())
        && held.lets(seen)
        && !isPerhapsThere(crossed, held, seen, towards, isPair)
        && !endsBefore(point, seen, towards.reverse());
  }

  /** Whether the other point has a flow that may be this one with other contents or addresses. */
  private static boolean isPerhapsThere(
      Crossed crossed, Held held, DatagramFlow seen, Direction towards, boolean isPair) {
    String near = seen.sender(towards).address();
    boolean isUntranslated = isPair && !crossed.translated.contains(near);
    return held.strange.contains(new End(seen.protocol(), seen.sender(towards)))
        || (!isUntranslated
            && held.strange.contains(new End(seen.protocol(), seen.sender(towards.reverse()))));
  }

  /** Whether the host on the other point's side is at this point: it sends with an initial TTL. */
  private boolean endsBefore(CapturePoint point, DatagramFlow seen, Direction back) {
    DatagramTable table = datagrams.tables().get(point);
    int[] rows = table.rows(seen, back);
    return rows.length > 0 && InitialTtl.is(table.ttl(rows[0]));
  }

  private Crossed crossed(CapturePoint point, CapturePoint other) {
    Crossed crossed = new Crossed();
    boolean isForward = path.indexOf(point) < path.indexOf(other);
    for (TracedConnection traced : comparison.connections()) {
      Connection here = traced.at().at(point).orElse(null);
      Connection there = traced.at().at(other).orElse(null);
      if (here != null && there != null) {
        boolean isToServer = isForward != traced.runsBack();
        crossed.add(
            isToServer ? here.client() : here.server(),
            isToServer ? here.server() : here.client(),
            isToServer ? there.client() : there.server(),
            isToServer ? there.server() : there.client());
      }
    }
    for (TracedFlow flow : datagrams.flows()) {
      List<CapturePoint> way = datagrams.way(flow, Direction.C2S);
      if (way.contains(point) && way.contains(other)) {
        boolean isC2s = way.indexOf(point) < way.indexOf(other);
        add(crossed, flow, isC2s ? Direction.C2S : Direction.S2C, point, other);
      }
    }
    return crossed;
  }

  private void add(
      Crossed crossed, TracedFlow flow, Direction towards, CapturePoint point, CapturePoint other) {
    DatagramFlow here = flow.at(point).orElseThrow();
    DatagramFlow there = flow.at(other).orElseThrow();
    Direction atPoint = flow.at(point, towards);
    Direction atOther = flow.at(other, towards);
    Endpoint far = here.sender(atPoint.reverse());
    crossed.add(here.sender(atPoint), far, there.sender(atOther), there.sender(atOther.reverse()));
    Alike alike = crossed.ends.computeIfAbsent(new End(here.protocol(), far), key -> new Alike());
    alike.all++;
    DatagramTable table = datagrams.tables().get(point);
    boolean isAnswered =
        table.packets(here, Direction.C2S) > 0 && table.packets(here, Direction.S2C) > 0;
    alike.answered += isAnswered ? 1 : 0;
  }
}
