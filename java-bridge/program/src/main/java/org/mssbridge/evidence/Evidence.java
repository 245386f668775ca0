package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.datagram.Datagrams;
import org.mssbridge.finding.Leg;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.FragmentedPacket;
import org.mssbridge.flow.LongList;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.knowledge.Causes;
import org.mssbridge.knowledge.Knowledge;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.FrameRef;
import org.mssbridge.model.IpFamily;
import org.mssbridge.model.TooBig;

/**
 * What rules work with: the comparison, the middleboxes between its points, and the known values.
 */
public final class Evidence {
  private final Comparison comparison;
  private final Datagrams datagrams;
  private final Causes causes;
  private final Knowledge knowledge;
  private final Middleboxes middleboxes;
  private final Map<Integer, List<TooBigMessage>> tooBigs;

  /** The points that saw a message of a kind. */
  private final Map<TooBigMessage.Kind, Set<CapturePoint>> tooBigPoints = new TreeMap<>();

  private final Map<FrameRef, TranslatedTooBig> translations = new HashMap<>();

  private final FittingRefusals fittingRefusals;
  private final Map<Integer, IgnoredTooBigs> ignored = new HashMap<>();
  private final Map<Endpoints, Long> firstTooBig = new TreeMap<>();
  private final Map<Reporter, Map<CapturePoint, List<Integer>>> strangers = new TreeMap<>();

  private final OptionalInt pathMtuBytes;
  private final Map<Carried, SackSpace> sackSpaces;
  private final List<PairedConnection> passedPairs;
  private final Passages passages;
  private final HeardAnswers heardAnswers;
  private final ExpectedPoints expectedPoints;
  private final List<Life> lives;
  private final SizesBetweenHosts sizesBetweenHosts;
  private final Map<Integer, LostControl> lostControl;
  private final Map<Integer, InjectedData> injectedData;
  private final Map<Integer, InjectedSegments> injected;
  private final List<TimeSpent> timeSpent;
  private final List<Retransmissions> retransmissions;
  private final List<TimeSpent> questionTimes;
  private final Map<Integer, WrongChecksums> wrongChecksums;
  private final BlackHoles blackHoles;
  private final Map<Integer, LastArrival> lastArrivals;
  private final Map<Integer, Fragmentation> fragmentation = new HashMap<>();
  private final Set<FrameRef> tiedFragments = new HashSet<>();

  private final Deferred<OverTime> overTime = new Deferred<>(() -> OverTime.of(this));
  private final Deferred<List<ExpectedFlows.Missing>> missingFlows =
      new Deferred<>(() -> ExpectedFlows.missing(comparison(), datagrams()));
  private final Deferred<LostSyns> lostSyns = new Deferred<>(() -> new LostSyns(this));
  private final HeardHosts heardHosts;

  /** A host that "too big" messages are for, and the destination of its packets. */
  private record Endpoints(CapturePoint point, String sender, String destination)
      implements Comparable<Endpoints> {
    private static final Comparator<Endpoints> ORDER =
        Comparator.comparing((Endpoints endpoints) -> endpoints.point().name())
            .thenComparing(Endpoints::sender)
            .thenComparing(Endpoints::destination);

    @Override
    public int compareTo(Endpoints other) {
      return ORDER.compare(this, other);
    }
  }

  /** The sender of "too big" messages with one MTU. */
  private record Reporter(String sender, int mtuBytes) implements Comparable<Reporter> {
    @Override
    public int compareTo(Reporter other) {
      int bySender = sender.compareTo(other.sender);
      return bySender != 0 ? bySender : Integer.compare(mtuBytes, other.mtuBytes);
    }
  }

  /** The SACK blocks of one direction of a pair's connection at one of its points. */
  private record Carried(PairedConnection pair, CapturePoint point, Direction carrying) {}

