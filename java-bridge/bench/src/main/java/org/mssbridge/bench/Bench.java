package org.mssbridge.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures a comparison next to other programs that read the same two captures. Prints a table of
 * wall time, CPU time, and the peak memory of all processes of a row together.
 *
 * <p>Usage: {@code Bench PROJECT FOLDER}, with client.pcap and server.pcap in FOLDER.
 */
public final class Bench {
  private static final double NANOS = 1e9;
  private static final int SAMPLE_MILLIS = 50;

  private final Path project;
  private final Path folder;

  private Bench(Path project, Path folder) {
    this.project = project;
    this.folder = folder;
  }

  /** The cost of a row. */
  private record Cost(double wallSeconds, double cpuSeconds, long peakMib, boolean failed) {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    boolean done = new Bench(Path.of(arguments[0]), Path.of(arguments[1])).run();
    System.exit(done ? 0 : 1);
  }

  private boolean run() throws IOException, InterruptedException {
    String mssbridge = project.resolve("plugin/bin/mssbridge").toString();
    List<String> compare =
        List.of(mssbridge, "compare", "--quiet", "--json", folder + "/report.json");
    measure(List.of(List.of(mssbridge, "--version"))); // Builds the program and starts it once.
    System.out.printf("%-52s %8s %8s %9s %8s%n", "", "wall s", "CPU s", "peak MiB", "to (a)");
    Cost syn =
        both(
            List.of("tshark", "-n", "-T", "fields", "-Y", "tcp.flags.syn==1", "-e", "frame.number"),
            List.of("-e", "tcp.options.mss_val", "-r"));
    row("(a) tshark -T fields -Y tcp.flags.syn==1, both at once", syn, syn);
    Cost tcptrace = both(List.of("tcptrace", "-n", "-l"), List.of());
    row("(b) tcptrace -n -l, both at once", tcptrace, syn);
    row("(c) reading both files once", both(List.of("cat"), List.of()), syn);
    Cost evidence = measure(List.of(captures(compare)));
    row("mssbridge compare", evidence, syn);
    List<String> all = new ArrayList<>(compare);
    all.addAll(List.of("--frames", "all"));
    Cost unsifted = measure(List.of(captures(all)));
    row("mssbridge compare --frames all", unsifted, syn);
    Cost plain = both(ek(false), List.of("-r"));
    row("(d) tshark -T ek, the same fields, both at once", plain, syn);
    Cost tagged = both(ek(true), List.of("-r"));
    row("(e) the same with the post-dissector", tagged, syn);
    System.out.printf(
        Locale.ROOT,
        "%npost-dissector:  %+.0f %% CPU on top of tshark, (e) to (d)%n"
            + "--frames all:    %+.0f %% CPU on top of its tsharks, to (e)%n",
        100 * (tagged.cpuSeconds() / plain.cpuSeconds() - 1),
        100 * (unsifted.cpuSeconds() / tagged.cpuSeconds() - 1));
    return !evidence.failed() && !unsifted.failed();
  }

  private List<String> captures(List<String> command) {
    List<String> whole = new ArrayList<>(command);
    whole.add(folder.resolve("client.pcap").toString());
    whole.add(folder.resolve("server.pcap").toString());
    return whole;
  }

  private Cost both(List<String> command, List<String> more)
      throws IOException, InterruptedException {
    List<List<String>> commands = new ArrayList<>();
    for (String capture : List.of("client.pcap", "server.pcap")) {
      List<String> whole = new ArrayList<>(command);
      whole.addAll(more);
      whole.add(folder.resolve(capture).toString());
      commands.add(whole);
    }
    return measure(commands);
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

  private static void row(String name, Cost cost, Cost reference) {
    System.out.printf(
        Locale.ROOT,
        "%-52s %8.2f %8.2f %9d %8s%s%n",
        name,
        cost.wallSeconds(),
        cost.cpuSeconds(),
        cost.peakMib(),
        String.format(Locale.ROOT, "1/%.1f", reference.wallSeconds() / cost.wallSeconds()),
        cost.failed() ? "  FAILED" : "");
  }

  /** Runs commands in parallel until all end. */
  private Cost measure(List<List<String>> commands) throws IOException, InterruptedException {
    List<Process> processes = new ArrayList<>();
    List<Path> times = new ArrayList<>();
    long startedNanos = System.nanoTime();
    for (List<String> command : commands) {
      Path time = Files.createTempFile(folder, "time", "");
      List<String> timed =
          new ArrayList<>(List.of("/usr/bin/time", "-o", time.toString(), "-f", "%U %S"));
      timed.addAll(command);
      ProcessBuilder builder = new ProcessBuilder(timed);
      builder.environment().put("LC_ALL", "C.UTF-8");
      builder.environment().put("WIRESHARK_CONFIG_DIR", folder.toString());
      builder.redirectInput(new File("/dev/null"));
      builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
      builder.redirectError(folder.resolve("stderr").toFile());
      times.add(time);
      processes.add(builder.start());
    }
    long peakKib = 0;
    while (processes.stream().anyMatch(Process::isAlive)) {
      long kib = 0;
      for (Process process : processes) {
        kib += process.descendants().mapToLong(Bench::residentKib).sum();
      }
      peakKib = Math.max(peakKib, kib);
      Thread.sleep(SAMPLE_MILLIS);
    }
    double wallSeconds = (System.nanoTime() - startedNanos) / NANOS;
    boolean failed = false;
    for (Process process : processes) {
      failed |= process.waitFor() != 0;
    }
    double cpuSeconds = 0;
    for (Path time : times) {
      List<String> lines = Files.readAllLines(time);
      for (String seconds : lines.get(lines.size() - 1).split(" ", -1)) {
        cpuSeconds += Double.parseDouble(seconds);
      }
    }
    if (failed) {
      Files.readAllLines(folder.resolve("stderr")).stream().limit(5).forEach(System.err::println);
    }
    return new Cost(wallSeconds, cpuSeconds, peakKib >> 10, failed);
  }

  private static long residentKib(ProcessHandle process) {
    try {
      return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    } catch (IOException e) {
      return 0; // The process has just ended.
    }
  }
}
