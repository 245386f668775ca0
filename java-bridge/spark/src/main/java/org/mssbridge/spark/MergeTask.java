package org.mssbridge.spark;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.mssbridge.casefile.CaseFile;
import org.mssbridge.casefile.CaseFileException;
import org.mssbridge.casefile.CaseMerge;
import org.mssbridge.casefile.CaseParquet;
import org.mssbridge.casefile.Expectations;
import org.mssbridge.model.Leftover;
import org.mssbridge.model.Severity;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction2;

/** Makes one file of each table out of what is committed of some hundred pairs. */
final class MergeTask
    extends AbstractFunction2<TaskContext, Iterator<MergeTask.Part>, MergeTask.Found>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Tables that are not of a pair: they are in the first part alone. */
  private static final Set<String> OF_ALL =
      Set.of("run", "expectation", "fingerprinted_capture", "fingerprinted_file");

  private final TaskOptions options;
  private final ArrayList<HashMap<String, String>> policy;
  private final Severity failOn;

  /**
   * Some pairs.
   *
   * @param number from 0
   * @param commits names of their commits
   * @param runs names of all runs, in the order of their numbers
   * @param wanted ids of the pairs of this run
   */
  record Part(
      int number, ArrayList<String> commits, ArrayList<String> runs, ArrayList<String> wanted)
      implements Serializable {}

  /**
   * What the pairs hold that the policy does not accept.
   *
   * @param unused numbers of the lines of the policy that accept nothing here
   */
  record Found(ArrayList<Unexpected> unexpected, ArrayList<Integer> unused)
      implements Serializable {}

  /** As {@link Expectations.Unexpected}, in a form that Java can send. */
  record Unexpected(
      String code, String severity, String way, String message, long pairs, long connections)
      implements Serializable {
    static Unexpected of(Expectations.Unexpected found) {
      return new Unexpected(
          found.code(),
          found.severity(),
          found.way(),
          found.message(),
          found.pairs(),
          found.connections());
    }
  }

  /**
   * @param policy known and accepted findings
   * @param failOn the severity that counts; null for none
   */
  MergeTask(TaskOptions options, List<Map<String, String>> policy, Severity failOn) {
    this.options = options;
    this.policy = new ArrayList<>();
    policy.forEach(row -> this.policy.add(new HashMap<>(row)));
    this.failOn = failOn;
  }

  @Override
  public Found apply(TaskContext context, Iterator<Part> parts) {
    Part part = parts.next();
    try (Leftover scratch = Leftover.temporary()) {
      return merge(part, scratch.path());
    } catch (IOException | CaseFileException e) {
      throw new UncheckedIOException(
          "on " + ExecutorTools.host() + ": " + e.getMessage(), new IOException(e));
    }
  }

  private Found merge(Part part, Path scratch) throws IOException, CaseFileException {
    OutputFolder out = OutputFolder.ofTask(options.out(), options.configuration());
    Path tables = scratch.resolve("tables");
    Found found;
    try (CaseFile file = CaseFile.forScratch(scratch.resolve("part.db"))) {
      CaseMerge merge = new CaseMerge(file);
      Path one = scratch.resolve("one.db");
      for (int run = 0; run < part.runs().size(); run++) {
        PackedCase.get(out.runs(), part.runs().get(run), one);
        merge.run(run + 1, one);
        Files.delete(one);
      }
      for (String commit : part.commits()) {
        PackedCase.get(out.pairs(), commit, one);
        merge.add(one);
        Files.delete(one);
      }
      found = judge(new Expectations(file), part);
      new CaseParquet(file).write(tables);
    }
    put(tables, part.number(), out.newTables());
    return found;
  }

  private Found judge(Expectations expectations, Part part) throws CaseFileException {
    expectations.apply(List.copyOf(policy));
    ArrayList<Unexpected> unexpected = new ArrayList<>();
    if (failOn != null) {
      expectations
          .unexpected(part.wanted(), failOn)
          .forEach(each -> unexpected.add(Unexpected.of(each)));
    }
    return new Found(unexpected, new ArrayList<>(expectations.unused()));
  }

  private static void put(Path tables, int number, Store target) throws IOException {
    try (Stream<Path> all = Files.list(tables)) {
      for (Path table : all.sorted().toList()) {
        String name = String.valueOf(table.getFileName());
        if (number == 0 || !OF_ALL.contains(name)) {
          try (Stream<Path> files = Files.list(table)) {
            target
                .in(name)
                .put(
                    files.findFirst().orElseThrow(),
                    String.format(Locale.ROOT, "part-%05d.parquet", number));
          }
        }
      }
    }
  }
}
