package org.mssbridge.timing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A collection between stages changes nothing of what is measured. */
class CollectingStopwatchTest {
  private final List<String> seen = new ArrayList<>();
  private final Stopwatch pair = Stopwatch.none();
  private final Stopwatch watch = new CollectingStopwatch(new Recorder());

  @Test
  void passesOnAllThatIsMeasured() {
    for (Stage stage : Stage.values()) {
      watch.enter(stage);
    }
    watch.enter(Stage.WRITING, "json");
    String answer = watch.rule("path.lost", () -> "found");
    watch.stop();

    assertThat(seen)
        .startsWith("STARTING ", "TSHARK ", "SPLITTING ", "READING ", "PAIRING ", "ALIGNMENT ")
        .endsWith("WRITING json", "path.lost", "stop");
    assertThat(answer).isEqualTo("found");
    assertThat(watch.isRunning()).isTrue();
  }

  @Test
  void pairsOfABatchOnlyMeasure() {
    assertThat(watch.forPair()).isSameAs(pair);
  }

  /** Notes what it is told. */
  private final class Recorder implements Stopwatch {
    @Override
    public void enter(Stage stage, String part) {
      seen.add(stage + " " + part);
    }

    @Override
    public void stop() {
      seen.add("stop");
    }

    @Override
    public <T> T rule(String code, Supplier<T> rule) {
      seen.add(code);
      return rule.get();
    }

    @Override
    public void add(Reading reading) {
      seen.add("reading");
    }

    @Override
    public boolean isRunning() {
      return true;
    }

    @Override
    public Stopwatch forPair() {
      return pair;
    }
  }
}
