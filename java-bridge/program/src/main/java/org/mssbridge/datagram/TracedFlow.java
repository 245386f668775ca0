package org.mssbridge.datagram;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.mssbridge.flow.DatagramFlow;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/** A flow at one or more points of the path; its client is that at the first of them. */
public final class TracedFlow {
  private final Map<CapturePoint, DatagramFlow> flows = new LinkedHashMap<>();
  private final Map<CapturePoint, List<DatagramFlow>> later = new LinkedHashMap<>();
  private final Map<CapturePoint, Boolean> turned = new LinkedHashMap<>();

  TracedFlow(CapturePoint point, DatagramFlow flow) {
    flows.put(point, flow);
    turned.put(point, false);
  }

  /** Adds the next point. */
  void add(CapturePoint before, CapturePoint point, FlowPair pair) {
    flows.put(point, pair.second());
    turned.put(point, turned.get(before) ^ pair.isTurned());
    later.merge(before, pair.laterAtFirst(), TracedFlow::joined);
    later.put(point, pair.laterAtSecond());
  }

  private static List<DatagramFlow> joined(List<DatagramFlow> one, List<DatagramFlow> other) {
    return Stream.concat(one.stream(), other.stream()).distinct().toList();
  }

  /**
   * How it goes on at a point with another address or port of one end, in order; mostly not at all.
   */
  public List<DatagramFlow> later(CapturePoint point) {
    return later.getOrDefault(point, List.of());
  }

  /** The flow at a point and how it goes on there, in order; empty where it is not. */
  public List<DatagramFlow> parts(CapturePoint point) {
    return Stream.concat(at(point).stream(), later(point).stream()).toList();
  }

  /** The points that saw it, in path order. */
  public List<CapturePoint> points() {
    return List.copyOf(flows.keySet());
  }

  /** The flow at a point. */
  public Optional<DatagramFlow> at(CapturePoint point) {
    return Optional.ofNullable(flows.get(point));
  }

  /** A direction as the flow at a point names it. */
  public Direction at(CapturePoint point, Direction direction) {
    return turned.get(point) ? direction.reverse() : direction;
  }

  /** Its name at a point, for what is sent in a direction. */
  public String name(CapturePoint point, Direction direction) {
    return flows.get(point).name(at(point, direction));
  }
}
