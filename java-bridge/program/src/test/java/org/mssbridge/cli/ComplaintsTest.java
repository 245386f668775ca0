package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Stack traces are shown if the environment requests them, and never otherwise. */
class ComplaintsTest {
  private final StringWriter err = new StringWriter();

  private void compareMissingFiles(Map<String, String> environment) {
    String[] arguments = {"compare", "no-such-a.pcap", "no-such-b.pcap"};
    PrintWriter out = new PrintWriter(new StringWriter());
    int status = Main.run(arguments, new Environment(environment), out, new PrintWriter(err));
    assertThat(status).isEqualTo(Main.UNUSABLE);
  }

  @Test
  void failureIsOneLine() {
    compareMissingFiles(Map.of());
    assertThat(err.toString().lines())
        .containsExactly("mssbridge: no-such-a.pcap: no such file; check the name");
  }

  @Test
  void failureHasItsStackTraceIfRequested() {
    compareMissingFiles(Map.of("MSSBRIDGE_DEBUG", "1"));
    assertThat(err.toString().lines().toList())
        .startsWith("mssbridge: no-such-a.pcap: no such file; check the name")
        .anyMatch(line -> line.startsWith("\tat org.mssbridge.tshark.CaptureCheck.check("));
  }

  @Test
  void onlyTheValueOneRequestsStackTraces() {
    compareMissingFiles(Map.of("MSSBRIDGE_DEBUG", "0"));
    assertThat(err.toString()).hasLineCount(1);
  }

  @Test
  void failedThreadIsOneLine() throws InterruptedException {
    failInAThread(false);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith(
            "mssbridge: internal error, please report it: java.lang.IllegalStateException: oh"
                + " in org.mssbridge.cli.ComplaintsTest.");
  }

  @Test
  void failedThreadHasItsStackTraceIfRequested() throws InterruptedException {
    failInAThread(true);
    assertThat(err.toString()).contains("\tat org.mssbridge.cli.ComplaintsTest.");
  }

  private void failInAThread(boolean isTraced) throws InterruptedException {
    Thread thread =
        new Thread(
            () -> {
              throw new IllegalStateException("oh");
            });
    thread.setUncaughtExceptionHandler(new Complaints(new PrintWriter(err), isTraced));
    thread.start();
    thread.join();
  }

  @Test
  void outOfMemorySaysWhatToDo() {
    assertThat(new Complaints(new PrintWriter(err), false).of(new OutOfMemoryError("heap")))
        .isEqualTo(Main.UNUSABLE);
    assertThat(err.toString()).contains("MSSBRIDGE_OPTS=-Xmx4g").hasLineCount(1);
  }
}
