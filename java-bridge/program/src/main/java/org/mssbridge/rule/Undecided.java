package org.mssbridge.rule;

import java.util.List;
import org.mssbridge.evidence.Passage;

/** Counts what cannot be decided on a leg, and knows where the first of it is. */
final class Undecided {
  private int count;
  private int frame;

  /**
   * Adds what is undecided of a passage.
   *
   * @param rows at the far point, in order
   */
  void add(Passage passage, List<Integer> rows) {
    if (count == 0 && !rows.isEmpty()) {
      frame = passage.far().table().frame(rows.get(0));
    }
    count += rows.size();
  }

  int count() {
    return count;
  }

  /** Where the first is, in words: {@code frame 12 and others}. */
  String frames() {
    return "frame " + frame + (count == 1 ? "" : " and others");
  }
}
