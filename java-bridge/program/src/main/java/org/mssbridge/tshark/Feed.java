package org.mssbridge.tshark;

import java.io.IOException;
import java.io.OutputStream;

/** Writes a capture, or a part of one, to tshark's standard input. */
public interface Feed {
  /**
   * Writes the capture; called on its own thread. If it throws an {@link IOException}, tshark has
   * read what was written until then.
   *
   * @param heartbeat to be called while there is nothing to write yet, so that tshark's silence
   *     does not count as hanging
   */
  void writeTo(OutputStream standardInput, Runnable heartbeat) throws IOException;
}
