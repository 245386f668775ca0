package org.mssbridge.tshark;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.commons.exec.CommandLine;
import org.apache.commons.exec.DefaultExecutor;
import org.apache.commons.exec.ExecuteException;
import org.apache.commons.exec.ProcessDestroyer;

/** Runs a child process and reads its output as it arrives; the child ends with this JVM. */
final class Child {
  private Child() {}

  /** How long a shutdown waits for a process that is being started, on a busy machine. */
  private static final Duration START = Duration.ofSeconds(5);

  /** The status of a child that the signal of Ctrl-C ended, as a shell reports it. */
  static final int INTERRUPTED = 128 + 2;

  /** Reads a child's output to its end, and calls the heartbeat whenever something arrives. */
  interface OutputReader {
    void read(InputStream output, Runnable heartbeat) throws IOException;
  }

  /** Writes a child's standard input, and calls the heartbeat while it has nothing to write. */
  interface InputWriter {
    void write(OutputStream input, Runnable heartbeat) throws IOException;
  }

  /**
   * How a child ended: its exit status as a shell reports it, whether it was killed because it was
   * silent, and its standard error.
   */
  record Ending(int status, boolean stalled, Words words) {}

  /** The exit status and output of a short run. */
  record Result(int status, String output, String complaint) {}

  /** Runs a command whose output is short. */
  static Result run(List<String> command, Map<String, String> environment, Duration patience)
      throws IOException {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    Map<String, String> whole = new HashMap<>(System.getenv());
    whole.putAll(environment);
    Ending ending =
        stream(
            command,
            whole,
            patience,
            (input, heartbeat) -> {},
            (input, heartbeat) -> input.transferTo(output),
            new Cancellation(),
            process -> {});
    return new Result(
        ending.status(), output.toString(StandardCharsets.UTF_8), ending.words().inOneLine());
  }

  /**
   * Runs a command and waits for its end.
   *
   * @param writer called on its own thread with the child's standard input; it may throw an {@link
   *     IOException}, which it cannot avoid when the child has ended
   * @param reader called on its own thread with the child's standard output
   * @param patience how long the heartbeat may be missing before the child is killed
   * @param started receives the process
   * @throws IOException if the command cannot be started
   */
  static Ending stream(
      List<String> command,
      Map<String, String> environment,
      Duration patience,
      InputWriter writer,
      OutputReader reader,
      Cancellation cancellation,
      Consumer<ProcessHandle> started)
      throws IOException {
    Leash leash = new Leash(started);
    ChildStreams streams = new ChildStreams(writer, reader, patience, leash::kill);
    DefaultExecutor executor = DefaultExecutor.builder().setExecuteStreamHandler(streams).get();
    executor.setExitValues(null);
    executor.setProcessDestroyer(leash);
    cancellation.onCancel(leash::kill);
    int status;
    leash.holdShutdown();
    try {
      status = executor.execute(new PlainCommand(command), environment);
    } catch (ExecuteException e) {
      status = e.getExitValue();
    } finally {
      leash.letGo();
    }
    streams.throwFailure();
    return new Ending(status, streams.stalled(), streams.words());
  }

  /** The words as they are: the library would take backslashes and spaces of the program's name. */
  private static final class PlainCommand extends CommandLine {
    private final List<String> command;

    PlainCommand(List<String> command) {
      super(command.get(0));
      this.command = List.copyOf(command);
    }

    @Override
    public String[] toStrings() {
      return command.toArray(String[]::new);
    }
  }

  /**
   * Kills the process with all its descendants, on request and when this JVM shuts down.
   *
   * <p>The shutdown waits for a process that is being started: this JVM could be gone before it
   * knows the number of that process, and nobody would end it.
   */
  private static final class Leash implements ProcessDestroyer {
    private final Thread atShutdown = new Thread(this::killAtShutdown, "end tshark");
    private final CountDownLatch started = new CountDownLatch(1);
    private final Consumer<ProcessHandle> watcher;
    private Process process;
    private boolean killed;

    Leash(Consumer<ProcessHandle> watcher) {
      this.watcher = watcher;
    }

    /** To be called before the process is started. */
    void holdShutdown() throws InterruptedIOException {
      try {
        Runtime.getRuntime().addShutdownHook(atShutdown);
      } catch (IllegalStateException e) {
        throw new InterruptedIOException("the program is ending");
      }
    }

    /** To be called when the process has ended, or could not be started. */
    void letGo() {
      started.countDown();
      try {
        Runtime.getRuntime().removeShutdownHook(atShutdown);
      } catch (IllegalStateException e) {
        // The JVM is shutting down, so it has run the hook or will.
      }
    }

    @Override
    public synchronized boolean add(Process started) {
      process = started;
      this.started.countDown();
      watcher.accept(process.toHandle());
      if (killed) {
        kill();
      }
      return true;
    }

    @Override
    public boolean remove(Process ended) {
      return true;
    }

    @Override
    public synchronized int size() {
      return process == null ? 0 : 1;
    }

    private void killAtShutdown() {
      try {
        if (!started.await(START.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      kill();
    }

    synchronized void kill() {
      killed = true;
      if (process != null) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
  }
}
