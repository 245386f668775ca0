package org.mssbridge.datagram;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.clock.Clock;
import org.mssbridge.clock.ClockSamples;
import org.mssbridge.flow.DatagramFlow;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.LongList;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Datagram;
import org.mssbridge.model.DatagramError;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.IcmpCode;
import org.mssbridge.model.PerPoint;

/** What the captures of a path hold besides TCP, paired. All rules on that work on this. */
public final class Datagrams {
  private final List<TracedFlow> flows = new ArrayList<>();
  private final List<FlowPassage> passages = new ArrayList<>();
  private final Map<TracedFlow, List<FlowPassage>> byFlow = new HashMap<>();
  private final List<FlowSighting> sightings = new ArrayList<>();
  private final Map<Gap, GapClock> clocks = new HashMap<>();
  private final Map<CapturePoint, DatagramTable> tables = new LinkedHashMap<>();
  private final Map<CapturePoint, DatagramCopies.Rows> copies = new HashMap<>();

  private final Map<CapturePoint, Map<Quoted, List<DatagramError>>> errors = new HashMap<>();
  private final Sightings everywhere;

  /** The how manieth of equal ICMP errors about a flow. */
  private record Nth(IcmpCode icmp, int mtuBytes, int number) {}

  /** The ends of a packet that an ICMP error quotes. */
  private record Quoted(Endpoint source, Endpoint destination) implements Comparable<Quoted> {
    // A map needs an order where a file can be made so that all keys have one hash.
    private static final Comparator<Quoted> ORDER =
        Comparator.comparing(Quoted::source).thenComparing(Quoted::destination);

    @Override
    public int compareTo(Quoted other) {
      return ORDER.compare(this, other);
    }
  }

  /** Who sends to whom, by the addresses at the point nearer the sender. */
  private record Hosts(String point, String sender, String receiver) implements Comparable<Hosts> {
    private static final Comparator<Hosts> ORDER =
        Comparator.comparing(Hosts::point)
            .thenComparing(Hosts::sender)
            .thenComparing(Hosts::receiver);

    static Hosts of(FlowPassage passage) {
      DatagramFlow seen = passage.flow().at(passage.nearPoint()).orElseThrow();
      Direction there = passage.flow().at(passage.nearPoint(), passage.direction());
      return new Hosts(
          passage.nearPoint().name(),
          seen.sender(there).address(),
          seen.sender(there.reverse()).address());
    }

    @Override
    public int compareTo(Hosts other) {
      return ORDER.compare(this, other);
    }
  }

  /** Two neighbouring points, in path order. */
  private record Gap(CapturePoint first, CapturePoint second) {}

  /**
   * How the clocks of two neighbouring points differ.
   *
   * @param own fitted to packets of these flows; empty where TCP shows it
   * @param uncertaintyNanos empty where all samples are of one direction
   */
  private record GapClock(Optional<Clock> own, OptionalDouble uncertaintyNanos) {}

  /**
   * A flow at two neighbouring points whose client's side is known.
   *
   * @param near the point nearer the client
   */
  public record FlowSighting(TracedFlow flow, CapturePoint near, CapturePoint far) {}

  /** A pair of one leg with what is the same in both directions, as the first point calls them. */
  private record Matched(TracedFlow flow, FlowPair pair, PacketMatch c2s, PacketMatch s2c) {}

  private final Comparison comparison;

  private Datagrams(Comparison comparison) {
    this.comparison = comparison;
    everywhere = new Sightings(comparison.path());
  }

  /** Pairs and compares what the captures hold besides TCP. */
  public static Datagrams of(Comparison comparison) {
    Datagrams datagrams = new Datagrams(comparison);
    comparison.captures().forEach(each -> datagrams.tables.put(each.point(), each.datagrams()));
    if (datagrams.tables.values().stream().anyMatch(table -> table.packets() > 0)) {
      datagrams.compare();
    }
    return datagrams;
  }

  /** Whether any capture holds such packets. */
  public boolean isEmpty() {
    return flows.isEmpty();
  }

  /** All flows of all captures, those of the path's first point first. */
  public List<TracedFlow> flows() {
    return List.copyOf(flows);
  }

  /** The flows at two neighbouring points whose client's side is known. */
  public List<FlowSighting> sightings() {
    return List.copyOf(sightings);
  }

  /** The directions of flows whose packets pass two neighbouring points, where that is known. */
  public List<FlowPassage> passages() {
    return List.copyOf(passages);
  }

