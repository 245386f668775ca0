package org.mssbridge.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.mssbridge.model.Input;
import org.mssbridge.output.OutputException;
import org.mssbridge.output.OutputFiles;

/** What a report can be written to: a file or a folder that an option of the sink's name names. */
public interface Sink {
  /** Its name, such as {@code json}: its option is {@code --json}. */
  String name();

  /** What the option does, for its help. */
  String description();

  /** What the same option of a batch does, whose value is a folder; empty where it has none. */
  default Optional<String> batchDescription() {
    return Optional.empty();
  }

  /** Whether it is a folder, rather than a file. */
  default boolean isFolder() {
    return false;
  }

  /** Whether it holds copies of all packets, so that it cannot do with a part of them. */
  default boolean copiesPackets() {
    return false;
  }

  /** The option that names its place. */
  default String option() {
    return "--" + name();
  }

  /** All files that it writes. */
  default List<Path> files(Path place, List<Input> inputs) {
    return List.of(place);
  }

  /**
   * Finds out before the work whether it can be written.
   *
   * @throws OutputException if not
   */
  void check(Path place, List<Input> inputs, OutputFiles files) throws OutputException;

  /**
   * Writes a report.
   *
   * @return what the user should know of files whose names are not given, a line for each
   * @throws OutputException if it cannot be written
   */
  List<String> write(Report report, Path place, OutputFiles files) throws OutputException;
}
