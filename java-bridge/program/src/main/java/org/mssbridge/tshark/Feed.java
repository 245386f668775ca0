package org.mssbridge.tshark;

import java.io.IOException;
import java.io.OutputStream;

/** Gives tshark a capture through its standard input, such as a part of one that is a file. */
public interface Feed {
  /**
   * Writes the capture; called by a thread of its own. If it throws an {@link IOException}, tshark
   * has read what was written until then.
   *
   * @param heartbeat to be called while nothing can be written yet, lest tshark's silence count as
   *     hanging
   */
  void writeTo(OutputStream standardInput, Runnable heartbeat) throws IOException;

  /** What the frames that the sink is given say of their number; asked while the sink has one. */
  int frameInCapture();
}
