package org.mssbridge.split;

import java.io.IOException;
import org.mssbridge.capturefile.CaptureRecords;
import org.mssbridge.model.LongIndex;

/**
 * A quick look at the start of a file: it says which files are surely one point, as nearly all are,
 * so that only the others are {@link PointSearch searched}. Packets are told from each other by
 * less than there, so it may see the same packet twice where the search does not, but never the
 * other way round.
 */
final class FirstLook {
  private final PacketHeaders headers = new PacketHeaders();

  /** For each hash that identifies a packet, where that was seen. */
  private final LongIndex placeOf = new LongIndex();

  private boolean isFirst = true;
  private long firstInterface;
  private long firstEncapsulation;

  /**
   * Whether the first packets are of one link, and none of them was seen at two places.
   *
   * @throws IOException if the capture cannot be read
   */
  static boolean isOnePlace(CaptureRecords records) throws IOException {
    FirstLook look = new FirstLook();
    for (int i = 0; i < PointSearch.PATIENCE_PACKETS && records.next(); i++) {
      if (records.isPacket()
          && records.timeNanos() != CaptureRecords.NO_TIME
          && look.headers.read(records)
          && !look.fits()) {
        return false;
      }
    }
    return true;
  }

  private boolean fits() {
    long identity = headers.identity();
    if (identity == 0) {
      return true;
    }
    int place = place();
    return isOneLink()
        && isOnlyAt(place, identity)
        && isOnlyAt(place, headers.identityWithoutNumbers())
        && isOnlyAt(place, headers.identityOfHandshake());
  }

  private boolean isOneLink() {
    if (isFirst) {
      firstInterface = headers.interfaceKey();
      firstEncapsulation = headers.encapsulation().key();
      isFirst = false;
    }
    return firstInterface == headers.interfaceKey()
        && firstEncapsulation == headers.encapsulation().key()
        && headers.direction() == PacketHeaders.NO_DIRECTION;
  }

  /** On one link, a place is told by the TTL and, where there are any, by the MAC addresses. */
  private int place() {
    long key = Hash.of(Mode.MAC.key(headers), headers.ttl());
    return (int) key & Integer.MAX_VALUE;
  }

  private boolean isOnlyAt(int place, long identity) {
    int before = identity == 0 ? LongIndex.NONE : placeOf.put(identity, place);
    return before == LongIndex.NONE || before == place;
  }
}
