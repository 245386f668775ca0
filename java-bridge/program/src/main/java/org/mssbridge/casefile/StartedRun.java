package org.mssbridge.casefile;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * A run of the program, as it begins.
 *
 * @param version of the program
 * @param tshark version of tshark
 * @param command the command line without the program's name
 * @param directory where it was started
 * @param started when
 */
public record StartedRun(
    String version, String tshark, List<String> command, Path directory, Instant started) {
  public StartedRun {
    command = List.copyOf(command);
  }
}
