package org.mssbridge.pairing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.LongList;

/**
 * Pairs the connections of two captures, whatever stands between: by all that a connection can be
 * recognised by ({@link FeatureKind}) and by time.
 *
 * <p>What connections share gives candidates, and each of these a score. From pairs that are clear
 * follow a common time and what the devices between leave alone; with both, the rest is scored
 * anew, candidates that only time suggests included, until no more pairs are found. A pair has to
 * be the best of both its members by a margin. What has candidates and no clear one stays unpaired.
 */
public final class ConnectionMatcher {
  private static final int MOST_ROUNDS = 4;

  /** What a pair needs beyond the bits that tell it from all others. */
  private static final double LEAST_BITS = 10;

  /** What a pair needs so that later rounds take it for granted, beyond that. */
  private static final double FIRM_BITS = 20;

  private static final double AMBIGUOUS_BITS = 10;

  private final Fingerprints left;
  private final Fingerprints right;
  private final FeatureIndex index;
  private final double leastBits;
  private final double[] defaultPenalties;

  /** What is paired: the right connection of each left one, or -1. */
  private final int[] rightOf;

  private final float[] bits;
  private final float[] margin;
  private final boolean[] leftTaken;
  private final boolean[] rightTaken;
  private final boolean[] leftAmbiguous;
  private final boolean[] rightAmbiguous;

  public ConnectionMatcher(List<Connection> left, List<Connection> right) {
    List<Fingerprints> sides =
        List.of(left, right).parallelStream().map(Fingerprints::new).toList();
    this.left = sides.get(0);
    this.right = sides.get(1);
    index = new FeatureIndex(this.left, this.right);
    index.countShared();
    defaultPenalties = PairScore.defaultPenalties(index);
    leastBits = LEAST_BITS + PairScore.log2(Math.max(1, Math.max(left.size(), right.size())));
    rightOf = new int[left.size()];
    bits = new float[left.size()];
    margin = new float[left.size()];
    leftTaken = new boolean[left.size()];
    rightTaken = new boolean[right.size()];
    leftAmbiguous = new boolean[left.size()];
    rightAmbiguous = new boolean[right.size()];
  }

  /**
   * What came of it.
   *
   * @param matches in the order of the first capture
   * @param leftAmbiguous connections of the first capture that have candidates but no clear one
   * @param rightAmbiguous those of the second
   */
  public record Result(
      List<ConnectionMatch> matches,
      List<Connection> leftAmbiguous,
      List<Connection> rightAmbiguous) {}

  public Result match() {
    PairScore score = new PairScore(left, right, null, defaultPenalties.clone());
    PairChoice choice = choose(score, null);
    keep(choice);
    CommonTime time = CommonTime.of(left, right, anchors());
    if (time == null) {
      time = OffsetSearch.search(left, right, index);
    }
    for (int round = 0; time != null && round < MOST_ROUNDS; round++) {
      int before = anchors().length;
      score = new PairScore(left, right, time, learnedPenalties(score));
      holdFirm(score);
      choice = choose(score, time);
      keep(choice);
      long[] anchors = anchors();
      CommonTime better = CommonTime.of(left, right, anchors);
      if (better == null || (round > 0 && anchors.length <= before)) {
        break;
      }
      time = better;
    }
    markAmbiguous(choice, score);
    if (time == null) {
      markCrowds();
    }
    return result(score);
  }

  private PairChoice choose(PairScore score, CommonTime time) {
    long[] pairs = CandidatePairs.of(index, time, leftTaken, rightTaken);
    float[] scores = new float[pairs.length];
    for (int i = 0; i < pairs.length; i++) {
      scores[i] = (float) score.of((int) (pairs[i] >>> 32), (int) pairs[i]);
    }
    return PairChoice.of(pairs, scores, leastBits, left.size, right.size);
  }

  private void keep(PairChoice choice) {
    for (int l = 0; l < left.size; l++) {
      if (!leftTaken[l]) {
        int pair = choice.ofLeft(l);
        rightOf[l] = pair < 0 ? -1 : choice.right(pair);
        bits[l] = pair < 0 ? 0 : choice.bits(pair);
        margin[l] = pair < 0 ? 0 : choice.margin(pair);
      }
    }
  }

  private long[] anchors() {
    LongList anchors = new LongList();
    for (int l = 0; l < left.size; l++) {
      if (rightOf[l] >= 0) {
        anchors.add(CandidatePairs.pair(l, rightOf[l]));
      }
    }
    return anchors.toArray();
  }

