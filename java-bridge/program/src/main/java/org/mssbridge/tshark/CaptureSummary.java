package org.mssbridge.tshark;

import java.util.List;

/**
 * How the reading of a capture ended.
 *
 * @param complete false where the file ends inside a packet or is damaged: the packets before that
 *     place were read
 * @param complaint what tshark said about it, in one line; empty where it said nothing
 * @param command the exact command line of tshark
 */
public record CaptureSummary(boolean complete, String complaint, List<String> command) {
  /** Keeps a copy of the list. */
  public CaptureSummary {
    command = List.copyOf(command);
  }
}
