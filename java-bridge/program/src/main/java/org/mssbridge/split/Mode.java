package org.mssbridge.split;

/** A way to tell the points of a file apart, in the order in which they are tried. */
enum Mode {
  INTERFACE(0, Splitting.INTERFACE, "interface", 0.01),
  VLAN(1, Splitting.VLAN, "tag or tunnel", 0.01),
  MAC(2, Splitting.MAC, "MAC addresses", 0.3),
  DIRECTION(3, Splitting.INTERFACE, "direction at the capturing host", 0.05),
  TTL(4, Splitting.TTL, "TTL", 0.1);

  private final int column;
  private final Splitting splitting;
  private final String text;
  private final double leastShare;

  Mode(int column, Splitting splitting, String text, double leastShare) {
    this.column = column;
    this.splitting = splitting;
    this.text = text;
    this.leastShare = leastShare;
  }

  /**
   * Which part of its packets the smaller of two places must share, from 0 to 1. A host that sends
   * a segment again to another router changes MAC addresses too, and a segment that takes another
   * way has another TTL: few such packets are no points.
   */
  double leastShare() {
    return leastShare;
  }

  /** Whether a label is a place by itself, whatever direction a packet travels in. */
  boolean isPlace() {
    return this == INTERFACE || this == VLAN || this == MAC;
  }

  /** Its number in tables of all, from 0. */
  int column() {
    return column;
  }

  /** Whether the user allows it. */
  boolean isAllowed(Splitting wanted) {
    return wanted == Splitting.AUTO || wanted == splitting;
  }

  /** In words, after "by". */
  String text() {
    return text;
  }

  /** The label of a packet: packets at one place have the same; 0 where it has none. */
  long key(PacketHeaders headers) {
    return switch (this) {
      case INTERFACE -> Hash.of(headers.interfaceKey(), 1) | 1;
      case VLAN -> Hash.of(headers.encapsulation().key(), 1) | 1;
      case MAC ->
          headers.hasMacs()
              ? Hash.of(
                      Math.min(headers.sourceMac(), headers.destinationMac()),
                      Math.max(headers.sourceMac(), headers.destinationMac()))
                  | 1
              : 0;
      case DIRECTION ->
          headers.direction() == PacketHeaders.NO_DIRECTION
              ? 0
              : Hash.of(headers.sourceMac(), headers.direction()) | 1;
      case TTL -> headers.ttl() + 1;
    };
  }

  /** A direction at the capturing host in a word. */
  static String directionName(int direction) {
    return direction == PacketHeaders.IN ? "in" : "out";
  }

  /** The place of a packet as people know it. */
  String name(PacketHeaders headers) {
    return switch (this) {
      case INTERFACE -> headers.interfaceText();
      case VLAN -> headers.encapsulation().text();
      case MAC -> Mac.text(headers.sourceMac()) + " " + Mac.text(headers.destinationMac());
      case DIRECTION -> directionName(headers.direction());
      case TTL -> "ttl " + headers.ttl();
    };
  }
}
