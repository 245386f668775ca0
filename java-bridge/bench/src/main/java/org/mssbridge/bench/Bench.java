package org.mssbridge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Generates captures, and measures the program next to other programs that read the same ones, one
 * after the other. Prints tables in Markdown, and under each what has a target.
 *
 * <p>Usage: {@code Bench PROJECT FOLDER SCALE PAIRS ROW…}; a row is the name of a {@link Workload},
 * or {@code batch}.
 */
public final class Bench {
  private static final long LIMIT_SECONDS = 300;
  private static final List<String> SYNS =
      List.of(
          "tshark",
          "-n",
          "-T",
          "fields",
          "-Y",
          "tcp.flags.syn==1",
          "-e",
          "frame.number",
          "-e",
          "tcp.options.mss_val",
          "-r");

  /** How the program's own rows begin. */
  private static final String OWN = "`mssbridge";

  /** A short run is as long as the machine is lucky. */
  private static final int SHORT_RUNS = 5;

  private final Path project;
  private final Path folder;
  private final double scale;
  private final int pairs;
  private final String mssbridge;
  private final Meter meter;
  private boolean done = true;

  private Bench(Path project, Path folder, double scale, int pairs) {
    this.project = project;
    this.folder = folder;
    this.scale = scale;
    this.pairs = pairs;
    mssbridge = project.resolve("plugin/bin/mssbridge").toString();
    meter = new Meter(folder, LIMIT_SECONDS);
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Bench bench =
        new Bench(
            Path.of(arguments[0]),
            Path.of(arguments[1]),
            Double.parseDouble(arguments[2]),
            Integer.parseInt(arguments[3]));
    bench.run(List.of(arguments).subList(4, arguments.length));
    System.exit(bench.done ? 0 : 1);
  }

  private void run(List<String> rows) throws IOException, InterruptedException {
    // Builds the program, and makes its archive of classes.
    generated(Workload.SMALL, 1);
    done = meter.measure(List.of(compare())).isDone();
    for (String row : rows) {
      if ("batch".equals(row)) {
        batch();
      } else {
        workload(Workload.valueOf(row.toUpperCase(Locale.ROOT)));
      }
    }
  }

  private void workload(Workload workload) throws IOException, InterruptedException {
    boolean isSmall = workload == Workload.PAIR;
    Results results = new Results(generated(workload, isSmall ? 1 : scale));
    int runs = isSmall ? SHORT_RUNS : 1;
    Cost syns =
        results.add("(a) tshark, fields of the SYNs, both at once", meter.median(runs, both(SYNS)));
    Cost tcptrace =
        results.add(
            "(b) `tcptrace -n -l`, both at once",
            meter.median(runs, both(List.of("tcptrace", "-n", "-l"))));
    results.add("(c) reading both files once", meter.median(runs, both(List.of("cat"))));
    Cost own = results.add("`mssbridge compare`", meter.median(runs, List.of(compare())));
    List<String> profile = profile(compare());
    switch (workload) {
      case BULK -> {
        Cost tenth = tenth(workload, results);
        results.target("CPU, times (b)", own.cpuSeconds() / tcptrace.cpuSeconds(), 2.5);
        results.target("wall, times (b)", own.wallSeconds() / tcptrace.wallSeconds(), 2);
        results.target("CPU, times (a)", own.cpuSeconds() / syns.cpuSeconds(), 1 / 7.0);
        results.target("CPU, times that of a tenth", own.cpuSeconds() / tenth.cpuSeconds(), 10.5);
      }
      case SHORT -> {
        recorded(results);
        Cost tenth = tenth(workload, results);
        results.target("CPU, times (a)", own.cpuSeconds() / syns.cpuSeconds(), 0.25);
        results.target("wall, times (b)", own.wallSeconds() / tcptrace.wallSeconds(), 1);
        results.target("CPU, times that of a tenth", own.cpuSeconds() / tenth.cpuSeconds(), 10.5);
      }
      case FLOOD -> {
        results.target("wall s", own.wallSeconds(), 15 * scale);
        results.target("GiB in all processes", own.peakMib() / 1024.0, 2);
      }
      case PAIR, SMALL -> {
        Cost one =
            results.add(
                "`tshark -n -r` of the client's",
                meter.median(runs, List.of(with(List.of("tshark", "-n", "-r"), "client.pcap"))));
        results.target("wall, times one tshark", own.wallSeconds() / one.wallSeconds(), 2.2);
        results.target("CPU, times one tshark", own.cpuSeconds() / one.cpuSeconds(), 2.2);
      }
      case INTERLEAVED -> interleaved(results, own);
    }
    done &= results.allDone(OWN);
    print(profile);
    for (Path capture : captures()) {
      Files.delete(capture);
    }
  }

  /** Measures a tenth of a workload in its place. */
  private Cost tenth(Workload workload, Results results) throws IOException, InterruptedException {
    generated(workload, scale / 10);
    return results.add("`mssbridge compare`, a tenth", meter.measure(List.of(compare())));
  }

  private void interleaved(Results results, Cost own) throws IOException, InterruptedException {
    Path copies = Files.createDirectory(folder.resolve("copies"));
    Cost annotated =
        results.add(
            "`mssbridge compare --annotate`",
            meter.measure(List.of(compare("--annotate", copies.toString()))));
    remove(copies);
    results.add(
        "`mssbridge compare --html`",
        meter.measure(List.of(compare("--html", folder.resolve("report.html").toString()))));
    Cost all =
        results.add(
            "`mssbridge compare --frames all`", meter.measure(List.of(compare("--frames", "all"))));
    Cost plain = results.add("(d) tshark `-T ek`, the same fields", meter.measure(both(ek(false))));
    Cost tagged =
        results.add("(e) the same with the post-dissector", meter.measure(both(ek(true))));
    results.target(
        "post-dissector: CPU of (e), times (d)", tagged.cpuSeconds() / plain.cpuSeconds(), 1.25);
    results.target("--frames all: CPU, times (e)", all.cpuSeconds() / tagged.cpuSeconds(), 1.25);
    results.target("--annotate: s more", annotated.wallSeconds() - own.wallSeconds(), 4);
  }

