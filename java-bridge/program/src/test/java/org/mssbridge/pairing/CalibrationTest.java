package org.mssbridge.pairing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The confidence of a pair means what it says, also among scanners and forged packets. */
class CalibrationTest {
  @Test
  void ofPairsSaidWithConfidenceAsManyAreRightAndNearlyAllAreFound() {
    Calibration calibration = Calibration.of(1, 300);

    assertThat(calibration.wrongShare(0.99)).as("%s", calibration).isLessThan(0.01);
    assertThat(calibration.wrongShare(0)).as("%s", calibration).isLessThan(0.01);
    assertThat(calibration.recall()).as("%s", calibration).isGreaterThan(0.95);
  }
}
