package org.mssbridge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.FrameRef;
import org.mssbridge.model.Input;
import org.mssbridge.model.Leftover;
import org.mssbridge.model.Printable;
import org.mssbridge.report.ReadCapture;
import org.mssbridge.report.Report;
import org.mssbridge.report.Sink;
import org.mssbridge.report.Sinks;
import org.mssbridge.tshark.Probe;
import org.mssbridge.tshark.Tshark;
import org.mssbridge.tshark.TsharkException;

/**
 * The annotated copies of a report's captures in Wireshark: one window for each file, at the first
 * frame in it that a finding names, the most severe finding first. Copies without a folder of the
 * user's are temporary: they are kept while Wireshark runs.
 */
final class EvidenceWindows implements AutoCloseable {
  private static final String COPIES = "captures";

  private final Sink sink;
  private final Path folder;
  private final Leftover temporary;
  private final Consumer<String> said;

  private EvidenceWindows(Sink sink, Path folder, Leftover temporary, Consumer<String> said) {
    this.sink = sink;
    this.folder = folder;
    this.temporary = temporary;
    this.said = said;
  }

  /**
   * Windows of the copies that the annotating sink writes; if none of the sinks does, it is added,
   * with a temporary folder.
   *
   * @param sinks what a run writes, by sink
   * @param said receives lines for the user
   */
  static EvidenceWindows of(Map<Sink, Path> sinks, Consumer<String> said) throws IOException {
    Optional<Sink> given = sinks.keySet().stream().filter(EvidenceWindows::annotates).findFirst();
    if (given.isPresent()) {
      return new EvidenceWindows(given.get(), sinks.get(given.get()), null, said);
    }
    Sink sink = Sinks.all().stream().filter(EvidenceWindows::annotates).findFirst().orElseThrow();
    Leftover temporary = Leftover.temporary();
    Path folder = temporary.path().resolve(COPIES);
    sinks.put(sink, folder);
    return new EvidenceWindows(sink, folder, temporary, said);
  }

  private static boolean annotates(Sink sink) {
    return sink.option().equals("--annotate");
  }

  /**
   * Opens the copies, which have been written; waits until all windows are closed if the copies are
   * temporary.
   *
   * @throws IOException if Wireshark does not start
   */
  void open(Report report, String wireshark, Tshark tshark)
      throws IOException, TsharkException, InterruptedException {
    Map<Path, FileTime> written = new HashMap<>();
    List<List<String>> commands = new ArrayList<>();
    boolean profile = new Probe(tshark).hasProfile(Wireshark.PROFILE);
    List<Input> inputs = report.captures().stream().map(ReadCapture::input).toList();
    Map<CapturePoint, Path> captures = Input.files(inputs);
    List<Path> copies = sink.files(folder, captures);
    List<CapturePoint> points = List.copyOf(captures.keySet());
    for (int i = 0; i < copies.size(); i++) {
      Path copy = copies.get(i);
      written.put(copy, Files.getLastModifiedTime(copy));
      OptionalInt frame = firstEvidence(report, points.get(i));
      commands.add(Wireshark.command(wireshark, profile, copy, frame));
    }
    List<Process> windows = Wireshark.start(commands);
    if (temporary != null) {
      said.accept(
          "Wireshark is open; when it is closed, the copies are removed (to keep them: --annotate"
              + " DIR)");
      for (Process window : windows) {
        window.waitFor();
      }
      keepWhatWasSaved(written);
    }
  }

  /** The first frame in the file of a point that a finding names. */
  private static OptionalInt firstEvidence(Report report, CapturePoint point) {
    Input file = report.capture(point).input();
    return report.findings().stream()
        .flatMap(found -> found.occurrences().stream())
        .flatMap(occurrence -> occurrence.frames().stream())
        .filter(frame -> report.capture(frame.point()).input().sharesFile(file))
        .mapToInt(FrameRef::frame)
        .findFirst();
  }

  /** Moves files that the user saved in Wireshark to a folder that nothing removes. */
  private void keepWhatWasSaved(Map<Path, FileTime> written) throws IOException {
    List<Path> saved = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        if (!Files.getLastModifiedTime(file).equals(written.get(file))) {
          saved.add(file);
        }
      }
    }
    if (saved.isEmpty()) {
      return;
    }
    Path kept = Files.createTempDirectory(temporary.path().getParent(), "mssbridge-saved-");
    for (Path file : saved) {
      Files.move(file, kept.resolve(file.getFileName()));
    }
    said.accept("what was saved in Wireshark is kept in " + Printable.of(kept));
  }

  @Override
  public void close() {
    if (temporary != null) {
      temporary.close();
    }
  }
}
