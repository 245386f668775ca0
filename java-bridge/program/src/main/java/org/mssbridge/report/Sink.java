package org.mssbridge.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.output.OutputException;
import org.mssbridge.output.OutputFiles;
import org.mssbridge.output.Outputs;

/**
 * An output format of a report: a file or folder whose path is the value of the option with the
 * sink's name.
 */
public interface Sink {
  /** Its name, such as {@code json}: its option is {@code --json}. */
  String name();

  /** The option's help text. */
  String description();

  /**
   * The help text of the same option of a batch, whose value is a folder; empty where a batch has
   * no such option.
   */
  default Optional<String> batchDescription() {
    return Optional.empty();
  }

  /** Whether it is a folder, rather than a file. */
  default boolean isFolder() {
    return false;
  }

  /** Whether it holds copies of all packets, so that a part of them is not enough. */
  default boolean copiesPackets() {
    return false;
  }

  /** The option that gives its path. */
  default String option() {
    return "--" + name();
  }

  /**
   * All files that it writes.
   *
   * @param captures the captures that are read, in the order of the path
   */
  default List<Path> files(Path place, Map<CapturePoint, Path> captures) {
    return List.of(place);
  }

  /**
   * Checks before the comparison whether it can be written.
   *
   * @throws OutputException if not
   */
  void check(Path place, Map<CapturePoint, Path> captures, OutputFiles files)
      throws OutputException;

  /** Writes a report, each of its files as one of the outputs. */
  void write(Report report, Path place, OutputFiles files, Outputs outputs);
}
