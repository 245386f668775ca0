package org.mssbridge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.mssbridge.capturefile.CaptureFile;
import org.mssbridge.casefile.CaseFile;
import org.mssbridge.casefile.CaseFileException;
import org.mssbridge.casefile.RecordedFile;
import org.mssbridge.casefile.Verification;
import org.mssbridge.casefile.Verification.Difference;
import org.mssbridge.model.Printable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mssbridge verify CASE.db}. */
@Command(
    name = "verify",
    description = "Checks the SHA-256 of every capture of a case, and lists those that changed.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:all captures are as recorded",
      "1:a capture differs",
      "2:the command line is wrong",
      "3:the case cannot be used"
    },
    footerHeading = "Example:%n",
    footer = "  mssbridge verify today.db")
final class VerifyCommand implements Callable<Integer> {
  @Parameters(paramLabel = "CASE", description = "the case file")
  private Path file;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "files read at once (default: one per processor)")
  private int jobs = Runtime.getRuntime().availableProcessors();

  @Option(names = "--quiet", description = "no progress")
  private boolean quiet;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() throws CaseFileException, InterruptedException {
    if (jobs < 1) {
      throw new CommandLine.ParameterException(spec.commandLine(), "--jobs: name 1 or more");
    }
    List<RecordedFile> recorded;
    try (CaseFile opened = CaseFile.forReading(file)) {
      recorded = RecordedFile.of(opened);
    }
    Verification verification = verify(recorded);
    spec.commandLine().getOut().print(render(verification));
    return verification.different().isEmpty() ? Main.DONE : Main.FAILED_ON_FINDING;
  }

  private Verification verify(List<RecordedFile> recorded) throws InterruptedException {
    if (quiet || !Terminal.isTerminal("stderr")) {
      return Verification.of(recorded, CaptureFile::sha256, jobs);
    }
    long bytes =
        recorded.stream().map(RecordedFile::path).distinct().mapToLong(VerifyCommand::bytes).sum();
    try (ProgressBar bar =
        Terminal.progressBar("verifying").setInitialMax(bytes).setUnit(" MiB", 1 << 20).build()) {
      return Verification.of(recorded, path -> counted(path, bar), jobs);
    }
  }

  private static String counted(Path path, ProgressBar bar) throws IOException {
    try {
      return CaptureFile.sha256(path);
    } finally {
      bar.stepBy(bytes(path));
    }
  }

  /** The length of a file; 0 if unknown: reading the file then reports the problem. */
  private static long bytes(Path path) {
    try {
      return Files.size(path);
    } catch (IOException e) {
      return 0;
    }
  }

  private String render(Verification verification) {
    StringBuilder text = new StringBuilder();
    for (Difference difference : verification.different()) {
      text.append(line(difference)).append('\n');
    }
    for (RecordedFile unrecorded : verification.unrecorded()) {
      String now = Files.exists(unrecorded.path()) ? "there is a file now" : "there is none now";
      text.append("no digest  ").append(place(unrecorded)).append("; ").append(now).append('\n');
    }
    int different = verification.different().size();
    long known = verification.same() + different;
    text.append(Printable.of(file)).append(": ").append(known);
    text.append(known == 1 ? " file" : " files").append(" with a digest: ");
    text.append(different == 0 ? "all as recorded" : different + " not as recorded");
    if (!verification.unrecorded().isEmpty()) {
      text.append("; ").append(verification.unrecorded().size()).append(" without");
    }
    return text.append('\n').toString();
  }

  private static String line(Difference difference) {
    String state = difference.state().name().toLowerCase(Locale.ROOT);
    String line = String.format(Locale.ROOT, "%-10s ", state) + place(difference.file());
    return switch (difference.state()) {
      case CHANGED ->
          line
              + "; SHA-256 was "
              + Printable.of(difference.file().sha256().orElseThrow())
              + ", is "
              + difference.sha256().orElseThrow();
      case MISSING -> line + "; it was at " + Printable.of(difference.file().path());
      case UNREADABLE -> line + "; " + Printable.of(difference.reason());
    };
  }

  private static String place(RecordedFile file) {
    return Printable.of(file.name())
        + " ("
        + Printable.of(file.pair())
        + ", "
        + Printable.of(file.point())
        + ")";
  }
}
