package org.mssbridge.pairing;

/** Spreads values over 64 bits; never 0. */
final class Hash {
  /** The golden ratio's bits, and the finaliser of splitmix64 (Steele, Lea, Flood 2014). */
  private static final long STEP = 0x9e3779b97f4a7c15L;

  private Hash() {}

  static long of(long value) {
    long z = value + STEP;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    z ^= z >>> 31;
    return z == 0 ? 1 : z;
  }

  static long of(long first, long second) {
    return of(of(first) + 31 * second);
  }

  static long of(CharSequence text) {
    long hash = text.length();
    for (int i = 0; i < text.length(); i++) {
      hash = hash * STEP + text.charAt(i);
    }
    return of(hash);
  }
}
