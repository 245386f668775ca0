package org.mssbridge.capturefile;

import org.mssbridge.output.OutputException;

/** The frames of a file, as counted here, are not those that tshark saw. */
final class MisplacedException extends OutputException {
  private static final long serialVersionUID = 1L;

  MisplacedException(String message) {
    super(message);
  }
}
