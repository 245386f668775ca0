package org.mssbridge.alignment;

import java.util.Comparator;
import java.util.List;
import org.mssbridge.flow.LongList;

/** By how much all changes of the stream's length up to a place move what follows. */
public final class Shifts {
  private final LongList positions = new LongList();
  private final LongList sums = new LongList();

  /** The sums of changes in any order. */
  public Shifts(List<Alignment.LengthChange> changes) {
    List<Alignment.LengthChange> inOrder =
        changes.stream()
            .sorted(Comparator.comparingLong(Alignment.LengthChange::nearPosition))
            .toList();
    long sum = 0;
    for (Alignment.LengthChange change : inOrder) {
      sum += change.bytes();
      positions.add(change.nearPosition());
      sums.add(sum);
    }
  }

  /** The sum in bytes of the changes before a position at the near point. */
  public long before(long nearPosition) {
    int count = positions.countBelow(nearPosition);
    return count == 0 ? 0 : sums.get(count - 1);
  }
}
