package org.mssbridge.tshark;

import java.util.List;

/**
 * How the reading of a capture ended.
 *
 * @param complete false if the file ends inside a packet or is damaged; the packets before the
 *     damage were read
 * @param complaint what tshark wrote to standard error, in one line; empty if nothing
 * @param command the exact command line of tshark
 */
public record CaptureSummary(boolean complete, String complaint, List<String> command) {
  /** Copies the list. */
  public CaptureSummary {
    command = List.copyOf(command);
  }
}