  /** Judges the middleboxes between the points for every pair. */
  public Evidence(Comparison comparison, Knowledge knowledge) {
    this.comparison = comparison;
    // Beside the rest, which goes from one to the next: these need the connections alone.
    ForkJoinTask<ExpectedPoints> expected = beside(() -> new ExpectedPoints(comparison));
    ForkJoinTask<List<Life>> allLives = beside(() -> Life.allOf(comparison));
    this.datagrams = Datagrams.of(comparison);
    this.causes = new Causes(knowledge);
    this.knowledge = knowledge;
    this.tooBigs =
        TooBigMessage.allOf(comparison).stream()
            .collect(Collectors.groupingBy(message -> message.connection().id()));
    for (List<TooBigMessage> messages : tooBigs.values()) {
      for (TooBigMessage message : messages) {
        tooBigPoints
            .computeIfAbsent(message.kind(), kind -> new HashSet<>())
            .addAll(message.seen().points());
      }
    }
    for (PairedConnection pair : pairs()) {
      for (TranslatedTooBig translated : TranslatedTooBig.of(this, pair)) {
        translations.put(
            new FrameRef(translated.nearPoint(), translated.near().frame()), translated);
        translations.put(new FrameRef(translated.farPoint(), translated.far().frame()), translated);
      }
    }
    this.fittingRefusals = new FittingRefusals(this, tooBigs.values());
    addPathMtus();
    this.pathMtuBytes =
        tooBigs.values().stream()
            .flatMap(List::stream)
            .filter(message -> !message.quote().isUntrue())
            .mapToInt(message -> message.any().mtuBytes())
            .filter(mtuBytes -> mtuBytes >= IpFamily.IPV4.leastMtuBytes())
            .min();
    this.sackSpaces = sackSpaces(comparison);
    collectFragmentation();
    this.middleboxes = new Middleboxes(this);
    this.passedPairs = pairs().stream().filter(pair -> !middlebox(pair).endsConnections()).toList();
    this.passages = Passages.of(this);
    this.injectedData = injectedData();
    ForkJoinTask<List<TimeSpent>> turnTimes = beside(() -> TurnTimes.of(this));
    this.heardAnswers = new HeardAnswers(passages);
    this.heardHosts = new HeardHosts(this);
    this.wrongChecksums =
        Arrays.stream(Direction.values())
            .flatMap(direction -> wrongChecksums(pairs(), direction))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    this.expectedPoints = expected.join();
    this.lives = allLives.join();
    this.sizesBetweenHosts = new SizesBetweenHosts(comparison, lives);
    this.blackHoles = new BlackHoles(this);
    this.lastArrivals = lastArrivals();
    this.lostControl =
        passages.all().parallelStream()
            .map(passage -> Map.entry(number(passage), LostControl.of(passage, this)))
            .filter(entry -> !entry.getValue().equals(LostControl.NONE))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    this.injected = injected();
    this.retransmissions = Retransmissions.of(this);
    this.timeSpent = turnTimes.join();
    this.questionTimes = QuestionTimes.of(datagrams);
  }

  private static <T> ForkJoinTask<T> beside(Callable<T> work) {
    return ForkJoinPool.commonPool().submit(work);
  }

  /** Notes who learned a path MTU for where and when, and who ignored it. */
  private void addPathMtus() {
    for (PointCapture capture : comparison.path()) {
      for (TooBig message : capture.tooBigs()) {
        firstTooBig.merge(
            new Endpoints(
                capture.point(), message.receiver(), message.quotedDestination().address()),
            message.timeNanos(),
            Math::min);
      }
      for (TooBig message : TooBigMessage.strangers(comparison, capture)) {
        strangers
            .computeIfAbsent(
                new Reporter(message.sender(), message.mtuBytes()), key -> new HashMap<>())
            .computeIfAbsent(capture.point(), key -> new ArrayList<>())
            .add(message.frame());
      }
    }
    for (TracedConnection traced : comparison.connections()) {
      if (!tooBigs(traced.id()).isEmpty()) {
        for (Direction direction : Direction.values()) {
          IgnoredTooBigs.of(this, traced, direction)
              .ifPresent(found -> ignored.put(number(traced, direction), found));
        }
      }
    }
  }

  private static int number(TracedConnection traced, Direction direction) {
    return 2 * traced.id() + (direction == Direction.C2S ? 0 : 1);
  }

