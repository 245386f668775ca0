package org.mssbridge.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.casefile.CaseFile;
import org.mssbridge.casefile.StartedRun;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.CaptureSource;
import org.mssbridge.pipeline.Frames;
import org.mssbridge.pipeline.Pipeline;
import org.mssbridge.split.Splitting;

/** A bug of this program that shows on one pair. */
class BatchFaultTest {
  @TempDir private Path folder;

  @Test
  void isRecordedAsReasonOfThePairAndPassedOn() throws Exception {
    List<Path> files = List.of(Files.writeString(folder.resolve("a.pcap"), "no capture"));
    CapturePair pair =
        new CapturePair(
            "a",
            List.of(
                CaptureSource.of(new CapturePoint("client"), files),
                CaptureSource.of(new CapturePoint("server"), files)),
            "");
    Queue<RuntimeException> faults = new ConcurrentLinkedQueue<>();
    Pipeline withoutTshark = new Pipeline(null, Frames.evidence(), Splitting.AUTO, Set.of(), null);
    Batch.Settings settings =
        new Batch.Settings(
            withoutTshark,
            null,
            PairOutputs.of(Map.of(), List.of(pair)),
            1,
            Batch.Repeat.NONE,
            faults::add);
    StartedRun run = new StartedRun("1", "4.0.17", List.of("batch"), folder, Instant.EPOCH);
    try (CaseFile file = CaseFile.forWriting(folder.resolve("case.db"))) {
      Batch.Outcome outcome =
          new Batch(settings, file, run, BatchProgress.none()).run(List.of(pair));
      assertThat(outcome.failures())
          .singleElement()
          .extracting(Batch.Failure::reason)
          .asString()
          .startsWith("internal error, please report it: ")
          .hasLineCount(1);
    }
    assertThat(faults).hasSize(1);
  }
}
