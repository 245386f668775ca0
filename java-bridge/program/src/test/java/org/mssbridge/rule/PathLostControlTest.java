package org.mssbridge.rule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.mssbridge.rule.PathLostControl.OnLeg;

/** Whether something drops SYNs for what they are, or chance hits any packet. */
class PathLostControlTest {
  @Test
  void synsAreSingledOutWhereMuchDataCrosses() {
    assertThat(new OnLeg(1000, 0, 100, 20).areSynsSingledOut()).isTrue();
    assertThat(new OnLeg(1000, 10, 100, 20).areSynsSingledOut()).isTrue();
  }

  @Test
  void chanceHitsDataAsOften() {
    assertThat(new OnLeg(123_714, 101, 4008, 2).areSynsSingledOut()).isFalse();
    assertThat(new OnLeg(1000, 150, 100, 20).areSynsSingledOut()).isFalse();
  }

  @Test
  void littleDataTellsNothing() {
    assertThat(new OnLeg(20, 0, 10, 2).areSynsSingledOut()).isFalse();
    assertThat(new OnLeg(0, 0, 3, 3).areSynsSingledOut()).isFalse();
    assertThat(new OnLeg(100, 0, 0, 0).areSynsSingledOut()).isFalse();
  }
}
