package org.mssbridge.sieve;

import java.util.concurrent.ThreadLocalRandom;

/** A hash table that finds the conversation of a segment, whichever end sent it. */
final class Conversations {
  private Conversation[] buckets = new Conversation[1 << 10];
  private final long secret = ThreadLocalRandom.current().nextLong();
  private int size;

  /** The conversation of a segment, or null if it is not known. */
  Conversation find(TcpHeaders segment) {
    int hash = segment.conversationHash(secret);
    Conversation found = buckets[hash & (buckets.length - 1)];
    while (found != null && (found.hash() != hash || found.senderOf(segment) < 0)) {
      found = found.next;
    }
    return found;
  }

  /** Adds the conversation of a segment; it must not be known yet. */
  Conversation add(TcpHeaders segment) {
    if (size++ == buckets.length) {
      grow();
    }
    Conversation added = new Conversation(segment, segment.conversationHash(secret));
    put(added);
    return added;
  }

  private void put(Conversation conversation) {
    int bucket = conversation.hash() & (buckets.length - 1);
    conversation.next = buckets[bucket];
    buckets[bucket] = conversation;
  }

  private void grow() {
    Conversation[] old = buckets;
    buckets = new Conversation[old.length * 2];
    for (Conversation first : old) {
      Conversation conversation = first;
      while (conversation != null) {
        Conversation following = conversation.next;
        put(conversation);
        conversation = following;
      }
    }
  }
}
