package org.mssbridge.rule;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.Ttl;
import org.mssbridge.model.Direction;

/**
 * How many routers the TTLs of some connections show between two points.
 *
 * @param falls by how much TTLs fall, for each direction in which that is known
 */
record RouterCount(Map<Direction, TreeSet<Integer>> falls) {
  static RouterCount of(List<PairedConnection> pairs) {
    Map<Direction, TreeSet<Integer>> falls = new EnumMap<>(Direction.class);
    for (PairedConnection pair : pairs) {
      for (Direction direction : Direction.values()) {
        Ttl.fall(pair, direction)
            .ifPresent(fall -> falls.computeIfAbsent(direction, each -> new TreeSet<>()).add(fall));
      }
    }
    return new RouterCount(falls);
  }

  /**
   * Such as {@code 2 routers}, or {@code 2 routers client to server and 5 back (the way back is
   * probably another)}; empty where TTLs show none, or were set again.
   */
  String words() {
    boolean isPath =
        falls.values().stream().allMatch(some -> some.first() > 0 && !Ttl.isReset(some.last()));
    if (falls.isEmpty() || !isPath) {
      return "";
    }
    List<String> counts = falls.values().stream().map(RouterCount::range).distinct().toList();
    if (counts.size() == 1) {
      boolean one = counts.get(0).equals("1");
      return one ? "1 router" : counts.get(0) + " routers";
    }
    return counts.get(0)
        + (counts.get(0).equals("1") ? " router " : " routers ")
        + Direction.C2S.words()
        + " and "
        + counts.get(1)
        + " back (the return path probably differs)";
  }

  private static String range(TreeSet<Integer> falls) {
    return falls.size() == 1 ? falls.first().toString() : falls.first() + " to " + falls.last();
  }
}
