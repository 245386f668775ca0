package org.mssbridge.pairing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Connections may start from either end; only if none starts at the first is the order wrong. */
class PathOrderTest {
  /** The address of the near host at the near point. */
  private static final String NEAR_HOST = "10.0.0.5";

  private static List<ConnectionMatch> matches(long seed) {
    Crowd.Captures captures = Crowd.of(seed);
    return new ConnectionMatcher(captures.near(), captures.far()).match().matches();
  }

  private static boolean startsNear(ConnectionMatch match) {
    return match.first().client().address().equals(NEAR_HOST);
  }

  @Test
  void eachConnectionIsDirectedByItselfAndItsHosts() {
    List<List<ConnectionMatch>> bothWays =
        LongStream.range(1, 200)
            .mapToObj(PathOrderTest::matches)
            .filter(all -> all.stream().anyMatch(PathOrderTest::startsNear))
            .filter(all -> !all.stream().allMatch(PathOrderTest::startsNear))
            .toList();

    assertThat(bothWays).hasSizeGreaterThan(20);
    for (List<ConnectionMatch> all : bothWays) {
      PathOrder order = PathOrder.of(all);
      assertThat(order.isSwapped()).isFalse();
      for (int i = 0; i < all.size(); i++) {
        assertThat(order.startsAtSecond(i)).isEqualTo(!startsNear(all.get(i)));
      }
    }
  }

  @Test
  void theOrderIsWrongWhereAllConnectionsStartAtTheSecond() {
    List<ConnectionMatch> forth = matches(3).stream().filter(PathOrderTest::startsNear).toList();
    List<ConnectionMatch> back = forth.stream().map(ConnectionMatch::reversed).toList();

    assertThat(forth).isNotEmpty();
    assertThat(PathOrder.of(forth).isSwapped()).isFalse();
    assertThat(PathOrder.of(back).isSwapped()).isTrue();
  }
}
