package org.mssbridge.evidence;

import java.util.Optional;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;

/** Segments of one direction that both points of a pair saw: the SYN or SYN/ACK, and data. */
public final class Crossings {
  /** Receives one segment as both points saw it. */
  public interface Visitor {
    /**
     * Receives the rows in the segment tables of the near and far points.
     *
     * @param handshake whether it is the SYN or SYN/ACK
     */
    void visit(int nearRow, int farRow, boolean handshake);
  }

  private Crossings() {}

  /** Visits the segments in the order of the near point, the handshake first. */
  public static void of(PairedConnection pair, Direction direction, Visitor visitor) {
    Optional<Handshakes> both = Handshakes.first(pair, direction);
    if (both.isPresent()) {
      visitor.visit(
          row(pair.nearFlow(direction), both.get().near().frame()),
          row(pair.farFlow(direction), both.get().far().frame()),
          true);
    }
    Alignment.Sightings near = pair.alignment(direction).near();
    for (int i = 0; i < near.size(); i++) {
      if (near.peerRow()[i] >= 0) {
        visitor.visit(near.row()[i], near.peerRow()[i], false);
      }
    }
  }

  private static int row(Flow flow, int frame) {
    SegmentTable table = flow.table();
    int row = flow.firstRow();
    while (table.frame(row) != frame) {
      row = table.next(row);
    }
    return row;
  }
}
