package org.mssbridge.datagram;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.flow.DatagramFlow;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.flow.DnsMessages;
import org.mssbridge.flow.LongList;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;

/** The DNS questions of a flow and their answers, at all points that saw it. */
public final class DnsFlow {
  private final Map<CapturePoint, DatagramTable> tables;
  private final TracedFlow flow;
  private final Direction asking;
  private final List<CapturePoint> points;
  private final Map<CapturePoint, DnsPairing> pairings = new HashMap<>();
  private final List<Hop> queryHops = new ArrayList<>();
  private final List<Hop> answerHops = new ArrayList<>();

  /** Which rows of two neighbouring points are one packet. */
  private record Hop(Map<Integer, Integer> farByNear, Map<Integer, Integer> nearByFar) {
    static Hop of(Optional<FlowPassage> passage) {
      Hop hop = new Hop(new HashMap<>(), new HashMap<>());
      passage.ifPresent(
          each ->
              each.forEachCrossing(
                  (near, far, isCertain) -> {
                    hop.farByNear.put(near, far);
                    hop.nearByFar.put(far, near);
                  }));
      return hop;
    }
  }

  /**
   * A question at the point nearest to the one who asks.
   *
   * @param firstFrame of its first query
   * @param queries how often it was asked before the first answer, or in all
   * @param answerFrame of its first answer; 0 where there is none
   * @param times where the time went; empty where packets cannot be followed to the last point
   * @param name what its answer must match at the last point
   * @param unansweredFrame the first query that arrived at the last point, and that no point has an
   *     answer to; 0 where there is none
   * @param unansweredNanos when that was, by the clock of the last point
   */
  public record Question(
      int firstFrame,
      int queries,
      int answerFrame,
      Optional<Times> times,
      AnswerName name,
      int unansweredFrame,
      long unansweredNanos) {}

