package org.mssbridge.casefile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.mssbridge.model.FileTrouble;

/**
 * The result of checking whether the files of a case are still those that were compared.
 *
 * @param same number of files that are unchanged
 * @param unrecorded files without a recorded digest, because they could not be read
 * @param different all others, sorted by path
 */
public record Verification(long same, List<RecordedFile> unrecorded, List<Difference> different) {
  public Verification {
    unrecorded = List.copyOf(unrecorded);
    different = List.copyOf(different);
  }

  /** How a file differs from its record. */
  public enum State {
    CHANGED,
    MISSING,
    UNREADABLE
  }

  /**
   * A file that differs from its record.
   *
   * @param file as recorded
   * @param sha256 its digest now; empty if it cannot be read
   * @param reason why it cannot be read; empty if it can
   */
  public record Difference(
      RecordedFile file, State state, Optional<String> sha256, String reason) {}

  /** Computes the digest of a file. */
  public interface Hash {
    /** Its SHA-256 in hexadecimal digits. */
    String of(Path path) throws IOException;
  }

  /** The current state of one file; {@code trouble} is null if it could be read. */
  private record Now(State trouble, String sha256, String reason) {}

  /**
   * Checks all files; reads each file once, even if it is recorded several times.
   *
   * @param jobs number of files to read at the same time
   */
  public static Verification of(List<RecordedFile> recorded, Hash hash, int jobs)
      throws InterruptedException {
    Map<Path, Future<Now>> reading = new LinkedHashMap<>();
    ExecutorService threads = Executors.newFixedThreadPool(jobs);
    try {
      for (RecordedFile file : recorded) {
        if (file.sha256().isPresent()) {
          reading.computeIfAbsent(file.path(), path -> threads.submit(() -> read(path, hash)));
        }
      }
      return compare(recorded, reading);
    } finally {
      threads.shutdownNow();
    }
  }

  private static Verification compare(List<RecordedFile> recorded, Map<Path, Future<Now>> reading)
      throws InterruptedException {
    List<RecordedFile> unrecorded = new ArrayList<>();
    List<Difference> different = new ArrayList<>();
    long same = 0;
    for (RecordedFile file : recorded) {
      if (file.sha256().isEmpty()) {
        unrecorded.add(file);
        continue;
      }
      Now now = get(reading.get(file.path()));
      if (now.trouble() != null) {
        different.add(new Difference(file, now.trouble(), Optional.empty(), now.reason()));
      } else if (now.sha256().equals(file.sha256().get())) {
        same++;
      } else {
        different.add(new Difference(file, State.CHANGED, Optional.of(now.sha256()), ""));
      }
    }
    different.sort(Comparator.comparing(d -> d.file().path()));
    return new Verification(same, unrecorded, different);
  }

  private static Now get(Future<Now> reading) throws InterruptedException {
    try {
      return reading.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private static Now read(Path path, Hash hash) {
    try {
      if (Files.exists(path) && !Files.isRegularFile(path)) {
        return new Now(State.UNREADABLE, "", "it is no regular file");
      }
      return new Now(null, hash.of(path), "");
    } catch (NoSuchFileException e) {
      return new Now(State.MISSING, "", "");
    } catch (IOException e) {
      return new Now(State.UNREADABLE, "", FileTrouble.reason(e));
    }
  }
}
