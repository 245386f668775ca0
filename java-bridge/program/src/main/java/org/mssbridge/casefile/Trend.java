package org.mssbridge.casefile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How often something happens in each step of time, as a line of signs.
 *
 * @param stepsPerSign how many steps a sign stands for
 * @param signs one after another
 */
record Trend(int stepsPerSign, String signs) {
  private static final int MOST_SIGNS = 48;
  private static final String LEVELS = "▁▂▃▄▅▆▇█";

  /** Nothing was there that could have shown it. */
  private static final char NOTHING = ' ';

  private static final char NEVER = '·';

  /**
   * Of shares.
   *
   * @param part how often in each step; none where there is no key
   * @param whole out of how many
   */
  static Trend of(List<String> steps, Map<String, Long> part, Map<String, Long> whole) {
    int each = Math.max(1, (steps.size() + MOST_SIGNS - 1) / MOST_SIGNS);
    StringBuilder signs = new StringBuilder();
    for (int from = 0; from < steps.size(); from += each) {
      List<String> some = steps.subList(from, Math.min(steps.size(), from + each));
      signs.append(sign(sum(some, part), sum(some, whole)));
    }
    return new Trend(each, signs.toString());
  }

  /** Of numbers, against the largest of them. */
  static Trend of(List<String> steps, Map<String, Long> numbers) {
    int each = Math.max(1, (steps.size() + MOST_SIGNS - 1) / MOST_SIGNS);
    List<Long> sums = new ArrayList<>();
    for (int from = 0; from < steps.size(); from += each) {
      sums.add(sum(steps.subList(from, Math.min(steps.size(), from + each)), numbers));
    }
    long most = sums.stream().mapToLong(Long::longValue).max().orElse(0);
    StringBuilder signs = new StringBuilder();
    sums.forEach(sum -> signs.append(sum == 0 ? NOTHING : sign(sum, most)));
    return new Trend(each, signs.toString());
  }

  private static long sum(List<String> steps, Map<String, Long> numbers) {
    return steps.stream().mapToLong(step -> numbers.getOrDefault(step, 0L)).sum();
  }

  private static char sign(long part, long whole) {
    if (part == 0) {
      return whole == 0 ? NOTHING : NEVER;
    }
    int top = LEVELS.length() - 1;
    return LEVELS.charAt(whole == 0 ? top : (int) Math.min(top, part * top / whole));
  }
}