  /** The passages of a flow. */
  public List<FlowPassage> passages(TracedFlow flow) {
    return Collections.unmodifiableList(byFlow.getOrDefault(flow, List.of()));
  }

  /**
   * The points that a direction of a flow passes, from its sender on; a single one where the flow
   * is at no other, and none where nothing shows the way.
   */
  public List<CapturePoint> way(TracedFlow flow, Direction direction) {
    if (flow.points().size() == 1) {
      return flow.points();
    }
    List<CapturePoint> way = new ArrayList<>(flow.points());
    Optional<FlowPassage> any = passages(flow).stream().findFirst();
    if (any.isEmpty()) {
      return List.of();
    }
    boolean isForward = way.indexOf(any.get().nearPoint()) < way.indexOf(any.get().farPoint());
    if (isForward != (any.get().direction() == direction)) {
      Collections.reverse(way);
    }
    return way;
  }

  /** The first point that packets of a direction pass, where that is known. */
  public Optional<CapturePoint> nearestSender(TracedFlow flow, Direction direction) {
    if (flow.points().size() == 1) {
      return Optional.of(flow.points().get(0));
    }
    List<FlowPassage> passages =
        passages(flow).stream().filter(each -> each.direction() == direction).toList();
    return passages.stream()
        .map(FlowPassage::nearPoint)
        .filter(point -> passages.stream().noneMatch(other -> other.farPoint().equals(point)))
        .findFirst();
  }

  /**
   * The time at a point when it is some time at a neighbouring one; empty where the clocks are not
   * known.
   */
  public OptionalLong timeAt(CapturePoint point, CapturePoint other, long otherNanos) {
    return uncertaintyNanos(point, other).isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(otherNanos + delayNanos(point, other, otherNanos, otherNanos));
  }

  /**
   * About the time at a point when it is some time at any other: by packets that are at both, if
   * need be of one direction only, so that it may be wrong by their delay. Empty where there are
   * none.
   */
  public OptionalLong aboutTimeAt(CapturePoint point, CapturePoint other, long otherNanos) {
    List<CapturePoint> path = comparison.path().stream().map(PointCapture::point).toList();
    int end = path.indexOf(point);
    int step = Integer.signum(end - path.indexOf(other));
    long nanos = otherNanos;
    for (int at = path.indexOf(other); at != end; at += step) {
      CapturePoint next = path.get(at + step);
      if (clock(next, path.get(at)) == null) {
        return OptionalLong.empty();
      }
      nanos += delayNanos(next, path.get(at), nanos, nanos);
    }
    return OptionalLong.of(nanos);
  }

  /** The DNS of each flow that holds some; made anew each time, as there may be many. */
  public Stream<DnsFlow> dns() {
    return flows.stream().flatMap(flow -> dns(flow).stream());
  }

  /** The DNS of a flow, if it holds any. */
  public Optional<DnsFlow> dns(TracedFlow flow) {
    return flow.at(flow.points().get(0)).orElseThrow().mayBeDns()
        ? Optional.of(DnsFlow.of(this, flow)).filter(Predicate.not(DnsFlow::isEmpty))
        : Optional.empty();
  }

  /**
   * The ICMP errors about what a flow sends in a direction, each at the points that saw it: the
   * same error in the same order.
   */
  public List<PerPoint<DatagramError>> errors(TracedFlow flow, Direction direction) {
    Map<Nth, Map<CapturePoint, DatagramError>> all = new LinkedHashMap<>();
    for (CapturePoint point : flow.points()) {
      Map<Nth, Integer> known = new HashMap<>();
      for (DatagramError error : errors(flow, direction, point)) {
        Nth kind = new Nth(error.icmp(), error.mtuBytes(), 0);
        int number = known.merge(kind, 1, Integer::sum);
        all.computeIfAbsent(
                new Nth(error.icmp(), error.mtuBytes(), number), key -> new LinkedHashMap<>())
            .put(point, error);
      }
    }
    return all.values().stream().map(PerPoint::of).toList();
  }

  private List<DatagramError> errors(TracedFlow flow, Direction direction, CapturePoint point) {
    Map<Quoted, List<DatagramError>> all = errors.getOrDefault(point, Map.of());
    if (all.isEmpty() || flow.at(point).isEmpty()) {
      return List.of();
    }
    Direction there = flow.at(point, direction);
    return flow.parts(point).stream()
        .filter(seen -> seen.protocol() == Datagram.UDP)
        .map(seen -> new Quoted(seen.sender(there), seen.sender(there.reverse())))
        .flatMap(quoted -> all.getOrDefault(quoted, List.of()).stream())
        .toList();
  }

