package org.mssbridge.pairing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PathVotesTest {
  private static final long CLIENT = 1;
  private static final long SERVER = 2;
  private static final long WHOLE = 900_000;

  /** Two points close to each other: the first sees the SYN/ACK so much later after the SYN. */
  private static PathVotes votes(int... nanos) {
    PathVotes votes = new PathVotes();
    for (int later : nanos) {
      votes.add(signs(500_000 + later), signs(500_000));
    }
    return votes;
  }

  private static PathSigns signs(long toSynAck) {
    return new PathSigns(CLIENT, SERVER, 64, 64, new HandshakeGaps(toSynAck, WHOLE - toSynAck));
  }

  @Test
  void smallDifferencesThatAgreeAreLikely() {
    PathVotes votes = votes(2_000, 3_000, 1_000, 5_000, 0, 2_000);

    assertThat(votes.side(CLIENT, SERVER)).isZero();
    assertThat(votes.likelySide(CLIENT, SERVER)).isPositive();
    assertThat(votes(-2_000, -3_000, -1_000, -5_000, -2_000).likelySide(CLIENT, SERVER))
        .isNegative();
  }

  @Test
  void fewOrContraryOnesAreNoise() {
    assertThat(votes(2_000, 3_000, 1_000, 5_000).likelySide(CLIENT, SERVER)).isZero();
    assertThat(votes(2_000, 3_000, 1_000, 5_000, 2_000, 2_000, -1_000).likelySide(CLIENT, SERVER))
        .isZero();
  }

  @Test
  void aLargeDifferenceDecides() {
    PathVotes votes = votes(-2_000, -3_000, -1_000, -5_000, -2_000, 25_000);

    assertThat(votes.side(CLIENT, SERVER)).isPositive();
    assertThat(votes.likelySide(CLIENT, SERVER)).isPositive();
  }
}
