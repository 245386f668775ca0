package org.mssbridge.model;

/** Guesses the initial TTL that a stack set from the TTL in a packet. */
public final class InitialTtl {
  private InitialTtl() {}

  /** Whether a TTL is one that stacks start with, so probably no router has decremented it. */
  public static boolean is(int ttl) {
    return ttl >= 0 && of(ttl) == ttl;
  }

  /** The lowest of 32, 64, 128 and 255 that is not below the TTL; -1 where the TTL is negative. */
  public static int of(int ttl) {
    if (ttl < 0) {
      return -1;
    }
    for (int initial : new int[] {32, 64, 128}) {
      if (ttl <= initial) {
        return initial;
      }
    }
    return 255;
  }

  /** How many routers have probably decremented a TTL. */
  public static int routers(int ttl) {
    return of(ttl) - ttl;
  }
}
