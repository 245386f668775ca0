package org.mssbridge.pairing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.mssbridge.flow.LongList;

/**
 * Pairs the fingerprints of two captures, through any devices between them, by features ({@link
 * FeatureKind}) and by time.
 *
 * <p>Connections that share features are candidates, and each candidate gets a score. The clear
 * pairs give a common time and show which features the devices between keep. With both, the others
 * are scored again, including candidates that only time suggests, until no more pairs are found. A
 * pair must be the best of both its members by a margin. A connection with candidates but no clear
 * one stays unpaired.
 */
final class FingerprintMatcher {
  private static final int MAX_ROUNDS = 4;

  /** The evidence that a pair needs beyond the bits that single it out among all connections. */
  private static final double MIN_BITS = 10;

  /**
   * The further evidence that a pair needs to be final, so that later rounds do not reconsider it.
   */
  private static final double FIRM_BITS = 20;

  /** The further evidence that a pair needs so that others are judged by it. */
  private static final double SURE_BITS = 10;

  private static final double AMBIGUOUS_BITS = 9;

  /** Of the pairs that one thread scores at a time. */
  private static final int PAIRS_AT_ONCE = 1 << 14;

  private final Fingerprints firstSide;
  private final Fingerprints secondSide;
  private final FeatureIndex index;
  private final double leastBits;
  private final Penalties defaultPenalties;

  /** For each connection of the first capture, its pair in the second, or -1. */
  private final int[] secondOf;

  private final float[] bits;
  private final float[] margin;
  private final boolean[] firstTaken;
  private final boolean[] secondTaken;
  private final boolean[] firstAmbiguous;
  private final boolean[] secondAmbiguous;

  /** By their {@link PairScore#reasonsKey keys}: many pairs have equal ones. */
  private final Map<Integer, List<String>> reasons = new HashMap<>();

  FingerprintMatcher(Fingerprints firstSide, Fingerprints secondSide) {
    this.firstSide = firstSide;
    this.secondSide = secondSide;
    index = new FeatureIndex(firstSide, secondSide);
    defaultPenalties = Penalties.byDefault(index);
    leastBits = MIN_BITS + Bits.of(Math.max(1, Math.max(firstSide.size, secondSide.size)));
    secondOf = new int[firstSide.size];
    bits = new float[firstSide.size];
    margin = new float[firstSide.size];
    firstTaken = new boolean[firstSide.size];
    secondTaken = new boolean[secondSide.size];
    firstAmbiguous = new boolean[firstSide.size];
    secondAmbiguous = new boolean[secondSide.size];
  }

  /**
   * The pairs and the ambiguous connections, by their numbers.
   *
   * @param pairs in the order of the first capture
   * @param firstAmbiguous which connections of the first capture have candidates but no clear one
   * @param secondAmbiguous those of the second
   */
  record Result(
      List<SightingPair> pairs, List<Integer> firstAmbiguous, List<Integer> secondAmbiguous) {}

  /** Pairs the connections; call it once. */
  Result match() {
    PairScorer scorer = new PairScorer(firstSide, secondSide, null, null, defaultPenalties);
    PairChoice choice = choose(scorer, null);
    keep(choice);
    KnownPairs sure = sure(scorer);
    CommonTime time = time(sure);
    if (time == null) {
      time = OffsetSearch.search(firstSide, secondSide, index);
    }
    for (int round = 0; time != null && round < MAX_ROUNDS; round++) {
      int before = anchors().length;
      Penalties penalties = defaultPenalties.learnedFrom(sure);
      Habits habits = Habits.of(firstSide, secondSide, sure);
      scorer = new PairScorer(firstSide, secondSide, time, habits, penalties);
      makeFinal(scorer);
      choice = choose(scorer, time);
      keep(choice);
      sure = sure(scorer);
      CommonTime better = time(sure);
      if (better == null || (round > 0 && anchors().length <= before)) {
        break;
      }
      time = better;
    }
    long[] free = choice.free();
    if (free.length > 0 || time == null) {
      Strangers strangers =
          new Strangers(firstSide, secondSide, Habits.of(firstSide, secondSide, sure));
      markAmbiguous(free, scorer, strangers);
      if (time == null) {
        markCrowds(strangers);
      }
    }
    return result(scorer);
  }

  /**
   * The pairs from which clock, addresses and hops are learned: those with the numbers of both
   * ends; where there is none, those with the same payload.
   */
  private KnownPairs sure(PairScorer scorer) {
    KnownPairs byIdentity = new KnownPairs();
    KnownPairs byContent = new KnownPairs();
    for (long pair : anchors()) {
      int first = PackedPair.first(pair);
      if (bits[first] >= leastBits + SURE_BITS) {
        FeatureTally features = scorer.features(first, PackedPair.second(pair));
        Proof proof = features.proof();
        if (proof == Proof.IDENTITY) {
          byIdentity.add(pair, features);
        } else if (proof == Proof.CONTENT) {
          byContent.add(pair, features);
        }
      }
    }
    return byIdentity.size() > 0 ? byIdentity : byContent;
  }

