package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The effect of environment variables. */
class EnvironmentTest {
  @Test
  void timeOfTheRunCanBeFixed() {
    assertThat(new Environment(Map.of("SOURCE_DATE_EPOCH", "1700000000")).runTime())
        .isEqualTo(Instant.parse("2023-11-14T22:13:20Z"));
  }

  @Test
  void colourIsAllowedUnlessDisabled() {
    assertThat(new Environment(Map.of("TERM", "xterm")).allowsColour()).isTrue();
    assertThat(new Environment(Map.of("TERM", "dumb")).allowsColour()).isFalse();
    assertThat(new Environment(Map.of("NO_COLOR", "")).allowsColour()).isFalse();
  }
}
