package org.mssbridge.casefile;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * A run of the program, as known at its start.
 *
 * @param version version of the program
 * @param tshark version of tshark
 * @param command the command line without the program's name
 * @param directory the working directory
 * @param started when it began
 */
public record StartedRun(
    String version, String tshark, List<String> command, Path directory, Instant started) {
  public StartedRun {
    command = List.copyOf(command);
  }
}
