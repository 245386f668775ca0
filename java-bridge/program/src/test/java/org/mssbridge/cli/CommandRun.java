package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;

/**
 * The exit status and output of a run of the program.
 *
 * @param status its exit status
 * @param out standard output
 * @param err standard error
 */
public record CommandRun(int status, String out, String err) {
  /** Runs {@code mssbridge compare} in this JVM; arguments are converted by {@code toString}. */
  public static CommandRun compare(Object... arguments) {
    return of(Stream.concat(Stream.of("compare"), Stream.of(arguments)).toArray());
  }

  /** Runs a command in this JVM. */
  public static CommandRun of(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] all = Stream.of(arguments).map(Object::toString).toArray(String[]::new);
    int status = Main.run(all, new PrintWriter(out), new PrintWriter(err));
    return new CommandRun(status, out.toString(), err.toString());
  }

  /**
   * Asserts that an input, an output or tshark was unusable: one line says which; there is no other
   * output.
   */
  public void assertUnusable(Object named, String reason) {
    assertThat(err.lines().toList()).as("standard error").hasSize(1);
    assertThat(err).startsWith("mssbridge: ").contains(named.toString()).contains(reason);
    assertNoStackTrace();
    assertThat(status).as("exit status").isEqualTo(Main.UNUSABLE);
    assertThat(out).as("standard output").isEmpty();
  }

  /** Asserts that outputs could not be written, a line for each, and the report still appeared. */
  public void assertOutputsLost(Object named, String reason) {
    assertThat(err.lines().toList())
        .as("standard error")
        .isNotEmpty()
        .allSatisfy(
            line ->
                assertThat(line)
                    .startsWith("mssbridge: ")
                    .contains(named.toString())
                    .contains(reason));
    assertThat(status).as("exit status").isEqualTo(Main.UNUSABLE);
    assertThat(out).as("standard output").isNotBlank();
  }

  /** Asserts that the run succeeded without an error message. */
  public void assertDone() {
    assertThat(err).as("standard error").isEmpty();
    assertThat(status).as("exit status").isEqualTo(Main.DONE);
    assertThat(out).as("standard output").isNotBlank();
  }

  public void assertNoStackTrace() {
    for (String sign : List.of("Exception", "\tat ")) {
      assertThat(err).as("standard error").doesNotContain(sign);
    }
  }
}
