package org.mssbridge.split;

import java.util.Locale;

/** By what the points of one file are told apart. */
public enum Splitting {
  /** By whatever the file shows, if it holds the same packets at several places. */
  AUTO,
  /** By the interface of pcapng, or the interface index or direction of a cooked capture. */
  INTERFACE,
  /** By VLAN tags, MPLS labels, PPPoE sessions and tunnels. */
  VLAN,
  /** By the two Ethernet addresses of a link. */
  MAC,
  /** By the steps that routers make in the TTL. */
  TTL,
  /** Not at all: a file is one point. */
  NONE;

  /** The name on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
