package org.mssbridge.report;

/** Stub. */
public final class TextReport {
  private TextReport() {}

  /** Stub. */
  public static String render(Report report, boolean colour) {
    StringBuilder text = new StringBuilder(Verdict.of(report)).append("\n");
    report
        .findings()
        .forEach(
            f ->
                text.append(f.finding().severity())
                    .append(' ')
                    .append(f.finding().kind().code())
                    .append(' ')
                    .append(f.finding().message())
                    .append(" x")
                    .append(f.occurrences().size())
                    .append(' ')
                    .append(f.occurrences().get(0).frames().stream().limit(4).toList())
                    .append("\n"));
    return text.toString();
  }
}
