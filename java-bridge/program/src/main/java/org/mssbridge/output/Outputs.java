package org.mssbridge.output;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Writes the outputs of a run. One that fails does not keep the others from being written. */
public final class Outputs {
  private final Consumer<String> said;
  private final List<OutputException> failures = new ArrayList<>();

  /** Writes one output. */
  public interface Output {
    /**
     * Writes it, whole or not at all.
     *
     * @throws OutputException if that fails
     */
    void write() throws OutputException;
  }

  /**
   * @param said receives a line for each file that was written under a name the user did not give
   */
  public Outputs(Consumer<String> said) {
    this.said = said;
  }

  /** Writes an output, and keeps its failure for later. */
  public void write(Output output) {
    try {
      output.write();
    } catch (OutputException e) {
      failures.add(e);
    }
  }

  /** Writes an output under a name that the user did not give. */
  public void write(Output output, String line) {
    write(
        () -> {
          output.write();
          said.accept(line);
        });
  }

  /** Why outputs could not be written, one for each. */
  public List<OutputException> failures() {
    return List.copyOf(failures);
  }
}