  /**
   * What an answer must match (RFC 5452, section 9.1), but for the address of the server.
   *
   * @param asker the end that asks
   * @param id of the query
   * @param question a digest of the question
   */
  public record AnswerName(Endpoint asker, int id, long question)
      implements Comparable<AnswerName> {
    private static final Comparator<AnswerName> ORDER =
        Comparator.comparing(AnswerName::asker)
            .thenComparingInt(AnswerName::id)
            .thenComparingLong(AnswerName::question);

    @Override
    public int compareTo(AnswerName other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * Where the time of an answered question went. All spans are differences of two times of one
   * point.
   *
   * @param waitNanos from the first query to the answer
   * @param repeatedNanos from the first query to the one that was answered
   * @param behindNanos from that query to the answer, at each point, that of the server last
   */
  public record Times(long waitNanos, long repeatedNanos, List<Long> behindNanos) {
    public Times {
      behindNanos = List.copyOf(behindNanos);
    }
  }

  private DnsFlow(Datagrams datagrams, TracedFlow flow) {
    this.tables = datagrams.tables();
    this.flow = flow;
    CapturePoint start = flow.points().get(0);
    DatagramFlow seen = flow.at(start).orElseThrow();
    this.asking = seen.isDnsServer() ? Direction.C2S : Direction.S2C;
    for (CapturePoint point : flow.points()) {
      pairings.put(
          point,
          DnsPairing.of(tables.get(point), flow.at(point).orElseThrow(), flow.at(point, asking)));
    }
    List<CapturePoint> way = new ArrayList<>(flow.points());
    List<FlowPassage> passages = datagrams.passages(flow);
    if (!passages.isEmpty()) {
      FlowPassage first = passages.get(0);
      boolean isForward = way.indexOf(first.nearPoint()) < way.indexOf(first.farPoint());
      if (isForward != (first.direction() == asking)) {
        Collections.reverse(way);
      }
    }
    boolean isKnown = way.size() > 1;
    for (int i = 1; i < way.size(); i++) {
      Optional<FlowPassage> queries = find(passages, way.get(i - 1), way.get(i));
      Optional<FlowPassage> answers = find(passages, way.get(i), way.get(i - 1));
      isKnown &= queries.isPresent() || answers.isPresent();
      queryHops.add(Hop.of(queries));
      answerHops.add(Hop.of(answers));
    }
    this.points = isKnown ? List.copyOf(way) : List.of(way.get(0));
  }

  static DnsFlow of(Datagrams datagrams, TracedFlow flow) {
    return new DnsFlow(datagrams, flow);
  }

  private static Optional<FlowPassage> find(
      List<FlowPassage> passages, CapturePoint near, CapturePoint far) {
    return passages.stream()
        .filter(each -> each.nearPoint().equals(near) && each.farPoint().equals(far))
        .findFirst();
  }

  boolean isEmpty() {
    return pairings.values().stream().allMatch(DnsPairing::isEmpty);
  }

  /** The flow. */
  public TracedFlow flow() {
    return flow;
  }

  /** The direction of its queries. */
  public Direction asking() {
    return asking;
  }

  /**
   * The points that saw it, the one nearest to who asks first; only one where nothing shows which
   * that is, or no other saw it.
   */
  public List<CapturePoint> points() {
    return points;
  }

  /** The address that is asked, as a point sees it. */
  public String serverAddress(CapturePoint point) {
    return flow.at(point).orElseThrow().sender(flow.at(point, asking).reverse()).address();
  }

  /** How many questions a point saw, repeated ones once. */
  public int questions(CapturePoint point) {
    return pairings.get(point).exchanges().size();
  }

  /** How many queries of a point repeat one that is not answered yet. */
  public int repeated(CapturePoint point) {
    return pairings.get(point).exchanges().stream()
        .mapToInt(each -> each.queries().size() - 1)
        .sum();
  }

  /** How long each answered question waits at a point, from its first query, in ns. */
  public LongList answerNanos(CapturePoint point) {
    LongList all = new LongList();
    DatagramTable table = tables.get(point);
    for (DnsPairing.Exchange each : pairings.get(point).exchanges()) {
      if (each.answer() >= 0) {
        all.add(table.timeNanos(each.answer()) - table.timeNanos(each.queries().get(0)));
      }
    }
    return all;
  }

  /** Whether the answers at a point come from initial TTLs, so that no router is behind it. */
  public boolean isBesideServer(CapturePoint point) {
    DatagramTable table = tables.get(point);
    for (DnsPairing.Exchange each : pairings.get(point).exchanges()) {
      if (each.answer() >= 0) {
        int ttl = table.ttl(each.answer());
        return ttl == 64 || ttl == 128 || ttl == 255; // Linux, Windows, and network devices.
      }
    }
    return false;
  }

  /** The questions of the first of {@link #points}. */
  public List<Question> questions() {
    CapturePoint first = points.get(0);
    List<Question> all = new ArrayList<>();
    for (DnsPairing.Exchange each : pairings.get(first).exchanges()) {
      DatagramTable table = tables.get(first);
      int arrived = each.answer() >= 0 ? -1 : unanswered(each);
      CapturePoint last = points.get(points.size() - 1);
      all.add(
          new Question(
              table.frame(each.queries().get(0)),
              each.queries().size(),
              each.answer() < 0 ? 0 : table.frame(each.answer()),
              each.answer() < 0 ? Optional.empty() : times(each),
              name(first, last, each.queries().get(0)),
              arrived < 0 ? 0 : tables.get(last).frame(arrived),
              arrived < 0 ? 0 : tables.get(last).timeNanos(arrived)));
    }
    return all;
  }

  private AnswerName name(CapturePoint point, CapturePoint asSeenAt, int row) {
    DnsMessages dns = tables.get(point).dns();
    int message = dns.in(row);
    Endpoint asker = flow.at(asSeenAt).orElseThrow().sender(flow.at(asSeenAt, asking));
    return new AnswerName(asker, dns.id(message), dns.question(message));
  }

  /** What answers of a point match that has no such question in this flow. */
  public List<AnswerName> strays(CapturePoint point) {
    return pairings.get(point).strays().stream().map(row -> name(point, point, row)).toList();
  }

  /** The row of the first query that is at the last point, if that has no answer to any of them. */
  private int unanswered(DnsPairing.Exchange exchange) {
    DnsPairing last = pairings.get(points.get(points.size() - 1));
    int first = -1;
    for (int query : exchange.queries()) {
      int row = query;
      for (int i = 0; i + 1 < points.size() && row >= 0; i++) {
        row = queryHops.get(i).farByNear().getOrDefault(row, -1);
      }
      if (row >= 0 && last.isAnswered(row)) {
        return -1;
      }
      first = first < 0 ? row : first;
    }
    return first;
  }

  private Optional<Times> times(DnsPairing.Exchange exchange) {
    int lastNumber = points.size() - 1;
    if (lastNumber == 0) {
      return Optional.empty();
    }
    int[] answers = new int[points.size()];
    answers[0] = exchange.answer();
    for (int i = 1; i <= lastNumber; i++) {
      answers[i] = answerHops.get(i - 1).nearByFar().getOrDefault(answers[i - 1], -1);
    }
    int query =
        answers[lastNumber] < 0
            ? -1
            : pairings.get(points.get(lastNumber)).askedBy(answers[lastNumber]);
    Long[] behind = new Long[points.size()];
    for (int i = lastNumber; i >= 0; i--) {
      if (query < 0) {
        return Optional.empty();
      }
      DatagramTable table = tables.get(points.get(i));
      behind[i] = table.timeNanos(answers[i]) - table.timeNanos(query);
      if (i > 0) {
        query = queryHops.get(i - 1).nearByFar().getOrDefault(query, -1);
      }
    }
    DatagramTable table = tables.get(points.get(0));
    long askedNanos = table.timeNanos(exchange.queries().get(0));
    return Optional.of(
        new Times(
            table.timeNanos(answers[0]) - askedNanos,
            table.timeNanos(query) - askedNanos,
            List.of(behind)));
  }
}