  /** The point that saw a connection nearest to the sender of a direction. */
  public static CapturePoint nearestSender(TracedConnection traced, Direction direction) {
    boolean isFirst = (direction == Direction.C2S) != traced.runsBack();
    CapturePoint last = null;
    for (CapturePoint point : traced.at().points()) {
      if (isFirst) {
        return point;
      }
      last = point;
    }
    return last;
  }

  /** What the device that sends a message refuses although it fits; empty where it does not. */
  public Optional<FittingRefusal> fittingRefusal(TooBigMessage message) {
    return fittingRefusals.of(this, message);
  }

  /** The messages about a direction of a connection that its sender ignores. */
  public Optional<IgnoredTooBigs> ignored(TracedConnection traced, Direction direction) {
    return Optional.ofNullable(ignored.get(number(traced, direction)));
  }

  /** Whether a message about packets to a destination reached their sender's point before. */
  public boolean isPathMtuLearned(
      CapturePoint point, String sender, String destination, long beforeNanos) {
    return firstTooBig.getOrDefault(new Endpoints(point, sender, destination), Long.MAX_VALUE)
        < beforeNanos;
  }

  /** The frames at each point of messages from a sender that quote no known connection. */
  public Map<CapturePoint, List<Integer>> strangeTooBigs(String sender, int mtuBytes) {
    return strangers.getOrDefault(new Reporter(sender, mtuBytes), Map.of());
  }

  /** How a direction of a connection falls to smaller segments, at the point nearest its sender. */
  public Optional<SizeFall> sizeFall(TracedConnection traced, Direction direction) {
    CapturePoint point = nearestSender(traced, direction);
    if (traced.at().at(point).orElseThrow().flow(direction).repeatedSegments() == 0) {
      return Optional.empty();
    }
    LongList told = new LongList();
    tooBigs(traced.id()).stream()
        .filter(message -> message.direction() == direction)
        .filter(message -> !message.quote().isNeverSent() && !message.isQuoteUntranslated())
        .flatMap(message -> message.seen().at(point).stream())
        .mapToLong(TooBig::timeNanos)
        .sorted()
        .forEach(told::add);
    return SizeFall.of(traced.at().at(point).orElseThrow(), direction, told);
  }

  private Map<Integer, LastArrival> lastArrivals() {
    Map<Integer, LastArrival> all = new HashMap<>();
    for (PairedConnection pair : pairs()) {
      for (Direction direction : Direction.values()) {
        if (pair.alignment(direction).lost().size() > 0) {
          LastArrival.of(this, pair, direction)
              .ifPresent(found -> all.put(number(pair, direction), found));
        }
      }
    }
    return all;
  }

