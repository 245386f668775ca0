package org.mssbridge.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/**
 * The shell script that started this JVM, if one did: what it found out that Java cannot, and what
 * it expects. It waits for the end of this JVM.
 */
final class Launcher {
  /** The status that the launcher turns into 1, with which Java itself ends if it cannot start. */
  private static final int FAILED_ON_FINDING = 101;

  private final long pid = Long.getLong("mssbridge.launcher", 0);

  /**
   * The user's standard error. The launcher keeps the JVM's, in which Java explains in many lines
   * why it does not start, and passes the user's in the place of standard input.
   */
  PrintStream standardError() {
    return isThere()
        ? new PrintStream(new FileOutputStream(FileDescriptor.in), true, StandardCharsets.UTF_8)
        : System.err;
  }

  /** Ends this JVM soon if the launcher is killed, so that the program cannot outlive it. */
  void follow() {
    ProcessHandle.of(pid).filter(script -> isThere()).ifPresent(Launcher::follow);
  }

  private static void follow(ProcessHandle script) {
    Thread following =
        new Thread(
            () -> {
              script.onExit().join();
              System.exit(Main.INTERRUPTED);
            },
            "follow the launcher");
    following.setDaemon(true);
    following.start();
  }

  /** The folders that this JVM works in. */
  Stream<String> folders() {
    return Stream.of("user.dir", "java.io.tmpdir", "mssbridge.home", "mssbridge.cache")
        .map(name -> System.getProperty(name, ""));
  }

  /** What this JVM ends with for the launcher to end with a status. */
  int statusFor(int status) {
    return isThere() && status == Main.FAILED_ON_FINDING ? FAILED_ON_FINDING : status;
  }

  private boolean isThere() {
    return pid > 0;
  }
}
