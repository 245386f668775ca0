package org.mssbridge.report;

import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.GivenUse;
import org.mssbridge.clock.Clock;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.Given;
import org.mssbridge.model.Numbers;

/** What the user gave, in a sentence, and what of it the packets contradict. */
final class GivenWords {
  private static final double NANOS = 1e9;

  private GivenWords() {}

  /** Empty where nothing is given. */
  static Optional<String> of(Comparison comparison) {
    GivenUse use = comparison.given();
    if (use.given().equals(Given.NOTHING)) {
      return Optional.empty();
    }
    StringJoiner words = new StringJoiner("; ");
    for (PointCapture capture : comparison.captures()) {
      Long nanos = use.given().offsetNanos().get(capture.point().name());
      if (nanos != null) {
        words.add(
            String.format(Locale.ROOT, "clock of %s %+.6f s", capture.point(), nanos / NANOS)
                + (comparison.contradictsOffset(capture.point())
                    ? ", which the packets contradict"
                        + between(comparison.clocks().at(capture.point()).orElseThrow())
                    : ""));
      }
    }
    if (!use.given().namesNoConnection()) {
      words.add(
          "other addresses at the next point: "
              + (use.connections() == 0
                  ? "both captures have no connection under these"
                  : Numbers.count(use.connections(), "connection")
                      + (use.contradicted() == 0
                          ? ""
                          : ", of which the packets contradict " + use.contradicted())));
    }
    return Optional.of(words.toString());
  }

  private static String between(Clock clock) {
    return clock.lowSeconds().isPresent() && clock.highSeconds().isPresent()
        ? String.format(
            Locale.ROOT,
            " (it is between %+.6f and %+.6f s)",
            clock.lowSeconds().getAsDouble(),
            clock.highSeconds().getAsDouble())
        : "";
  }
}
