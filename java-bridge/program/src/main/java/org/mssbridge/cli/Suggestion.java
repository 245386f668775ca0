package org.mssbridge.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the known word that a mistyped one was probably meant to be. */
final class Suggestion {
  /** One error in so many characters is taken for a slip, and one in any word. */
  private static final int CHARACTERS_PER_SLIP = 3;

  /** Fewer characters are a part of too many words. */
  private static final int LEAST_PART = 3;

  private Suggestion() {}

  /** A question that ends an error, such as {@code ; did you mean compare?}; empty without one. */
  static String question(String typed, Collection<String> known) {
    return nearest(typed, known).map(word -> "; did you mean " + word + "?").orElse("");
  }

  /** The known word with the fewest slips, or else one of which it is a part. */
  static Optional<String> nearest(String typed, Collection<String> known) {
    String word = typed.toLowerCase(Locale.ROOT);
    Optional<String> near =
        known.stream()
            .filter(other -> slips(word, other) <= Math.max(1, word.length() / CHARACTERS_PER_SLIP))
            .filter(other -> slips(word, other) < other.length() - dashes(other))
            .min(Comparator.comparingInt(other -> slips(word, other)));
    if (near.isPresent() || word.length() - dashes(word) < LEAST_PART) {
      return near;
    }
    return known.stream()
        .filter(other -> other.toLowerCase(Locale.ROOT).contains(word))
        .min(Comparator.comparingInt(other -> other.toLowerCase(Locale.ROOT).indexOf(word)));
  }

  private static int dashes(String word) {
    return word.length() - word.replaceFirst("^-+", "").length();
  }

  /**
   * The number of characters added, left out or replaced, or of neighbours swapped, between two
   * words, regardless of case (optimal string alignment distance).
   */
  private static int slips(String typed, String known) {
    String a = typed;
    String b = known.toLowerCase(Locale.ROOT);
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int replaced = cost[i - 1][j - 1] + (same ? 0 : 1);
        cost[i][j] = Math.min(replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}
