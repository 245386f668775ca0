package org.mssbridge.split;

/** Mixes numbers into one that hardly any others make. */
final class Hash {
  private Hash() {}

  /** In the way of MurmurHash3's finalizer, which spreads each bit over all. */
  static long of(long hash, long value) {
    long mixed = hash * 0x9e3779b97f4a7c15L + value;
    mixed = (mixed ^ (mixed >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }
}
