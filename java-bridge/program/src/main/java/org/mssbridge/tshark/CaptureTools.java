package org.mssbridge.tshark;

import java.io.File;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mssbridge.model.Printable;

/**
 * The small tools that come with tshark: capinfos, editcap and mergecap.
 *
 * @param tshark the tshark of the same installation
 */
public record CaptureTools(Tshark tshark) {
  private static final int START = 2;
  private static final int END = 1;
  private static final int PACKETS = 3;
  private static final int NANO_DIGITS = 9;

  /**
   * The period in which a file was captured.
   *
   * @param packets number of packets in the file
   * @param firstNanos earliest time, nanoseconds since 1970; meaningless without packets
   * @param lastNanos latest time, likewise
   * @param complete false if the file ends inside a packet or is damaged
   */
  public record Span(int packets, long firstNanos, long lastNanos, boolean complete) {}

  /**
   * Reads the period of a file.
   *
   * @throws TsharkException if the file is not a capture
   */
  public Span span(Path file) throws TsharkException {
    CaptureCheck.check(file);
    Child.Result result =
        run("capinfos", List.of("-T", "-r", "-M", "-S", "-c", "-a", "-e", absolute(file)));
    String line = result.output().strip();
    String[] columns = line.split("\t", -1);
    if (columns.length <= PACKETS) {
      throw new TsharkException(
          Printable.of(file)
              + ": capinfos could not read it: "
              + Printable.of(result.complaint())
              + "; name a capture file");
    }
    int packets = Integer.parseInt(columns[columns.length - PACKETS]);
    boolean timed = packets > 0 && Character.isDigit(columns[columns.length - END].charAt(0));
    return new Span(
        packets,
        timed ? nanos(columns[columns.length - START]) : 0,
        timed ? nanos(columns[columns.length - END]) : 0,
        result.status() == 0);
  }

  private static long nanos(String seconds) {
    return new BigDecimal(seconds).movePointRight(NANO_DIGITS).longValue();
  }

  /**
   * Copies the whole packets of a damaged file.
   *
   * @throws TsharkException if nothing can be read from it
   */
  public void salvage(Path file, Path copy) throws TsharkException, IOException {
    Child.Result result = run("editcap", List.of(absolute(file), absolute(copy)));
    if (!Files.exists(copy)) {
      throw new TsharkException(
          Printable.of(file) + ": editcap could not read it: " + result.complaint());
    }
  }

  /**
   * Joins files into one capture, in time order.
   *
   * @throws TsharkException if one cannot be read, or the disk is full
   */
  public void join(List<Path> files, Path joined) throws TsharkException {
    List<String> arguments = new ArrayList<>(List.of("-F", "pcapng", "-w", absolute(joined)));
    files.forEach(file -> arguments.add(absolute(file)));
    Child.Result result = run("mergecap", arguments);
    if (result.status() != 0) {
      throw new TsharkException(
          Printable.of(files.get(0))
              + " and "
              + (files.size() - 1)
              + " more: mergecap could not join them: "
              + Printable.of(result.complaint()),
          false,
          result.status() == Child.INTERRUPTED);
    }
  }

  /** A name that no tool mistakes for an option. */
  private static String absolute(Path file) {
    return file.toAbsolutePath().toString();
  }

  private Child.Result run(String tool, List<String> arguments) throws TsharkException {
    List<String> command = new ArrayList<>();
    command.add(program(tool));
    command.addAll(arguments);
    // The tools print nothing until they end, so a short timeout would take a slow disk for a hang.
    Duration patience = Duration.ofDays(1);
    try {
      return Child.run(command, Map.of("LC_ALL", "C.UTF-8", "TZ", "UTC"), patience);
    } catch (IOException e) {
      throw new TsharkException(
          tool
              + ": cannot be started; it comes with tshark (Debian: apt-get install"
              + " wireshark-common)",
          e);
    }
  }

  private String program(String tool) {
    String program = tshark.program();
    if (program.contains(File.separator)) {
      Path sibling = Path.of(program).resolveSibling(tool);
      if (Files.isExecutable(sibling)) {
        return sibling.toString();
      }
    }
    return tool;
  }
}
