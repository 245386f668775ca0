package org.mssbridge.spark;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.mssbridge.casefile.CaseFolder;
import org.mssbridge.casefile.CaseTable;
import org.mssbridge.model.Printable;
import org.mssbridge.output.OutputException;

/**
 * The folder of a batch: the tables, and in {@link CaseFolder#WORK} what is committed of each pair.
 * One driver at a time works in it.
 */
final class OutputFolder implements AutoCloseable {
  private static final String FORMAT = "format";
  private static final String FORMAT_TEXT = "mssbridge-cluster-case/1\n";
  private static final String LOCK = "lock";
  private static final String PAIRS = "pairs";
  private static final String RUNS = "runs";
  private static final String FINGERPRINTS = "fingerprints";
  private static final String NEW_TABLES = "tables";
  private static final String OLD_TABLES = "replaced";

  private final String name;
  private final Store store;
  private final Store work;
  private final Thread atShutdown = new Thread(this::unlock, "unlock the output");

  private OutputFolder(String name, Configuration configuration) throws IOException {
    this.name = name;
    this.store = Store.of(name, configuration);
    this.work = store.in(CaseFolder.WORK);
  }

  /** The folder for a task, which does not lock it. */
  static OutputFolder ofTask(String name, Configuration configuration) throws IOException {
    return new OutputFolder(name, configuration);
  }

  /**
   * Opens and locks the folder, and makes it if there is none.
   *
   * @param takesOver whether another driver's lock is ignored
   * @throws OutputException if it holds anything else, or another driver works in it
   */
  static OutputFolder lock(String name, Configuration configuration, boolean takesOver)
      throws IOException {
    OutputFolder folder = new OutputFolder(name, configuration);
    try {
      folder.require();
      folder.lock(takesOver);
    } catch (OutputException e) {
      throw e;
    } catch (IOException e) {
      throw failure(name, e);
    }
    Runtime.getRuntime().addShutdownHook(folder.atShutdown);
    folder.pairs().removeUnfinished();
    return folder;
  }

  /** The error for the user if the folder cannot be written. */
  private static OutputException failure(String name, IOException e) {
    return new OutputException(
        Printable.of(name)
            + ": cannot be written: "
            + Printable.of(String.valueOf(e.getMessage()))
            + "; name another folder with --out",
        e);
  }

  private void require() throws IOException {
    if (work.exists(FORMAT)) {
      if (!work.text(FORMAT).equals(FORMAT_TEXT)) {
        throw new OutputException(
            Printable.of(name)
                + ": was made by another version of mssbridge; use that one, or name another folder"
                + " with --out");
      }
      return;
    }
    List<String> names = store.names();
    if (!names.isEmpty()) {
      throw new OutputException(
          "will not write into "
              + Printable.of(name)
              + ": it holds other files, such as "
              + Printable.of(names.get(0))
              + "; name a folder that is new, empty or of an earlier batch with --out");
    }
    work.make();
    pairs().make();
    runs().make();
    work.create(FORMAT, FORMAT_TEXT);
  }

  private void lock(boolean takesOver) throws IOException {
    String owner = Owner.own().text();
    if (work.create(LOCK, owner)) {
      return;
    }
    Owner other = Owner.parse(work.text(LOCK));
    if (takesOver || other.isGone()) {
      work.remove(LOCK);
      if (work.create(LOCK, owner)) {
        return;
      }
    }
    throw new OutputException(
        Printable.of(name)
            + ": another batch works in it, "
            + Printable.of(other.words())
            + "; wait for it, or if it is gone, run again with --take-over");
  }

  private void unlock() {
    try {
      if (work.text(LOCK).equals(Owner.own().text())) {
        work.remove(LOCK);
      }
    } catch (IOException e) {
      // The next driver sees that this one is gone, or is told to take over.
    }
  }

  @Override
  public void close() {
    unlock();
    Runtime.getRuntime().removeShutdownHook(atShutdown);
  }

  /** The driver that holds a lock. */
  private record Owner(String host, long process, String started) {
    static Owner own() throws IOException {
      ProcessHandle self = ProcessHandle.current();
      return new Owner(InetAddress.getLocalHost().getHostName(), self.pid(), start(self));
    }

    private static String start(ProcessHandle process) {
      return process.info().startInstant().orElse(Instant.EPOCH).toString();
    }

    static Owner parse(String text) {
      String[] parts = text.strip().split(" ", -1);
      try {
        return new Owner(parts[0], Long.parseLong(parts[1]), parts[2]);
      } catch (ArrayIndexOutOfBoundsException | NumberFormatException e) {
        return new Owner("?", 0, "?"); // It was killed while it wrote this.
      }
    }

    String text() {
      return host + " " + process + " " + started + "\n";
    }

    String words() {
      return "process " + process + " on " + host + " since " + started;
    }

    /** Whether it ran on this host, and does not any more; another process may have its number. */
    boolean isGone() throws IOException {
      return host.equals(own().host())
          && ProcessHandle.of(process).map(p -> !start(p).equals(started)).orElse(true);
    }
  }

  /** What is committed of pairs, see {@link Commit}. */
  Store pairs() {
    return work.in(PAIRS);
  }

  /** The runs, each a case without pairs, named by its number. */
  Store runs() {
    return work.in(RUNS);
  }

  /** What was read of captures, see {@link KeptCapture}. */
  Store fingerprints() {
    return work.in(FINGERPRINTS);
  }

  /** The tables that a merge makes, until {@link #publish}. */
  Store newTables() {
    return work.in(NEW_TABLES);
  }

  /** The latest commit of each pair, by the digest of its id. */
  Map<String, Commit> commits() throws IOException {
    Map<String, Commit> commits = new HashMap<>();
    for (String file : pairs().names()) {
      Optional<Commit> commit = Commit.parse(file);
      commit.ifPresent(found -> commits.put(found.pair(), found));
    }
    return commits;
  }

  /** Begins to make new tables. */
  void beginTables() throws IOException {
    work.remove(NEW_TABLES);
    newTables().make();
  }

  /** Replaces the tables by the new ones, each by one rename. */
  void publish(List<CaseTable> tables) throws IOException {
    work.remove(OLD_TABLES);
    work.in(OLD_TABLES).make();
    work.create(CaseFolder.REPLACING, "");
    for (CaseTable table : tables) {
      store.replace(
          table.name(),
          CaseFolder.WORK + "/" + NEW_TABLES + "/" + table.name(),
          CaseFolder.WORK + "/" + OLD_TABLES + "/" + table.name());
    }
    work.remove(CaseFolder.REPLACING);
    work.remove(OLD_TABLES);
    work.remove(NEW_TABLES);
  }

  @Override
  public String toString() {
    return store.toString();
  }
}