  private void batch() throws IOException, InterruptedException {
    Path files = Files.createDirectory(folder.resolve("pairs"));
    Generate.main(new String[] {"batch", files.toString(), Integer.toString(pairs)});
    Results results = new Results("batch: " + pairs + " pairs");
    String syns = String.join(" ", SYNS);
    results.add("(a) tshark, fields of the SYNs, both at once", meter.measure(eachPair(syns)));
    results.add("(b) `tcptrace -n -l`, both at once", meter.measure(eachPair("tcptrace -n -l")));
    results.add(
        "(c) reading all files once",
        meter.measure(List.of(List.of("sh", "-c", "cat \"$0\"/*/*", files.toString()))));
    Cost one =
        results.add(
            "`tshark -n -r` of each client's",
            meter.measure(
                List.of(
                    List.of(
                        "sh",
                        "-c",
                        "for file in \"$0\"/client/*; do tshark -n -r \"$file\"; done",
                        files.toString()))));
    List<String> command = recording(files + "/client/*.pcap=" + files + "/server/*.pcap");
    Cost own = results.add("`mssbridge batch`", meter.measure(List.of(with(command, "case.db"))));
    results.target("wall, times one tshark a pair", own.wallSeconds() / one.wallSeconds(), 0.8);
    results.target("CPU, times one tshark a pair", own.cpuSeconds() / one.cpuSeconds(), 0.8);
    done &= results.allDone(OWN);
    print(profile(with(command, "timed.db")));
    remove(files);
  }

  /** The command that compares pairs and records the reports; the case comes last. */
  private List<String> recording(String captures) {
    return List.of(mssbridge, "batch", "--quiet", "--pair", captures, "--case");
  }

  /** A case has a row of each occurrence in each connection: a batch of one large pair shows it. */
  private void recorded(Results results) throws IOException, InterruptedException {
    List<String> command = recording(captures().get(0) + "=" + captures().get(1));
    results.add("`mssbridge batch` of the pair", meter.measure(List.of(with(command, "large.db"))));
    Files.delete(folder.resolve("large.db"));
  }

  /** Runs a command on both captures of a pair at once, one pair after the other. */
  private List<List<String>> eachPair(String command) {
    String client = command + " \"$file\" & ";
    String server = command + " \"$0/server/${file##*/}\"; ";
    return List.of(
        List.of(
            "sh",
            "-c",
            "for file in \"$0\"/client/*; do " + client + server + "wait; done",
            folder.resolve("pairs").toString()));
  }

  /** Writes the captures of a workload, and says how large they are. */
  private String generated(Workload workload, double size) throws IOException {
    return Generate.write(workload, captures(), size, Generate.SEED);
  }

  private List<Path> captures() {
    return List.of(folder.resolve("client.pcap"), folder.resolve("server.pcap"));
  }

  /** The command on each capture. */
  private List<List<String>> both(List<String> command) {
    return List.of(with(command, "client.pcap"), with(command, "server.pcap"));
  }

  private List<String> with(List<String> command, String file) {
    List<String> whole = new ArrayList<>(command);
    whole.add(folder.resolve(file).toString());
    return whole;
  }

  private List<String> compare(String... options) {
    List<String> command =
        new ArrayList<>(
            List.of(mssbridge, "compare", "--json", folder.resolve("report.json").toString()));
    command.addAll(List.of(options));
    return with(with(command, "client.pcap"), "server.pcap");
  }

  /** Where the time of another run goes. */
  private List<String> profile(List<String> command) throws IOException, InterruptedException {
    List<String> timed = new ArrayList<>(command);
    timed.add("--timings");
    done &= meter.measure(List.of(timed)).isDone();
    return meter.complained();
  }

  private static void print(List<String> profile) {
    System.out.printf("%n```%n%s%n```%n", String.join("\n", profile));
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** The program's own tshark command line, taken from its sources. */
  private List<String> ek(boolean tagged) throws IOException {
    Path sources = project.resolve("java-bridge/program/src/main/java/org/mssbridge/tshark");
    List<String> command = new ArrayList<>(List.of("tshark", "-n"));
    for (String preference : found(sources.resolve("Tshark.java"), "\"(tcp\\.[a-z_]*:FALSE)\"")) {
      command.addAll(List.of("-o", preference));
    }
    if (tagged) {
      command.addAll(List.of("-X", "lua_script:" + project.resolve("lua/mss.lua")));
      for (String preference : found(sources.resolve("Tshark.java"), "\"(mss\\.[a-z_]*:TRUE)\"")) {
        command.addAll(List.of("-o", preference));
      }
    }
    command.addAll(List.of("-T", "ek"));
    for (String field : found(sources.resolve("EkField.java"), "\\(\"([a-z0-9_.]+)\"\\)[,;]")) {
      if (tagged || !field.startsWith("mss.")) {
        command.addAll(List.of("-e", field));
      }
    }
    command.add("-r");
    return command;
  }

  private static List<String> found(Path file, String pattern) throws IOException {
    Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(file));
    List<String> found = new ArrayList<>();
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    if (found.isEmpty()) {
      throw new IOException(file + ": nothing in it looks like " + pattern);
    }
    return found;
  }
}
