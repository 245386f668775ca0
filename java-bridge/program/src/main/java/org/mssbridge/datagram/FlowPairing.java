package org.mssbridge.datagram;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.mssbridge.flow.DatagramFlow;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;

/**
 * Finds which flows of two points are the same: by contents that one flow of each has and no other,
 * or by equal ends. One that might be several is left out.
 */
final class FlowPairing {
  /** Shorter contents are often equal by chance. */
  private static final int LEAST_CONTENT_BYTES = 12;

  /** So many equal contents pair flows of which one end is translated. */
  private static final int LEAST_VOTES = 2;

  /** A DNS message has an ID that its sender chose by chance (RFC 5452, section 4.3). */
  private static final int VOTES_OF_DNS = LEAST_VOTES;

  /** So many, flows of which both are. */
  private static final int LEAST_VOTES_OF_STRANGERS = 8;

  /** More are no rebindings, but as many flows with equal contents. */
  private static final int MOST_REBINDINGS = 8;

  private static final int NONE = -1;
  private static final int SEVERAL = -2;

  private final Contents contents;
  private final DatagramTable first;
  private final DatagramTable second;
  private final long secret = ThreadLocalRandom.current().nextLong() | 1;
  private long[] keys = {};
  private int[] placesAtFirst = {};
  private int[] placesAtSecond = {};

  private FlowPairing(Contents contents) {
    this.contents = contents;
    this.first = contents.first();
    this.second = contents.second();
  }

  static List<FlowPair> of(Contents contents) {
    return new FlowPairing(contents).pairs();
  }

  private record Ends(int protocol, Endpoint client, Endpoint server) implements Comparable<Ends> {
    private static final Comparator<Ends> ORDER =
        Comparator.comparingInt(Ends::protocol)
            .thenComparing(Ends::client)
            .thenComparing(Ends::server);

    static Ends of(DatagramFlow flow) {
      return new Ends(flow.protocol(), flow.client(), flow.server());
    }

    Ends turned() {
      return new Ends(protocol, /* client= */ server, /* server= */ client);
    }

    @Override
    public int compareTo(Ends other) {
      return ORDER.compare(this, other);
    }
  }

  /** What speaks for two flows being the same: so many packets whose content no other flow has. */
  private record Candidate(FlowPair pair, int votes) {
    boolean hasEqualEnds() {
      Ends ends = Ends.of(pair.second());
      return Ends.of(pair.first()).equals(pair.isTurned() ? ends.turned() : ends);
    }

    boolean hasOneEqualEnd() {
      Endpoint client = pair.isTurned() ? pair.second().server() : pair.second().client();
      Endpoint server = pair.isTurned() ? pair.second().client() : pair.second().server();
      return pair.first().client().equals(client) || pair.first().server().equals(server);
    }

    boolean isGoodEnough() {
      return hasEqualEnds() || votes >= (hasOneEqualEnd() ? LEAST_VOTES : LEAST_VOTES_OF_STRANGERS);
    }
  }

  private List<FlowPair> pairs() {
    Map<Long, Candidate> candidates = new HashMap<>();
    addEqualEnds(candidates);
    vote(candidates);
    Candidate[] ofFirst = new Candidate[first.flows().size()];
    Candidate[] ofSecond = new Candidate[second.flows().size()];
    int[] runnerUpOfFirst = new int[ofFirst.length];
    int[] runnerUpOfSecond = new int[ofSecond.length];
    for (Candidate candidate : candidates.values()) {
      keepBest(ofFirst, runnerUpOfFirst, candidate.pair().first().number(), candidate);
      keepBest(ofSecond, runnerUpOfSecond, candidate.pair().second().number(), candidate);
    }
    List<FlowPair> pairs = new ArrayList<>();
    BitSet takenOfFirst = new BitSet();
    BitSet takenOfSecond = new BitSet();
    for (FlowPair rebound : rebound(candidates, ofFirst, ofSecond)) {
      pairs.add(rebound);
      takenOfFirst.set(rebound.first().number());
      rebound.laterAtFirst().forEach(flow -> takenOfFirst.set(flow.number()));
      takenOfSecond.set(rebound.second().number());
      rebound.laterAtSecond().forEach(flow -> takenOfSecond.set(flow.number()));
    }
    for (int i = 0; i < ofFirst.length; i++) {
      Candidate best = ofFirst[i];
      if (best == null || !best.isGoodEnough() || takenOfFirst.get(i)) {
        continue;
      }
      int other = best.pair().second().number();
      if (!takenOfSecond.get(other)
          && ofSecond[other].pair().equals(best.pair())
          && isClear(best, runnerUpOfFirst[i])
          && isClear(best, runnerUpOfSecond[other])) {
        pairs.add(best.pair());
      }
    }
    return pairs;
  }

