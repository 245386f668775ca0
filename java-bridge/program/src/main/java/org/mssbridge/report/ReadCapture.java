package org.mssbridge.report;

import java.util.List;
import java.util.Optional;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Input;

/**
 * A capture after it was read.
 *
 * @param content its connections and ICMP messages
 * @param input its files, with their digests
 * @param command the exact command line of the tshark that read it
 * @param notSifted why tshark read the whole capture; empty where the sieve read the plain segments
 *     and tshark only the rest
 */
public record ReadCapture(
    PointCapture content, Input input, List<String> command, Optional<String> notSifted) {
  public ReadCapture {
    command = List.copyOf(command);
  }

  public CapturePoint point() {
    return content.point();
  }

  /** The same with the digests of the files. */
  public ReadCapture with(Input digested) {
    return new ReadCapture(content, digested, command, notSifted);
  }

  /**
   * The command as reports show it: a capture that was joined or split is named as the user knows
   * it, since the file that was read is deleted after the run.
   */
  public List<String> lastingCommand() {
    String path = input.path().toAbsolutePath().toString();
    return command.stream()
        .map(word -> input.isTemporary() && word.equals(path) ? input.name() : word)
        .toList();
  }
}
