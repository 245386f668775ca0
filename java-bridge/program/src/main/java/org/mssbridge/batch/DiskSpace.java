package org.mssbridge.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.mssbridge.model.Printable;
import org.mssbridge.output.OutputException;
import org.mssbridge.pipeline.Source;

/** Finds out before the work whether copies of captures fit on the disk. */
final class DiskSpace {
  /** Comments and block headers, on top of the packets. */
  private static final double OVERHEAD = 1.2;

  private final Batch.Settings settings;

  DiskSpace(Batch.Settings settings) {
    this.settings = settings;
  }

  /**
   * Checks.
   *
   * @param scratch where rotated files are joined
   * @throws OutputException if they do not fit
   */
  void check(List<CapturePair> pairs, Path scratch) throws OutputException {
    long joined =
        pairs.stream()
            .map(pair -> bytes(pair, true))
            .sorted((a, b) -> Long.compare(b, a))
            .limit(settings.jobs())
            .mapToLong(Long::longValue)
            .sum();
    require(scratch, joined, "to join rotated files");
    if (settings.outputs().annotate().isPresent()) {
      long copies = pairs.stream().mapToLong(pair -> bytes(pair, false)).sum();
      require(settings.outputs().annotate().get(), copies, "for annotated captures");
    }
  }

  private static long bytes(CapturePair pair, boolean rotatedOnly) {
    long bytes = 0;
    for (Source source : pair.sources()) {
      if (!rotatedOnly || source.files().size() > 1) {
        for (Path file : source.files()) {
          bytes += Math.max(0, file.toFile().length());
        }
      }
    }
    return bytes;
  }

  private static void require(Path folder, long bytes, String purpose) throws OutputException {
    long needed = (long) (bytes * OVERHEAD);
    try {
      long usable = Files.getFileStore(folder).getUsableSpace();
      if (needed > usable) {
        throw new OutputException(
            Printable.of(folder)
                + ": "
                + (needed >> 20)
                + " MiB are needed there "
                + purpose
                + " and "
                + (usable >> 20)
                + " MiB are free; free some space or name another place");
      }
    } catch (OutputException e) {
      throw e;
    } catch (IOException e) {
      // A file system that does not tell its space: then writing will.
    }
  }
}
