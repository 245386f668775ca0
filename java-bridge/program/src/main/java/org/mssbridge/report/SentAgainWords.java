package org.mssbridge.report;

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

  /** Empty where nothing was, as far as the captures show. */
  static Optional<String> of(Evidence evidence) {
    StringJoiner all = new StringJoiner("; ");
    for (Retransmissions again : evidence.retransmissions()) {
      if (again.segments() > 0) {
        all.add(words(again));
      }
    }
    return all.length() == 0 ? Optional.empty() : Optional.of(all.toString());
  }

  private static String words(Retransmissions again) {
    String receiver = again.direction() == Direction.C2S ? "server" : "client";
    StringJoiner causes = new StringJoiner(", ");
    for (Map.Entry<Cause, Amount> cause : again.causes().entrySet()) {
      if (cause.getValue().segments() > 0) {
        causes.add(
            Numbers.grouped(cause.getValue().segments()) + " " + again.words(cause.getKey()));
      }
    }
    return Numbers.count(again.segments(), "segment") + " to the " + receiver + ": " + causes;
  }
}