  private static Map<Quoted, List<DatagramError>> byQuoted(List<DatagramError> errors) {
    return errors.stream()
        .collect(
            Collectors.groupingBy(
                each -> new Quoted(each.quotedSource(), each.quotedDestination())));
  }

  /** What each capture holds, by point, in the order in which they were given. */
  public Map<CapturePoint, DatagramTable> tables() {
    return new LinkedHashMap<>(tables);
  }

  /** The rows at a point that are second copies of nearly all packets of a flow. */
  public BitSet copies(CapturePoint point) {
    DatagramCopies.Rows rows = copies.get(point);
    return rows == null ? new BitSet() : (BitSet) rows.all().clone();
  }

  /** Whether a row at a point is one of these. */
  public boolean isCopy(CapturePoint point, int row) {
    DatagramCopies.Rows rows = copies.get(point);
    return rows != null && rows.all().get(row);
  }

  /** How many of the copies at a point have another TTL than the first. */
  public int copiesWithOtherTtl(CapturePoint point) {
    DatagramCopies.Rows rows = copies.get(point);
    return rows == null ? 0 : rows.withOtherTtl().cardinality();
  }

  private void compare() {
    copies.putAll(DatagramCopies.of(tables));
    tables.forEach((point, table) -> errors.put(point, byQuoted(table.errors())));
    List<PointCapture> path = comparison.path();
    TracedFlow[] before = traced(path.get(0), new TracedFlow[0]);
    for (int i = 1; i < path.size(); i++) {
      before = compare(path.get(i - 1), path.get(i), before);
    }
  }

  /** Traces the flows of a point that no point before it has. */
  private TracedFlow[] traced(PointCapture capture, TracedFlow[] known) {
    TracedFlow[] all = new TracedFlow[capture.datagrams().flows().size()];
    System.arraycopy(known, 0, all, 0, known.length);
    for (DatagramFlow flow : capture.datagrams().flows()) {
      if (all[flow.number()] == null) {
        all[flow.number()] = new TracedFlow(capture.point(), flow);
        flows.add(all[flow.number()]);
      }
    }
    return all;
  }

  /** Compares two neighbouring points; returns the flows of the second by their numbers. */
  private TracedFlow[] compare(PointCapture first, PointCapture second, TracedFlow[] before) {
    Contents contents = Contents.of(first.datagrams(), second.datagrams());
    List<Matched> matched = new ArrayList<>();
    TracedFlow[] after = new TracedFlow[second.datagrams().flows().size()];
    Set<TracedFlow> joined = new HashSet<>();
    List<FlowPair> pairs = JoinedPairs.of(contents, before, FlowPairing.of(contents));
    BitSet copiesAtFirst = copies.get(first.point()).all();
    BitSet copiesAtSecond = copies.get(second.point()).all();
    List<PacketMatch> ofC2s = match(contents, pairs, Direction.C2S, copiesAtFirst, copiesAtSecond);
    List<PacketMatch> ofS2c = match(contents, pairs, Direction.S2C, copiesAtFirst, copiesAtSecond);
    for (int i = 0; i < pairs.size(); i++) {
      FlowPair pair = pairs.get(i);
      PacketMatch c2s = ofC2s.get(i);
      PacketMatch s2c = ofS2c.get(i);
      if (c2s.sharesContent() || s2c.sharesContent()) {
        TracedFlow flow = before[pair.first().number()];
        flow.add(first.point(), second.point(), pair);
        after[pair.second().number()] = flow;
        pair.laterAtSecond().forEach(later -> after[later.number()] = flow);
        pair.laterAtFirst().forEach(later -> joined.add(before[later.number()]));
        joined.remove(flow);
        matched.add(new Matched(flow, pair, c2s, s2c));
      }
    }
    flows.removeAll(joined);
    orient(matched, first, second);
    return traced(second, after);
  }

  private static List<PacketMatch> match(
      Contents contents,
      List<FlowPair> pairs,
      Direction atFirst,
      BitSet copiesAtFirst,
      BitSet copiesAtSecond) {
    return PacketMatch.consistent(
        pairs.stream()
            .map(
                pair ->
                    PacketMatch.of(
                        contents,
                        DatagramCopies.without(
                            pair.rowsAtFirst(contents.first(), atFirst), copiesAtFirst),
                        DatagramCopies.without(
                            pair.rowsAtSecond(contents.second(), atFirst), copiesAtSecond)))
            .toList(),
        pairs.stream().map(pair -> pair.first().sender(atFirst).address()).toList());
  }

