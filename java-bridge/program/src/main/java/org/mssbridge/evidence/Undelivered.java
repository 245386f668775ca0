package org.mssbridge.evidence;

import java.util.List;
import java.util.Optional;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Unreachable;

/**
 * ICMP messages that answer a segment of an open connection: whoever sends them cannot, or may not,
 * deliver it.
 *
 * @param first the first of them
 * @param frames all of the same kind
 */
public record Undelivered(Unreachable first, List<Integer> frames) {
  public Undelivered {
    frames = List.copyOf(frames);
  }

  /**
   * The messages that quote a segment of a flow or a repetition of it.
   *
   * @param row its first transmission
   */
  public static Optional<Undelivered> of(Flow flow, int row) {
    SegmentTable table = flow.table();
    int start = table.sequence(row);
    int length = Math.max(1, table.payloadBytes(row));
    List<Unreachable> quoting =
        flow.unreachables().stream()
            .filter(error -> error.frame() > table.frame(row))
            .filter(error -> error.quotedSequence().isPresent())
            .filter(error -> isWithin(error.quotedSequence().getAsInt() - start, length))
            .toList();
    return quoting.stream()
        .findFirst()
        .map(
            first ->
                new Undelivered(
                    first,
                    quoting.stream()
                        .filter(error -> error.text().equals(first.text()))
                        .filter(error -> error.sender().equals(first.sender()))
                        .map(Unreachable::frame)
                        .toList()));
  }

  private static boolean isWithin(int position, int length) {
    return position >= 0 && position < length;
  }

  /** Such as {@code ICMP network unreachable from 192.0.2.1}. */
  public String text() {
    return first.text() + " from " + first.sender();
  }
}
