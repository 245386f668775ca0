package org.mssbridge.report;

import java.io.IOException;
import java.io.OutputStream;

/** Stub. */
public final class EkReport {
  private EkReport() {}

  /** Stub. */
  public static void write(Report report, OutputStream out) throws IOException {
    out.write('\n');
  }
}