  private void orient(List<Matched> matched, PointCapture first, PointCapture second) {
    Orientation orientation = new Orientation(comparison, first, second);
    List<Optional<Boolean>> byPackets =
        matched.stream()
            .map(each -> orientation.byPackets(each.pair().first(), each.c2s(), each.s2c()))
            .toList();
    LongList[] samples = {new LongList(), new LongList(), new LongList(), new LongList()};
    for (int i = 0; i < matched.size(); i++) {
      Matched each = matched.get(i);
      Optional<Boolean> isClientFirst =
          byPackets.get(i).or(() -> orientation.byAddresses(each.pair().first()));
      if (isClientFirst.isPresent()) {
        boolean isFirst = isClientFirst.get();
        addPassage(each, each.c2s(), Direction.C2S, isFirst, first, second);
        addPassage(each, each.s2c(), Direction.S2C, !isFirst, first, second);
        boolean isClientNearFirst =
            each.flow().at(first.point(), Direction.C2S) == Direction.C2S ? isFirst : !isFirst;
        sightings.add(
            new FlowSighting(
                each.flow(),
                isClientNearFirst ? first.point() : second.point(),
                isClientNearFirst ? second.point() : first.point()));
        addSamples(samples, each.c2s(), isFirst, first.datagrams(), second.datagrams());
        addSamples(samples, each.s2c(), !isFirst, first.datagrams(), second.datagrams());
      }
    }
    fitClock(samples, first, second);
    judgeSilent(first.point(), second.point());
  }

  /** A direction of which nothing arrives is lost where what else these hosts send arrives. */
  private void judgeSilent(CapturePoint first, CapturePoint second) {
    List<FlowPassage> leg =
        passages.stream()
            .filter(each -> Set.of(each.nearPoint(), each.farPoint()).equals(Set.of(first, second)))
            .toList();
    if (leg.stream().noneMatch(FlowPassage::isSilent)) {
      return;
    }
    Set<Hosts> crossing = new TreeSet<>();
    for (FlowPassage passage : leg) {
      if (passage.arrived() > 0) {
        crossing.add(Hosts.of(passage));
      }
    }
    for (PairedConnection pair : comparison.pairs()) {
      for (Direction direction : Direction.values()) {
        Flow near = pair.nearFlow(direction);
        if (Set.of(pair.nearPoint(direction), pair.farPoint(direction))
                .equals(Set.of(first, second))
            && near.segments() > 0
            && pair.farFlow(direction).segments() > 0) {
          Flow back = pair.near(direction).flow(direction.reverse());
          crossing.add(
              new Hosts(
                  pair.nearPoint(direction).name(),
                  near.sender().address(),
                  back.sender().address()));
        }
      }
    }
    leg.stream()
        .filter(each -> each.isSilent() && crossing.contains(Hosts.of(each)))
        .forEach(each -> each.judgeSilent(this, everywhere));
  }

  private void addPassage(
      Matched pair,
      PacketMatch match,
      Direction atFirst,
      boolean isForward,
      PointCapture first,
      PointCapture second) {
    Direction direction = pair.flow().at(first.point(), atFirst);
    PacketMatch oriented = isForward ? match : match.reversed();
    if (oriented.rowsAtFirst().length > 0) {
      FlowPassage passage =
          new FlowPassage(
              pair.flow(),
              direction,
              isForward ? first : second,
              isForward ? second : first,
              oriented,
              everywhere);
      passages.add(passage);
      byFlow.computeIfAbsent(pair.flow(), flow -> new ArrayList<>()).add(passage);
    }
  }

  private static void addSamples(
      LongList[] samples,
      PacketMatch match,
      boolean isForward,
      DatagramTable first,
      DatagramTable second) {
    int[] peers = match.peersOfFirst();
    for (int i = 0; i < peers.length; i++) {
      if (peers[i] >= 0 && !match.isRepeated(i)) {
        long time = first.timeNanos(match.rowsAtFirst()[i]);
        samples[isForward ? 0 : 2].add(time);
        samples[isForward ? 1 : 3].add(second.timeNanos(match.rowsAtSecond()[peers[i]]) - time);
      }
    }
  }

