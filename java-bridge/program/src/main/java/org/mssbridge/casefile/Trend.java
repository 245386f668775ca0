package org.mssbridge.casefile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A sparkline: how often something happens over time, as a line of bars.
 *
 * @param stepsPerBar number of time steps per bar
 * @param bars one character per bar
 */
record Trend(int stepsPerBar, String bars) {
  private static final int MOST_BARS = 48;
  private static final String LEVELS = "▁▂▃▄▅▆▇█";

  /** There was nothing that could have been affected. */
  private static final char NOTHING = ' ';

  private static final char NEVER = '·';

  /**
   * A trend of shares.
   *
   * @param part the number in each step; a missing step means none
   * @param whole the total in each step
   */
  static Trend of(List<String> steps, Map<String, Long> part, Map<String, Long> whole) {
    int each = Math.max(1, (steps.size() + MOST_BARS - 1) / MOST_BARS);
    StringBuilder bars = new StringBuilder();
    for (int from = 0; from < steps.size(); from += each) {
      List<String> some = steps.subList(from, Math.min(steps.size(), from + each));
      bars.append(bar(sum(some, part), sum(some, whole)));
    }
    return new Trend(each, bars.toString());
  }

  /** A trend of numbers, relative to the largest one. */
  static Trend of(List<String> steps, Map<String, Long> numbers) {
    int each = Math.max(1, (steps.size() + MOST_BARS - 1) / MOST_BARS);
    List<Long> sums = new ArrayList<>();
    for (int from = 0; from < steps.size(); from += each) {
      sums.add(sum(steps.subList(from, Math.min(steps.size(), from + each)), numbers));
    }
    long most = sums.stream().mapToLong(Long::longValue).max().orElse(0);
    StringBuilder bars = new StringBuilder();
    sums.forEach(sum -> bars.append(sum == 0 ? NOTHING : bar(sum, most)));
    return new Trend(each, bars.toString());
  }

  /** A trend of levels, relative to the highest one; steps without one are missing. */
  static Trend ofLevels(List<String> steps, Map<String, Long> levels) {
    int each = Math.max(1, (steps.size() + MOST_BARS - 1) / MOST_BARS);
    long most = levels.values().stream().mapToLong(Long::longValue).max().orElse(0);
    StringBuilder bars = new StringBuilder();
    for (int from = 0; from < steps.size(); from += each) {
      OptionalDouble mean =
          steps.subList(from, Math.min(steps.size(), from + each)).stream()
              .filter(levels::containsKey)
              .mapToLong(levels::get)
              .average();
      bars.append(mean.isEmpty() ? NOTHING : bar(Math.round(mean.getAsDouble()), most));
    }
    return new Trend(each, bars.toString());
  }

  private static long sum(List<String> steps, Map<String, Long> numbers) {
    return steps.stream().mapToLong(step -> numbers.getOrDefault(step, 0L)).sum();
  }

  private static char bar(long part, long whole) {
    if (part == 0) {
      return whole == 0 ? NOTHING : NEVER;
    }
    int top = LEVELS.length() - 1;
    return LEVELS.charAt(whole == 0 ? top : (int) Math.min(top, part * top / whole));
  }
}
