package org.mssbridge.report;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Retransmissions;
import org.mssbridge.evidence.Retransmissions.Amount;
import org.mssbridge.evidence.Retransmissions.Cause;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Numbers;

/** How much data was sent again and why, in a sentence. */
final class SentAgainWords {
  private SentAgainWords() {}

  /**
   * Losses beside which no report says that there is no problem.
   *
   * @param words how much was sent again and why
   * @param areSure whether something was lost; otherwise it may only have been late
   */
  record Losses(String words, boolean areSure) {}

  /** Empty where nothing was, as far as the captures show. */
  static Optional<String> of(Evidence evidence) {
    StringJoiner all = new StringJoiner("; ");
    for (Retransmissions again : evidence.retransmissions()) {
      if (again.segments() > 0) {
        all.add(words(again, again.causes()));
      }
    }
    return all.length() == 0 ? Optional.empty() : Optional.of(all.toString());
  }

  /** What was sent again for losses, or may have been; empty where nothing was. */
  static Optional<Losses> losses(Evidence evidence) {
    StringJoiner all = new StringJoiner("; ");
    boolean isSure = false;
    for (Retransmissions again : evidence.retransmissions()) {
      Map<Cause, Amount> losses = new LinkedHashMap<>();
      again
          .causes()
          .forEach(
              (cause, amount) -> {
                if (cause.what().isLoss() && amount.segments() > 0) {
                  losses.put(cause, amount);
                }
              });
      if (!losses.isEmpty()) {
        all.add(words(again, losses));
        isSure |= losses.keySet().stream().anyMatch(Cause::isSurelyLoss);
      }
    }
    return all.length() == 0 ? Optional.empty() : Optional.of(new Losses(all.toString(), isSure));
  }

  private static String words(Retransmissions again, Map<Cause, Amount> some) {
    String receiver = again.direction() == Direction.C2S ? "server" : "client";
    StringJoiner causes = new StringJoiner(", ");
    int segments = 0;
    for (Map.Entry<Cause, Amount> cause : some.entrySet()) {
      if (cause.getValue().segments() > 0) {
        segments += cause.getValue().segments();
        causes.add(
            Numbers.grouped(cause.getValue().segments()) + " " + again.words(cause.getKey()));
      }
    }
    return Numbers.count(segments, "segment") + " to the " + receiver + ": " + causes;
  }
}