  private void fitClock(LongList[] samples, PointCapture first, PointCapture second) {
    Gap gap = new Gap(first.point(), second.point());
    OptionalDouble known = Orientation.uncertaintyNanos(comparison, first, second);
    if (known.isPresent()) {
      clocks.put(gap, new GapClock(Optional.empty(), known));
      return;
    }
    Clock fitted =
        Clock.fit(
            new ClockSamples(samples[0].toArray(), samples[1].toArray()),
            new ClockSamples(samples[2].toArray(), samples[3].toArray()));
    if (fitted.samples() > 0) {
      OptionalDouble width = fitted.widthSeconds();
      clocks.put(
          gap,
          new GapClock(
              Optional.of(fitted),
              width.isPresent()
                  ? OptionalDouble.of(width.getAsDouble() / 2 * 1e9)
                  : OptionalDouble.empty()));
    }
  }

  /**
   * By how much one-way delays between two neighbouring points may be wrong, in ns; empty where the
   * clocks are not known, and delays neither.
   */
  public OptionalDouble uncertaintyNanos(CapturePoint one, CapturePoint other) {
    GapClock clock = clock(one, other);
    return clock == null ? OptionalDouble.empty() : clock.uncertaintyNanos();
  }

  private GapClock clock(CapturePoint one, CapturePoint other) {
    return clocks.getOrDefault(new Gap(one, other), clocks.get(new Gap(other, one)));
  }

  /** How long a packet takes from one point to a neighbouring one, where the clocks are known. */
  public long delayNanos(CapturePoint near, CapturePoint far, long nearNanos, long farNanos) {
    GapClock forward = clocks.get(new Gap(near, far));
    GapClock clock = forward != null ? forward : clocks.get(new Gap(far, near));
    if (clock.own().isEmpty()) {
      return farNanos - comparison.timeAt(far, near, nearNanos);
    }
    Clock own = clock.own().get();
    return forward != null
        ? farNanos - nearNanos - own.offsetNanos(nearNanos)
        : farNanos - nearNanos + own.offsetNanos(farNanos);
  }

  /** Whether any flow is at both of two points. */
  public boolean isShared(CapturePoint one, CapturePoint other) {
    return flows.stream().anyMatch(flow -> flow.at(one).isPresent() && flow.at(other).isPresent());
  }

  /** The flows at this point only, without those that no router forwards. */
  public List<TracedFlow> onlyAt(CapturePoint point) {
    return flows.stream()
        .filter(Datagrams::isOneSided)
        .filter(flow -> flow.at(point).filter(Predicate.not(DatagramFlow::isLocal)).isPresent())
        .toList();
  }

  /**
   * Whether a flow at one point only is at a time that no other capture covers, by clocks that
   * matched packets show.
   */
  public boolean isUncovered(TracedFlow flow) {
    CapturePoint point = flow.points().get(0);
    DatagramTable table = tables.get(point);
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (DatagramFlow seen : flow.parts(point)) {
      for (Direction direction : Direction.values()) {
        for (int row : table.rows(seen, direction)) {
          first = Math.min(first, table.timeNanos(row));
          last = Math.max(last, table.timeNanos(row));
        }
      }
    }
    for (PointCapture other : comparison.path()) {
      if (!other.point().equals(point)) {
        OptionalLong from = aboutTimeAt(other.point(), point, first);
        OptionalLong until = aboutTimeAt(other.point(), point, last);
        if (from.isEmpty()
            || !other.extent().hasTime()
            || (from.getAsLong() <= other.coverage().untilNanos()
                && until.getAsLong() >= other.coverage().fromNanos())) {
          return false;
        }
      }
    }
    return true;
  }

  /** What of flows that one point has is surely not at another. */
  public Absence absence(CapturePoint point, CapturePoint other) {
    return new Absence(this, everywhere, comparison.capture(point), comparison.capture(other));
  }

  /** How many flows are at two points or more. */
  public long matched() {
    return flows.stream().filter(Predicate.not(Datagrams::isOneSided)).count();
  }

  /** How many of these flows nothing shows the way of. */
  public long unoriented() {
    return flows.stream()
        .filter(Predicate.not(Datagrams::isOneSided))
        .filter(flow -> !byFlow.containsKey(flow))
        .count();
  }

  private static boolean isOneSided(TracedFlow flow) {
    return flow.points().size() < 2;
  }
}
