package org.mssbridge.rule;

import java.util.List;
import java.util.stream.Collectors;
import org.mssbridge.finding.Facts;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.rule.ConnectionOneSided.Answer;

/**
 * What two captures show of connections that one of them does not have.
 *
 * @param point the point that saw them
 * @param missing the point that did not
 * @param connections their number
 * @param answerFrames the first answer to each, at the point that saw them
 * @param portIsAtBoth whether other connections to the same server and port are at both points
 */
record OneSidedSight(
    CapturePoint point,
    CapturePoint missing,
    Answer answer,
    int connections,
    List<Integer> answerFrames,
    boolean portIsAtBoth) {
  private static final int MAX_FRAMES = 5;

  OneSidedSight {
    answerFrames = List.copyOf(answerFrames);
  }

  /**
   * The facts that all findings about such connections have.
   *
   * @param isApart whether the other point has connections with the same ends
   */
  Facts facts(boolean isApart) {
    return Facts.of("seen_at", point.name())
        .and("not_seen_at", missing.name())
        .and("answer", answer.text)
        .and("answer_frames", answerFrames)
        .and("port_is_at_both", portIsAtBoth)
        .and("same_ends_at_both", isApart);
  }

  /** Such as {@code refusals at server: frames 3, 5}. */
  String answers() {
    return (answer == Answer.REFUSED ? "refusals at " : "answers at ")
        + point
        + ": "
        + (answerFrames.size() == 1 ? "frame " : "frames ")
        + answerFrames.stream()
            .limit(MAX_FRAMES)
            .map(String::valueOf)
            .collect(Collectors.joining(", "))
        + (answerFrames.size() > MAX_FRAMES
            ? " (+" + (answerFrames.size() - MAX_FRAMES) + " more)"
            : "");
  }
}
