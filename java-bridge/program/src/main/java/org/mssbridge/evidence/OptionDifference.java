package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.mssbridge.model.TcpOptions;

/**
 * A TCP option, other than MSS, that differs between two points.
 *
 * @param option its kind
 * @param near its value at the near point, or {@value #ABSENT}
 * @param far its value at the far point, or {@value #ABSENT}
 */
public record OptionDifference(int option, String near, String far) {
  private static final String ABSENT = "absent";

  /** The differences between two handshake segments. */
  public static List<OptionDifference> between(Handshakes both) {
    return between(both.near().options(), both.far().options());
  }

  /**
   * The differences between the options of two handshake segments, whatever their timestamps are;
   * none where the options of one were cut off.
   */
  public static List<OptionDifference> between(TcpOptions near, TcpOptions far) {
    List<OptionDifference> differences = new ArrayList<>();
    if (!near.whole() || !far.whole()) {
      return differences;
    }
    if (near.equals(far)) {
      return differences;
    }
    TreeSet<Integer> kinds = new TreeSet<>(near.meaningfulKinds());
    kinds.addAll(far.meaningfulKinds());
    kinds.remove(TcpOptions.MSS);
    for (int option : kinds) {
      String nearValue = near.has(option) ? OptionKinds.value(near, option) : ABSENT;
      String farValue = far.has(option) ? OptionKinds.value(far, option) : ABSENT;
      if (!nearValue.equals(farValue)) {
        differences.add(new OptionDifference(option, nearValue, farValue));
      }
    }
    return differences;
  }

  /** The option's name, such as {@code window scale}. */
  public String name() {
    return OptionKinds.name(option);
  }

  /** Whether it is absent at the far point. */
  public boolean isRemoved() {
    return far.equals(ABSENT);
  }

  /** Whether it is absent at the near point. */
  public boolean isAdded() {
    return near.equals(ABSENT);
  }
}
