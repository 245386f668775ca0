package org.mssbridge.split;

import java.util.List;

/** How the packets of a file are divided among its points. */
interface Division {
  /** The point of a packet that belongs to none. */
  int NOWHERE = -1;

  /** By what the points are told apart, in words, after "by". */
  String toldBy();

  /** The points' names, in the order of the path from the client's side on. */
  List<String> names();

  /** The places that are no point, because they share no packet with another. */
  List<String> leftOut();

  /**
   * Whether packets of one interface of the file were surely captured on one clock; captures of two
   * hosts that were merged differ by MAC addresses.
   */
  boolean isOneClock();

  /** The place of a packet that belongs to no point, as people know it. */
  String place(PacketHeaders headers);

  /** The number of a packet's point; {@link #NOWHERE} if it belongs to none. */
  int point(PacketHeaders headers);
}
