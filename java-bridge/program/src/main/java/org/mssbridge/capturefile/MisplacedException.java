package org.mssbridge.capturefile;

import org.mssbridge.output.OutputException;

/** The frames counted in a file are not the frames that tshark saw. */
final class MisplacedException extends OutputException {
  private static final long serialVersionUID = 1L;

  MisplacedException(String message) {
    super(message);
  }
}
