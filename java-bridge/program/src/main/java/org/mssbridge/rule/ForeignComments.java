package org.mssbridge.rule;

import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Kind;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/**
 * Comments in the input that look like findings of this program. They are found only while a copy
 * is annotated, so this finding is on that packet of the copy and in no report.
 *
 * @param ignored number of such comments
 */
public record ForeignComments(int ignored) implements Finding {
  private static final Kind KIND =
      new Kind(
          "capture.foreign-comments",
          Severity.NOTE,
          Group.SECURITY,
          "comments of the input look like findings");

  @Override
  public Kind kind() {
    return KIND;
  }

  @Override
  public String message() {
    return String.format(
        "%d comment%s of this packet %s in the input and no finding of this comparison",
        ignored, ignored == 1 ? "" : "s", ignored == 1 ? "was" : "were");
  }

  @Override
  public Facts facts() {
    return Facts.of("ignored", ignored);
  }
}
