package org.mssbridge.report;

import java.util.List;

/** All sinks. */
public final class Sinks {
  private Sinks() {}

  /** All sinks, in the order in which they are checked and written. */
  public static List<Sink> all() {
    return List.of(
        JsonReport.SINK,
        EkReport.SINK,
        HtmlReport.SINK,
        new AnnotatedCaptures(),
        new MergedReport());
  }
}