  /**
   * Flows of one point that are several at the other, one after another: a device on the way gave
   * their sender another address or port (RFC 4787, section 4).
   */
  private List<FlowPair> rebound(
      Map<Long, Candidate> candidates, Candidate[] ofFirst, Candidate[] ofSecond) {
    Map<Integer, List<Candidate>> byFirst = new TreeMap<>();
    Map<Integer, List<Candidate>> bySecond = new TreeMap<>();
    for (Candidate candidate : candidates.values()) {
      if (candidate.votes() >= LEAST_VOTES) {
        int one = candidate.pair().first().number();
        int other = candidate.pair().second().number();
        if (candidate.equals(ofSecond[other])) {
          byFirst.computeIfAbsent(one, key -> new ArrayList<>()).add(candidate);
        }
        if (candidate.equals(ofFirst[one])) {
          bySecond.computeIfAbsent(other, key -> new ArrayList<>()).add(candidate);
        }
      }
    }
    List<FlowPair> pairs = new ArrayList<>();
    for (List<Candidate> several : byFirst.values()) {
      List<FlowPair> inTurn = inTurn(several, second, FlowPair::second);
      if (!inTurn.isEmpty()) {
        FlowPair start = inTurn.get(0);
        pairs.add(
            new FlowPair(
                start.first(), start.second(), start.isTurned(), List.of(), later(inTurn, false)));
      }
    }
    for (List<Candidate> several : bySecond.values()) {
      List<FlowPair> inTurn = inTurn(several, first, FlowPair::first);
      if (!inTurn.isEmpty()) {
        FlowPair start = inTurn.get(0);
        pairs.add(
            new FlowPair(
                start.first(), start.second(), start.isTurned(), later(inTurn, true), List.of()));
      }
    }
    return pairs;
  }

  private static List<DatagramFlow> later(List<FlowPair> inTurn, boolean isAtFirst) {
    return inTurn.stream().skip(1).map(each -> isAtFirst ? each.first() : each.second()).toList();
  }

  /** The pairs in the order of their flows at a point, if these share one end and take turns. */
  private static List<FlowPair> inTurn(
      List<Candidate> several, DatagramTable table, Function<FlowPair, DatagramFlow> at) {
    if (several.size() < 2 || several.size() > MOST_REBINDINGS) {
      return List.of();
    }
    List<FlowPair> pairs = several.stream().map(Candidate::pair).collect(Collectors.toList());
    boolean isOneServer =
        pairs.stream().map(pair -> at.apply(pair).server()).distinct().count() == 1;
    boolean isOneClient =
        pairs.stream().map(pair -> at.apply(pair).client()).distinct().count() == 1;
    boolean isOneTurn = pairs.stream().map(FlowPair::isTurned).distinct().count() == 1;
    if (isOneServer == isOneClient || !isOneTurn) {
      return List.of();
    }
    Direction changed = isOneServer ? Direction.C2S : Direction.S2C;
    if (pairs.stream().anyMatch(pair -> table.packets(at.apply(pair), changed) == 0)) {
      return List.of();
    }
    pairs.sort(Comparator.comparingInt(pair -> table.rows(at.apply(pair), changed)[0]));
    for (int i = 1; i < pairs.size(); i++) {
      int[] before = table.rows(at.apply(pairs.get(i - 1)), changed);
      if (before[before.length - 1] > table.rows(at.apply(pairs.get(i)), changed)[0]) {
        return List.of();
      }
    }
    return pairs;
  }

