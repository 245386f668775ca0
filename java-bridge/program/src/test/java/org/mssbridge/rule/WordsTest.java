package org.mssbridge.rule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.mssbridge.finding.Leg;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/** Phrases for directions. */
class WordsTest {
  private static final CapturePoint CLIENT = new CapturePoint("client");
  private static final CapturePoint SERVER = new CapturePoint("server");
  private static final CapturePoint WAN = new CapturePoint("wan");

  @Test
  void aWayIsThatBetweenTheEnds() {
    assertThat(Words.way(new Leg(Direction.C2S, CLIENT, SERVER))).isEqualTo("client to server");
    assertThat(Words.way(new Leg(Direction.S2C, SERVER, CLIENT))).isEqualTo("server to client");
    assertThat(Words.way(new Leg(Direction.S2C, WAN, CLIENT))).isEqualTo("server to client");
  }

  @Test
  void pointsThatAreNamedTheOtherWayRoundNameTheWay() {
    assertThat(Words.way(new Leg(Direction.C2S, SERVER, CLIENT)))
        .isEqualTo("client to server (from the point named server to the one named client)");
    assertThat(Words.way(new Leg(Direction.S2C, CLIENT, SERVER)))
        .isEqualTo("server to client (from the point named client to the one named server)");
    assertThat(Words.way(new Leg(Direction.S2C, CLIENT, WAN)))
        .isEqualTo("server to client (from the point named client to the one named wan)");
  }

  @Test
  void aPartIsNeverRoundedToAll() {
    assertThat(Words.percent(17_376, 17_456)).isEqualTo(" (more than 99 %)");
    assertThat(Words.percent(17_456, 17_456)).isEqualTo(" (100 %)");
    assertThat(Words.percent(99, 100)).isEqualTo(" (99 %)");
  }
}
