package org.mssbridge.sieve;

/** A hash table that finds the conversation of a segment, whichever end sent it. */
final class Conversations {
  private final long secret;

  private Conversation[] slots = new Conversation[1 << 10];
  private int size;

  /**
   * @param secret changes all hashes
   */
  Conversations(long secret) {
    this.secret = secret;
  }

  /** The conversation of a segment, or null if it is not known. */
  Conversation find(Ends segment) {
    int hash = hash(segment);
    int mask = slots.length - 1;
    for (int slot = hash & mask; slots[slot] != null; slot = (slot + 1) & mask) {
      if (slots[slot].hash() == hash && slots[slot].senderOf(segment) >= 0) {
        return slots[slot];
      }
    }
    return null;
  }

  /** Adds the conversation of a segment; it must not be known yet. */
  Conversation add(Ends segment) {
    Conversation added = new Conversation(segment, hash(segment));
    add(added);
    return added;
  }

  /** Adds a conversation of a table with the same secret; it must not be known yet. */
  void add(Conversation conversation) {
    if (2 * size++ == slots.length) {
      Conversation[] old = slots;
      slots = new Conversation[old.length * 2];
      for (Conversation each : old) {
        if (each != null) {
          put(each);
        }
      }
    }
    put(conversation);
  }

  private void put(Conversation conversation) {
    int mask = slots.length - 1;
    int slot = conversation.hash() & mask;
    while (slots[slot] != null) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = conversation;
  }

  /** A hash of addresses and ports that is the same for both directions. */
  private int hash(Ends ends) {
    return hash(secret, ends);
  }

  /** The same with another secret. */
  static int hash(long secret, Ends ends) {
    long source = mixed(secret, ends.sourceHigh(), ends.sourceLow(), ends.sourcePort());
    long destination =
        mixed(secret, ends.destinationHigh(), ends.destinationLow(), ends.destinationPort());
    return (int) mixed(source + destination);
  }

  private static long mixed(long secret, long high, long low, int port) {
    return mixed(mixed(mixed(secret ^ low) ^ high) ^ port);
  }

  /** Spreads each bit over all, in the way of MurmurHash3's finalizer. */
  private static long mixed(long value) {
    long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }
}
