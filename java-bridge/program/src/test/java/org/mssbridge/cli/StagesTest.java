package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mssbridge.knowledge.Knowledge;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.FileState;
import org.mssbridge.model.Input;
import org.mssbridge.pipeline.Frames;
import org.mssbridge.pipeline.Pipeline;
import org.mssbridge.pipeline.ReadProgress;
import org.mssbridge.report.Report;
import org.mssbridge.split.Splitting;
import org.mssbridge.tshark.Tshark;

/** A comparison names its stages to the end, and leaves the progress open for what follows. */
class StagesTest {
  private static final class Recorder implements ReadProgress {
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void enter(Stage stage) {
      seen.add(stage.label());
    }

    @Override
    public void advance(int packetBytes) {
      if (!seen.contains("a packet")) {
        seen.add("a packet");
      }
    }

    @Override
    public void close() {
      seen.add("closed");
    }
  }

  @Test
  void stagesAreNamedInOrder() throws Exception {
    Path script = ReportOf.projectRoot().resolve("lua/mss.lua");
    Tshark tshark = Tshark.find("tshark", script, Duration.ofSeconds(60));
    List<Input> inputs = new ArrayList<>();
    for (Path capture : ReportOf.example("seed-20633")) {
      String name = capture.getFileName().toString().replace(".pcap", "");
      inputs.add(Input.of(new CapturePoint(name), FileState.of(capture)));
    }
    Recorder recorder = new Recorder();
    new Pipeline(tshark, Frames.all(), Splitting.AUTO, Set.of(), Knowledge.load())
        .run(inputs, new Report.Tool("1", "1", List.of(), Instant.EPOCH), recorder);
    assertThat(recorder.seen.stream().distinct())
        .containsExactly("reading", "a packet", "pairing", "rules");
  }
}