  private static boolean isClear(Candidate best, int runnerUpVotes) {
    return runnerUpVotes == 0 || best.votes() > 2 * runnerUpVotes;
  }

  private static void keepBest(Candidate[] best, int[] runnerUp, int at, Candidate candidate) {
    Candidate known = best[at];
    if (known == null || isBetter(candidate, known)) {
      runnerUp[at] = known == null ? 0 : Math.max(runnerUp[at], known.votes());
      best[at] = candidate;
    } else {
      runnerUp[at] = Math.max(runnerUp[at], candidate.votes());
    }
  }

  private static boolean isBetter(Candidate one, Candidate other) {
    return one.votes() != other.votes() ? one.votes() > other.votes() : one.hasEqualEnds();
  }

  private static long number(DatagramFlow one, DatagramFlow other, boolean isTurned) {
    return (long) one.number() << 32 | (long) other.number() << 1 | (isTurned ? 1 : 0);
  }

  private void addEqualEnds(Map<Long, Candidate> candidates) {
    Map<Ends, DatagramFlow> byEnds = new HashMap<>();
    second.flows().forEach(flow -> byEnds.put(Ends.of(flow), flow));
    for (DatagramFlow flow : first.flows()) {
      Ends ends = Ends.of(flow);
      DatagramFlow alike = byEnds.get(ends);
      boolean isTurned = alike == null;
      alike = isTurned ? byEnds.get(ends.turned()) : alike;
      if (alike != null) {
        candidates.put(
            number(flow, alike, isTurned), new Candidate(new FlowPair(flow, alike, isTurned), 0));
      }
    }
  }

  private void vote(Map<Long, Candidate> candidates) {
    int capacity = Math.max(16, Integer.highestOneBit(first.packets() + second.packets() + 1) << 2);
    keys = new long[capacity];
    placesAtFirst = new int[capacity];
    placesAtSecond = new int[capacity];
    Arrays.fill(placesAtFirst, NONE);
    Arrays.fill(placesAtSecond, NONE);
    note(first, placesAtFirst);
    note(second, placesAtSecond);
    for (int slot = 0; slot < capacity; slot++) {
      if (keys[slot] != 0 && placesAtFirst[slot] >= 0 && placesAtSecond[slot] >= 0) {
        DatagramFlow one = first.flows().get(placesAtFirst[slot] >> 1);
        DatagramFlow other = second.flows().get(placesAtSecond[slot] >> 1);
        boolean isTurned = ((placesAtFirst[slot] ^ placesAtSecond[slot]) & 1) != 0;
        int votes = one.mayBeDns() && other.mayBeDns() ? VOTES_OF_DNS : 1;
        candidates.merge(
            number(one, other, isTurned),
            new Candidate(new FlowPair(one, other, isTurned), votes),
            (known, added) -> new Candidate(known.pair(), known.votes() + added.votes()));
      }
    }
    keys = new long[0];
  }

  private void note(DatagramTable table, int[] places) {
    int mask = keys.length - 1;
    for (DatagramFlow flow : table.flows()) {
      for (Direction direction : Direction.values()) {
        int place = 2 * flow.number() + (direction == Direction.C2S ? 0 : 1);
        for (int row : table.rows(flow, direction)) {
          long key = contents.key(table, row);
          if (key == 0 || table.contentBytes(row) < LEAST_CONTENT_BYTES) {
            continue;
          }
          int slot = (int) ((key * secret) >>> 32) & mask;
          while (keys[slot] != 0 && keys[slot] != key) {
            slot = (slot + 1) & mask;
          }
          keys[slot] = key;
          places[slot] = places[slot] == NONE || places[slot] == place ? place : SEVERAL;
        }
      }
    }
  }
}
