package org.mssbridge.datagram;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.mssbridge.flow.DatagramFlow;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.flow.DnsMessages;
import org.mssbridge.model.Direction;

/**
 * The DNS questions of a flow at one point, and their answers: those with the same ID and question.
 * The first answer answers the first query, the second one the second.
 */
final class DnsPairing {
  private final DatagramTable table;
  private final List<Exchange> exchanges = new ArrayList<>();
  private final Map<Integer, Integer> askedBy = new HashMap<>();
  private final List<Integer> strays = new ArrayList<>();
  private final Set<Integer> answered = new HashSet<>();
  private final Map<Key, Open> open = new TreeMap<>();

  private record Key(int id, long question) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparingInt(Key::id).thenComparingLong(Key::question);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  /** A question, whose sender may send it again until it is answered. */
  static final class Exchange {
    private final List<Integer> queries = new ArrayList<>(1);
    private int answer = -1;

    /** The rows of its queries, one or more. */
    List<Integer> queries() {
      return queries;
    }

    /** The row of its first answer, -1 where there is none. */
    int answer() {
      return answer;
    }
  }

  private static final class Open {
    private final Deque<Integer> unanswered = new ArrayDeque<>(1);
    private Exchange last = new Exchange();
  }

  private DnsPairing(DatagramTable table) {
    this.table = table;
  }

  /**
   * Pairs what a flow holds.
   *
   * @param asking the direction of its queries
   */
  static DnsPairing of(DatagramTable table, DatagramFlow flow, Direction asking) {
    DnsPairing pairing = new DnsPairing(table);
    int[] queries = table.rows(flow, asking);
    int[] answers = table.rows(flow, asking.reverse());
    int j = 0;
    for (int query : queries) {
      for (; j < answers.length && answers[j] < query; j++) {
        pairing.answer(answers[j]);
      }
      pairing.ask(query);
    }
    for (; j < answers.length; j++) {
      pairing.answer(answers[j]);
    }
    pairing.open.clear();
    return pairing;
  }

  private void ask(int row) {
    DnsMessages dns = table.dns();
    int message = dns.in(row);
    if (message < 0 || dns.isAnswer(message)) {
      return;
    }
    Open known =
        open.computeIfAbsent(new Key(dns.id(message), dns.question(message)), key -> new Open());
    if (known.last.answer >= 0) {
      known.last = new Exchange();
    }
    if (known.last.queries.isEmpty()) {
      exchanges.add(known.last);
    }
    known.last.queries.add(row);
    known.unanswered.add(row);
  }

  private void answer(int row) {
    DnsMessages dns = table.dns();
    int message = dns.in(row);
    if (message < 0 || !dns.isAnswer(message)) {
      return;
    }
    Open known = open.get(new Key(dns.id(message), dns.question(message)));
    if (known == null || known.unanswered.isEmpty()) {
      if (known == null) {
        strays.add(row);
      }
      return;
    }
    answered.add(known.unanswered.peek());
    askedBy.put(row, known.unanswered.poll());
    if (known.last.answer < 0) {
      known.last.answer = row;
    }
  }

  boolean isEmpty() {
    return exchanges.isEmpty() && strays.isEmpty();
  }

  /** The questions in the order in which they were first asked. */
  List<Exchange> exchanges() {
    return exchanges;
  }

  /** The rows of answers to what was not asked in this flow. */
  List<Integer> strays() {
    return strays;
  }

  /** The row of the query that an answer answers; -1 for none. */
  int askedBy(int answer) {
    return askedBy.getOrDefault(answer, -1);
  }

  /** Whether a query has an answer. */
  boolean isAnswered(int query) {
    return answered.contains(query);
  }
}
