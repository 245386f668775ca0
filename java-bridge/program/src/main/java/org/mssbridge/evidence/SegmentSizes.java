package org.mssbridge.evidence;

import java.util.OptionalInt;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;

/** The segment sizes of one direction and the MSS that limits them. */
public final class SegmentSizes {
  private final Alignment.Sightings near;
  private final Alignment.Sightings far;
  private final SegmentTable nearTable;
  private final SegmentTable farTable;
  private final OptionalInt nearLimit;
  private final OptionalInt farLimit;

  public SegmentSizes(PairedConnection pair, Direction direction) {
    near = pair.alignment(direction).near();
    far = pair.alignment(direction).far();
    nearTable = pair.nearFlow(direction).table();
    farTable = pair.farFlow(direction).table();
    nearLimit = pair.near(direction).mssLimit(direction);
    farLimit = pair.far(direction).mssLimit(direction);
  }

  /** The MSS that the sender received, in bytes. */
  public OptionalInt nearLimit() {
    return nearLimit;
  }

  /** The MSS that the receiver announced, in bytes, as seen at the far point. */
  public OptionalInt farLimit() {
    return farLimit;
  }

  public int nearBytes(int index) {
    return nearTable.payloadBytes(near.row()[index]);
  }

  public int farBytes(int index) {
    return farTable.payloadBytes(far.row()[index]);
  }

  public boolean isNearAboveLimit(int index) {
    return nearLimit.isPresent() && nearBytes(index) > nearLimit.getAsInt();
  }

  public boolean isFarAboveLimit(int index) {
    return farLimit.isPresent() && farBytes(index) > farLimit.getAsInt();
  }

  /** Whether a segment at the far point was cut or joined by a host's offload. */
  boolean isOffloaded(int farIndex) {
    boolean cut = nearLimit.isPresent() && far.largestPeerBytes()[farIndex] > nearLimit.getAsInt();
    return cut || isFarAboveLimit(farIndex);
  }
}