  private CommonTime time(KnownPairs sure) {
    return CommonTime.of(firstSide, secondSide, sure.size() > 0 ? sure.packed() : anchors());
  }

  private PairChoice choose(PairScorer scorer, CommonTime time) {
    long[] pairs = CandidatePairs.of(index, time, firstTaken, secondTaken);
    float[] scores = new float[pairs.length];
    IntStream.rangeClosed(0, pairs.length / PAIRS_AT_ONCE)
        .parallel()
        .forEach(part -> score(scorer.another(), pairs, scores, part * PAIRS_AT_ONCE));
    return PairChoice.of(pairs, scores, leastBits, firstSide.size, secondSide.size);
  }

  private static void score(PairScorer scorer, long[] pairs, float[] scores, int from) {
    int end = Math.min(pairs.length, from + PAIRS_AT_ONCE);
    for (int i = from; i < end; i++) {
      scores[i] = (float) scorer.bits(PackedPair.first(pairs[i]), PackedPair.second(pairs[i]));
    }
  }

  private void keep(PairChoice choice) {
    for (int first = 0; first < firstSide.size; first++) {
      if (!firstTaken[first]) {
        int pair = choice.ofFirst(first);
        secondOf[first] = pair < 0 ? -1 : choice.second(pair);
        bits[first] = pair < 0 ? 0 : choice.bits(pair);
        margin[first] = pair < 0 ? 0 : choice.margin(pair);
      }
    }
  }

  private long[] anchors() {
    LongList anchors = new LongList();
    for (int first = 0; first < firstSide.size; first++) {
      if (secondOf[first] >= 0) {
        anchors.add(PackedPair.of(first, secondOf[first]));
      }
    }
    return anchors.toArray();
  }

  /** Makes pairs final that are certain, also by time; all others are scored again. */
  private void makeFinal(PairScorer scorer) {
    for (int first = 0; first < firstSide.size; first++) {
      boolean firm =
          secondOf[first] >= 0
              && bits[first] >= leastBits + FIRM_BITS
              && margin[first] >= FIRM_BITS
              && scorer.timeBits(first, secondOf[first]) >= 0;
      if (firm) {
        firstTaken[first] = true;
        secondTaken[secondOf[first]] = true;
      }
    }
  }

  /** Marks the unpaired connections that would match if others did not have the same content. */
  private void markAmbiguous(long[] free, PairScorer scorer, Strangers strangers) {
    for (long pair : free) {
      int first = PackedPair.first(pair);
      int second = PackedPair.second(pair);
      PairScore score = scorer.of(first, second);
      if (score.bits() + score.crowdBits() >= AMBIGUOUS_BITS && !strangers.are(first, second)) {
        firstAmbiguous[first] = true;
        secondAmbiguous[second] = true;
      }
    }
  }

  /** Marks groups of connections that share a feature, where no time distinguishes them. */
  private void markCrowds(Strangers strangers) {
    boolean[] firstPaired = new boolean[firstSide.size];
    boolean[] secondPaired = new boolean[secondSide.size];
    for (int first = 0; first < firstSide.size; first++) {
      if (secondOf[first] >= 0) {
        firstPaired[first] = true;
        secondPaired[secondOf[first]] = true;
      }
    }
    for (FeatureKind kind : FeatureKind.values()) {
      if (index.isKey(kind)) {
        index.forEachGroup(
            kind,
            firstPaired,
            secondPaired,
            (key, firsts, seconds) ->
                strangers.markOthers(firsts, seconds, firstAmbiguous, secondAmbiguous));
      }
    }
  }

  private Result result(PairScorer scorer) {
    List<SightingPair> pairs = new ArrayList<>();
    for (int first = 0; first < firstSide.size; first++) {
      if (secondOf[first] >= 0) {
        PairScore score = scorer.ofChosen(first, secondOf[first], bits[first]);
        pairs.add(pair(score, first, secondOf[first]));
      }
    }
    return new Result(pairs, marked(firstAmbiguous), marked(secondAmbiguous));
  }

  private static List<Integer> marked(boolean[] marks) {
    List<Integer> marked = new ArrayList<>();
    for (int i = 0; i < marks.length; i++) {
      if (marks[i]) {
        marked.add(i);
      }
    }
    return marked;
  }

  private SightingPair pair(PairScore score, int first, int second) {
    boolean swapSecond =
        firstSide.hasHandshake(first)
            || (!secondSide.hasHandshake(second)
                && firstSide.portDrop(first) >= secondSide.portDrop(second));
    return new SightingPair(
        first,
        second,
        score.rolesSwapped() && !swapSecond,
        score.rolesSwapped() && swapSecond,
        reasons.computeIfAbsent(score.reasonsKey(), key -> List.copyOf(score.reasons())),
        score.features().proof(),
        score.names(FeatureKind.ISN)
            || score.names(FeatureKind.TIMESTAMP)
            || score.names(FeatureKind.DATA_TIMESTAMP),
        confidence(first));
  }

  private double confidence(int first) {
    double surplus = Math.min(margin[first], bits[first] - leastBits + MIN_BITS);
    return Math.round(1000 * (1 - Math.pow(2, -surplus / 2 - 1))) / 1000.0;
  }
}
