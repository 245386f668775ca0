package org.mssbridge.split;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mssbridge.model.LongIndex;

/** The places that one way to tell points apart finds in a file, numbered from 0. */
final class Labels {
  /** A hostile file can have any number of places; those above this limit have no label. */
  private static final int MOST = 1024;

  private final Mode mode;
  private final LongIndex index = new LongIndex();
  private final List<Label> labels = new ArrayList<>();
  private int[] packets = new int[16];
  private int[] handshakes = new int[16];
  private byte[] directions = new byte[16];
  private long lastKey;
  private int lastLabel = LongIndex.NONE;

  /**
   * A place.
   *
   * @param name as people know it
   * @param source the sender's address on the link, of the first packet; 0 where it has none
   * @param destination the receiver's
   * @param ttl of the first packet
   */
  record Label(String name, long source, long destination, int ttl) {}

  Labels(Mode mode) {
    this.mode = mode;
  }

  /** Counts a packet, and returns the number of its label; -1 if it has none. */
  int count(PacketHeaders headers) {
    long key = mode.key(headers);
    int label = key == lastKey ? lastLabel : key == 0 ? LongIndex.NONE : index.get(key);
    if (label < 0 && key != 0 && labels.size() < MOST) {
      label = labels.size();
      index.put(key, label);
      labels.add(
          new Label(
              mode.name(headers), headers.sourceMac(), headers.destinationMac(), headers.ttl()));
      if (packets.length == label) {
        packets = Arrays.copyOf(packets, label * 2);
        handshakes = Arrays.copyOf(handshakes, label * 2);
        directions = Arrays.copyOf(directions, label * 2);
      }
    }
    lastKey = key;
    lastLabel = label;
    if (label >= 0) {
      packets[label]++;
      handshakes[label] += headers.isSyn() || headers.isSynAck() ? 1 : 0;
      directions[label] |= (byte) (headers.isTcp() ? headers.direction() : 0);
    }
    return label;
  }

  /** The number of a packet's label; -1 if it has none, or one that was never counted. */
  int of(PacketHeaders headers) {
    long key = mode.key(headers);
    return key == 0 ? LongIndex.NONE : index.get(key);
  }

  int size() {
    return labels.size();
  }

  Label label(int number) {
    return labels.get(number);
  }

  /** How many packets were counted that have it. */
  int packets(int number) {
    return packets[number];
  }

  /**
   * The direction at the capturing host that all TCP segments with that label have: {@link
   * PacketHeaders#IN} or {@link PacketHeaders#OUT}; {@link PacketHeaders#NO_DIRECTION} if they have
   * both or none.
   */
  int onlyDirection(int number) {
    int seen = directions[number];
    return seen == PacketHeaders.IN || seen == PacketHeaders.OUT
        ? seen
        : PacketHeaders.NO_DIRECTION;
  }

  /** How many of them were SYNs or SYN/ACKs. */
  int handshakes(int number) {
    return handshakes[number];
  }
}
