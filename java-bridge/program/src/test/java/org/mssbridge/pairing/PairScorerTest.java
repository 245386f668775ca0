package org.mssbridge.pairing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mssbridge.pairing.World.Call;
import org.mssbridge.pairing.World.View;

/** The score of a pair is a value that scoring other pairs does not change. */
class PairScorerTest {
  private static final long MILLI = 1_000_000;
  private static final List<Call> CALLS = World.calls(20, MILLI, 1);

  private static PairScorer scorer(View view) {
    Fingerprints first = new Fingerprints(World.capture(CALLS, View.PLAIN));
    Fingerprints second = new Fingerprints(World.capture(CALLS, view));
    FeatureIndex index = new FeatureIndex(first, second);
    CommonTime time = CommonTime.constant(first, second, 0, MILLI);
    return new PairScorer(first, second, time, null, Penalties.byDefault(index));
  }

  @Test
  void aScoreStaysTheSameWhenOtherPairsAreScored() {
    PairScorer scorer = scorer(View.PLAIN);
    PairScore right = scorer.of(3, 3);
    double bits = right.bits();
    PairScore wrong = scorer.of(3, 4);

    assertThat(right.bits()).isEqualTo(bits).isGreaterThan(wrong.bits());
    assertThat(scorer.of(3, 3)).isEqualTo(right);
  }

  @Test
  void featuresAgreeOrDifferByTheirKind() {
    PairScorer scorer = scorer(View.PLAIN);
    int tuple = FeatureKind.TUPLE.mask();
    FeatureTally right = scorer.features(3, 3);
    assertThat(right.agreed() & tuple).isNotZero();
    assertThat(right.contradicted() & tuple).isZero();

    assertThat(scorer.features(3, 4).contradicted() & tuple).isNotZero();
  }

  @Test
  void bitsEqualThoseOfTheScore() {
    PairScorer scorer = scorer(View.REWRITTEN);
    for (int first = 0; first < CALLS.size(); first++) {
      for (int second = 0; second < CALLS.size(); second++) {
        assertThat(scorer.bits(first, second)).isEqualTo(scorer.of(first, second).bits());
      }
    }
  }

  @Test
  void reasonsAreNamedOnceAndTheStrongestFirst() {
    List<String> reasons = scorer(View.PLAIN).of(5, 5).reasons();

    assertThat(reasons).doesNotHaveDuplicates().startsWith("tuple", "isn").contains("payload");
  }
}