  private Map<Integer, InjectedData> injectedData() {
    return passages.all().parallelStream()
        .filter(passage -> !middlebox(passage.pair()).isUndecided())
        .map(
            passage ->
                Map.entry(
                    number(passage), InjectedData.of(this, passage.pair(), passage.direction())))
        .filter(entry -> !entry.getValue().equals(InjectedData.NONE))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private Map<Integer, InjectedSegments> injected() {
    Map<Integer, InjectedSegments> all = new HashMap<>();
    for (Passage passage : passages.all()) {
      if (!middlebox(passage.pair()).isUndecided()) {
        InjectedSegments some = InjectedSegments.of(this, passage.pair(), passage.direction());
        if (!some.equals(InjectedSegments.NONE)) {
          all.put(number(passage), some);
        }
      }
    }
    return all;
  }

  private void collectFragmentation() {
    for (PairedConnection pair : pairs()) {
      for (Direction direction : Direction.values()) {
        Fragmentation found = Fragmentation.of(pair, direction);
        if (!found.packets().isEmpty()) {
          fragmentation.put(number(pair, direction), found);
          for (Fragmentation.Packet packet : found.packets()) {
            packet.near().ifPresent(near -> addTied(pair.nearPoint(direction), near));
            packet.far().ifPresent(far -> addTied(pair.farPoint(direction), far));
          }
        }
      }
    }
  }

  private void addTied(CapturePoint point, FragmentedPacket packet) {
    tiedFragments.add(new FrameRef(point, packet.firstFrame()));
  }

  private static Map<Carried, SackSpace> sackSpaces(Comparison comparison) {
    Map<Carried, SackSpace> spaces = new HashMap<>();
    for (PairedConnection pair : comparison.pairs()) {
      for (Direction carrying : Direction.values()) {
        if (pair.isnDelta(carrying.reverse()).orElse(0) != 0) {
          for (CapturePoint point : List.of(pair.nearPoint(carrying), pair.farPoint(carrying))) {
            SackSpace space = SackSpace.of(pair, point, carrying);
            if (!space.equals(SackSpace.NONE)) {
              spaces.put(new Carried(pair, point, carrying), space);
            }
          }
        }
      }
    }
    return spaces;
  }

  /** The captures, paired and aligned. */
  public Comparison comparison() {
    return comparison;
  }

  /** Where the time of requests went, for each list of points that saw some. */
  public List<TimeSpent> timeSpent() {
    return timeSpent;
  }

  /** Why data was sent again, for each direction and list of points that saw some. */
  public List<Retransmissions> retransmissions() {
    return retransmissions;
  }

  /** Each leg over time. */
  public OverTime overTime() {
    return overTime.get();
  }

  /** When servers answer at a point. */
  public HeardHosts heardHosts() {
    return heardHosts;
  }

  /** What the SYNs that are lost on a leg have in common. */
  public LostSyns lostSyns() {
    return lostSyns.get();
  }

  /** Where the time of DNS questions went, for each list of points that saw some. */
  public List<TimeSpent> questionTimes() {
    return questionTimes;
  }

  /** What the captures hold besides TCP, compared. */
  public Datagrams datagrams() {
    return datagrams;
  }

  /** All pairs: connections seen at two neighbouring points. */
  public List<PairedConnection> pairs() {
    return comparison.pairs();
  }

  /** The pairs whose packets are forwarded: no device between the points ends the connection. */
  public List<PairedConnection> passedPairs() {
    return passedPairs;
  }

  /** Both directions of {@link #passedPairs()}, client to server first. */
  public List<Passage> passages() {
    return passages.all();
  }

  /** Where SYN/ACKs arrive. */
  HeardAnswers heardAnswers() {
    return heardAnswers;
  }

  /** The sizes of a direction whose large segments a black hole swallows; empty where none does. */
  public Optional<SizeLimit> blackHole(PairedConnection pair, Direction direction) {
    return blackHoles.of(pair, direction);
  }

  /**
   * The largest segment of a direction that crossed a leg to the same receiver, on any connection;
   * 0 where none did.
   */
  public int largestCrossedBytes(PairedConnection pair, Direction direction) {
    return blackHoles.largestCrossedBytes(pair, direction);
  }

  /**
   * From when on nothing of a direction arrives any more; empty where something does to the end.
   */
  public Optional<LastArrival> lastArrival(PairedConnection pair, Direction direction) {
    return Optional.ofNullable(lastArrivals.get(number(pair, direction)));
  }

  /** The packets of a direction that are in fragments at one of the points. */
  public Fragmentation fragmentation(PairedConnection pair, Direction direction) {
    return fragmentation.getOrDefault(number(pair, direction), Fragmentation.NONE);
  }

  /** Whether any packet is in fragments at a point and tied to a segment at another one. */
  public boolean isTied(CapturePoint point, FragmentedPacket packet) {
    return tiedFragments.contains(new FrameRef(point, packet.firstFrame()));
  }

  private static int number(Passage passage) {
    return number(passage.pair(), passage.direction());
  }

  private static int number(PairedConnection pair, Direction direction) {
    return 2 * pair.number() + (direction == Direction.C2S ? 0 : 1);
  }

  /** The segments without data that a passage lost, with consequences; none where unknown. */
  public LostControl lostControl(Passage passage) {
    return lostControl(passage.pair(), passage.direction());
  }

  /** The same of a direction of a pair. */
  LostControl lostControl(PairedConnection pair, Direction direction) {
    return lostControl.getOrDefault(number(pair, direction), LostControl.NONE);
  }

  /** The data of a direction at its far point that was made on the way. */
  public InjectedData injectedData(PairedConnection pair, Direction direction) {
    return injectedData.getOrDefault(number(pair, direction), InjectedData.NONE);
  }

  /** The RSTs and FINs of a direction that were made on the way to its far point. */
  public InjectedSegments injected(PairedConnection pair, Direction direction) {
    return injected.getOrDefault(number(pair, direction), InjectedSegments.NONE);
  }

  /**
   * Whether a device between the points answers a segment with a RST in the name of its receiver,
   * or has done so before: such a segment is not lost in a queue, the device lets it not pass.
   *
   * @param nearRow the segment's row at the near point
   */
  public boolean isRejected(Passage passage, int nearRow) {
    return nearRow >= injected(passage.pair(), passage.direction().reverse()).firstAnsweredRow();
  }

  /** Whether RSTs of a direction of a connection were lost on any leg. */
  public boolean isResetLost(TracedConnection connection, Direction direction) {
    return connection.pairs().stream()
        .map(pair -> lostControl.get(number(pair, direction)))
        .anyMatch(lost -> lost != null && lost.kinds().containsKey(LostControl.Kind.RST));
  }

  /** Whether every FIN of a direction of a connection was lost on a leg. */
  public boolean isFinLost(TracedConnection connection, Direction direction) {
    return connection.pairs().stream()
        .map(pair -> lostControl.get(number(pair, direction)))
        .anyMatch(lost -> lost != null && lost.fate().finNeverArrives());
  }

  /** Whether ACKs or FINs of a direction of a connection were lost on any leg. */
  public boolean isControlLost(TracedConnection connection, Direction direction) {
    return connection.pairs().stream()
        .map(pair -> lostControl.get(number(pair, direction)))
        .anyMatch(
            lost ->
                lost != null
                    && (lost.kinds().containsKey(LostControl.Kind.ACK)
                        || lost.kinds().containsKey(LostControl.Kind.FIN)));
  }

  /** Whether a direction of a connection loses its large segments in a black hole on any leg. */
  public boolean isInBlackHole(TracedConnection connection, Direction direction) {
    return connection.pairs().stream().anyMatch(pair -> blackHole(pair, direction).isPresent());
  }

  /** The points that connections must have passed. */
  public ExpectedPoints expectedPoints() {
    return expectedPoints;
  }

  /** The flows besides TCP that a point lacks although they must have passed it. */
  public List<ExpectedFlows.Missing> missingFlows() {
    return missingFlows.get();
  }

  /** The connections that did not begin or end well, in the order of all connections. */
  public List<Life> lives() {
    return lives;
  }

  /**
   * The segment that a connection repeats in vain at a point because it is probably too large, as
   * this point shows it by itself.
   */
  public Optional<LargeLost> largeRepeated(Life life, CapturePoint point, Ending.Stalled stalled) {
    Connection seen = life.at(point);
    return LargeLost.repeated(
        seen,
        life.connection().id(),
        stalled,
        sizesBetweenHosts.of(point, seen, stalled.direction()));
  }

  /** The passages for each leg, in the order in which legs first occur. */
  public Map<Leg, List<Passage>> passagesByLeg() {
    return passages.byLeg();
  }

  /**
   * Passages past points whose captures cannot judge them: what the points on both sides show as
   * lost, of the segments that those cannot judge.
   */
  public Map<PastPoints, List<Passage>> passagesPastPoints() {
    return passages.across();
  }

  /** Ranks the possible causes of a value. */
  public Causes causes() {
    return causes;
  }

  /** The table of known values. */
  public Knowledge knowledge() {
    return knowledge;
  }

  /** The ICMP "too big" messages that quote a connection. */
  public List<TooBigMessage> tooBigs(int connection) {
    return tooBigs.getOrDefault(connection, List.of());
  }

  /**
   * The last point before the link that a message reports. Seen from the sender of the oversized
   * segment, it is the farthest point that saw this message or a similar one on the same
   * connection.
   */
  public CapturePoint lastPointBefore(TooBigMessage tooBig) {
    List<CapturePoint> path =
        new ArrayList<>(comparison.path().stream().map(PointCapture::point).toList());
    if ((tooBig.direction() == Direction.C2S) != tooBig.connection().runsBack()) {
      Collections.reverse(path);
    }
    Set<CapturePoint> seen = tooBigPoints.get(tooBig.kind());
    return path.stream().filter(seen::contains).findFirst().orElseThrow();
  }

  /** A message that a point saw, with the form in which another point saw it. */
  public Optional<TranslatedTooBig> translation(CapturePoint point, TooBig message) {
    return Optional.ofNullable(translations.get(new FrameRef(point, message.frame())));
  }

  /**
   * The leg that contains the link with the small MTU that a message reports; empty where that link
   * is beyond all points.
   */
  public Optional<Leg> legOf(TooBigMessage message) {
    CapturePoint near = lastPointBefore(message);
    return message.connection().pairs().stream()
        .filter(pair -> pair.nearPoint(message.direction()).equals(near))
        .map(pair -> Legs.of(pair, message.direction()))
        .findFirst();
  }

  /**
   * The sequence number space of a direction's SACK blocks at a point; {@link SackSpace#NONE} where
   * the ISNs are the same.
   *
   * @param carrying the direction of the segments that carry the blocks
   */
  public SackSpace sackSpace(PairedConnection pair, CapturePoint point, Direction carrying) {
    return sackSpaces.getOrDefault(new Carried(pair, point, carrying), SackSpace.NONE);
  }

  /**
   * Whether SACK is translated on a connection with a rewritten ISN; empty where no ISN differs or
   * no SACK block was seen.
   */
  public Optional<Boolean> isSackTranslated(PairedConnection pair) {
    boolean seen = false;
    for (Direction carrying : Direction.values()) {
      if (pair.isnDelta(carrying.reverse()).orElse(0) == 0) {
        continue;
      }
      for (CapturePoint point : List.of(pair.nearPoint(carrying), pair.farPoint(carrying))) {
        SackSpace space = sackSpace(pair, point, carrying);
        if (space.other() > 0) {
          return Optional.of(false);
        }
        seen |= space.own() > 0;
      }
    }
    return seen ? Optional.of(true) : Optional.empty();
  }

  /**
   * The smallest plausible MTU in bytes that ICMP reports for any connection; empty where it
   * reports none.
   */
  public OptionalInt pathMtuBytes() {
    return pathMtuBytes;
  }

  /** The middlebox between the two points of a pair. */
  public Middlebox middlebox(PairedConnection pair) {
    return middleboxes.of(pair);
  }

  /** What the verdict on the middlebox between the two points of a pair rests on. */
  public MiddleboxGrounds middleboxGrounds(PairedConnection pair) {
    return middleboxes.grounds(pair);
  }

  /** Whether any connection enters or leaves a tunnel between two points. */
  boolean hasSeenTunnels() {
    return middleboxes.hasSeenTunnels();
  }

  /** The tunnel that the packets of a pair enter or leave between its points, as one shows it. */
  public Optional<SeenTunnel> seenTunnel(PairedConnection pair) {
    return middleboxes.seenTunnel(pair);
  }

  /** The packets whose IPv4 header checksum a device between two points makes wrong. */
  public WrongHeaderSums wrongHeaderSums(PairedConnection pair, Direction direction) {
    return WrongHeaderSums.of(pair, direction);
  }

  private static Stream<Map.Entry<Integer, WrongChecksums>> wrongChecksums(
      List<PairedConnection> pairs, Direction direction) {
    return pairs.parallelStream()
        .map(pair -> Map.entry(number(pair, direction), WrongChecksums.of(pair, direction)))
        .filter(entry -> !entry.getValue().equals(WrongChecksums.NONE));
  }

  /** The segments whose checksum a device between two points makes wrong. */
  public WrongChecksums wrongChecksums(PairedConnection pair, Direction direction) {
    return wrongChecksums.getOrDefault(number(pair, direction), WrongChecksums.NONE);
  }
}