  /** Pairs beyond doubt, also by time, are settled; all others are looked at again. */
  private void holdFirm(PairScore score) {
    for (int l = 0; l < left.size; l++) {
      boolean firm =
          rightOf[l] >= 0
              && bits[l] >= leastBits + FIRM_BITS
              && margin[l] >= FIRM_BITS
              && score.timeBits(l, rightOf[l]) >= 0;
      if (firm) {
        leftTaken[l] = true;
        rightTaken[rightOf[l]] = true;
      }
    }
  }

  /** What nearly all known pairs agree in costs the more when it is contradicted. */
  private double[] learnedPenalties(PairScore score) {
    int[] agreements = new int[FeatureKind.COUNT];
    int[] contradictions = new int[FeatureKind.COUNT];
    for (int l = 0; l < left.size; l++) {
      if (rightOf[l] >= 0) {
        score.of(l, rightOf[l]);
        score.count(agreements, contradictions);
      }
    }
    double[] penalties = defaultPenalties.clone();
    for (FeatureKind kind : FeatureKind.values()) {
      int k = kind.index();
      int known = agreements[k] + contradictions[k];
      if (kind.penaltyBits > 0 && known >= 3) {
        double learned = PairScore.log2((known + 2.0) / (contradictions[k] + 1.0));
        penalties[k] = Math.min(2.0 * kind.penaltyBits, learned);
      }
    }
    return penalties;
  }

  /** Free ones that would be candidates if others had not the same content. */
  private void markAmbiguous(PairChoice choice, PairScore score) {
    for (long pair : choice.free()) {
      int l = (int) (pair >>> 32);
      int r = (int) pair;
      if (score.of(l, r) + score.crowdBits() >= AMBIGUOUS_BITS) {
        leftAmbiguous[l] = true;
        rightAmbiguous[r] = true;
      }
    }
  }

  /** Many connections that share what they have, and no time to tell them apart. */
  private void markCrowds() {
    boolean[] leftPaired = new boolean[left.size];
    boolean[] rightPaired = new boolean[right.size];
    for (int l = 0; l < left.size; l++) {
      if (rightOf[l] >= 0) {
        leftPaired[l] = true;
        rightPaired[rightOf[l]] = true;
      }
    }
    for (FeatureKind kind : FeatureKind.values()) {
      if (index.isKey(kind)) {
        index.forEachGroup(
            kind,
            leftPaired,
            rightPaired,
            (key, ours, theirs) -> {
              for (int l : ours) {
                leftAmbiguous[l] = true;
              }
              for (int r : theirs) {
                rightAmbiguous[r] = true;
              }
            });
      }
    }
  }

  private Result result(PairScore score) {
    List<ConnectionMatch> matches = new ArrayList<>();
    for (int l = 0; l < left.size; l++) {
      if (rightOf[l] >= 0) {
        matches.add(match(score, l, rightOf[l]));
      }
    }
    matches.sort(Comparator.comparingInt(match -> match.clientSide().firstFrame()));
    return new Result(
        List.copyOf(matches), marked(left, leftAmbiguous), marked(right, rightAmbiguous));
  }

  private static List<Connection> marked(Fingerprints side, boolean[] marks) {
    List<Connection> marked = new ArrayList<>();
    for (int i = 0; i < side.size; i++) {
      if (marks[i]) {
        marked.add(side.connections.get(i));
      }
    }
    return List.copyOf(marked);
  }

  private ConnectionMatch match(PairScore score, int l, int r) {
    score.of(l, r);
    Connection ours = left.connections.get(l);
    Connection theirs = right.connections.get(r);
    List<String> reasons = score.reasons(score.timeBits(l, r));
    if (score.isTurned()) {
      boolean turnRight =
          left.hasHandshake(l) || (!right.hasHandshake(r) && portFall(ours) >= portFall(theirs));
      ours = turnRight ? ours : ours.turned();
      theirs = turnRight ? theirs.turned() : theirs;
    }
    return new ConnectionMatch(ours, theirs, reasons, confidence(l));
  }

  /** The end with the much lower port is the likelier server. */
  private static int portFall(Connection connection) {
    return connection.client().port() - connection.server().port();
  }

  private double confidence(int l) {
    double surplus = Math.min(margin[l], bits[l] - leastBits + LEAST_BITS);
    return Math.round(1000 * (1 - Math.pow(2, -surplus / 2 - 1))) / 1000.0;
  }
}
