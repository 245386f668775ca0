package org.mssbridge.casefile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A beginning is reported only if chance is unlikely to cause it. */
class OnsetTest {
  @ParameterizedTest
  @CsvSource({
    "240, 120, 120, true", // the first half without, the second half with
    "24, 12, 12, true", // 1 in 2.7 million
    "8, 4, 4, false", // 1 in 70
    "1000, 1, 999, false", // something rare, seen once at the end: 1 in 1000
    "1000, 500, 1, false", // the first one may lack it by chance
    "1000, 990, 5, true", // all but five, and these are the first five
    "1000, 0, 1000, false",
    "100, 100, 0, false"
  })
  void chanceIsComputed(long all, long affected, long unaffected, boolean clear) {
    assertThat(Onset.isClear(all, affected, unaffected, Onset.AMONG_CONNECTIONS)).isEqualTo(clear);
  }

  @ParameterizedTest
  @CsvSource({"2, 1, 1, false", "6, 3, 3, false", "10, 5, 5, true", "12, 3, 9, true"})
  void chanceAmongFewPairsIsComputed(long all, long affected, long unaffected, boolean clear) {
    assertThat(Onset.isClear(all, affected, unaffected, Onset.AMONG_PAIRS)).isEqualTo(clear);
  }
}
