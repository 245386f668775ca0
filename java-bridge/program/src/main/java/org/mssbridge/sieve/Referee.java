package org.mssbridge.sieve;

import java.util.HashMap;
import java.util.Map;

/**
 * Chooses the segments that tshark is given although the sieve has read them, so that what both
 * read is compared: the first of each kind, the first conversations of a capture, and a fixed
 * sample of all others. The choice depends on the capture alone, so a run can be repeated.
 */
final class Referee {
  /** So many of a kind are compared. */
  private static final int OF_A_KIND = 32;

  /** Of hostile captures, in which each segment could be of a kind of its own. */
  private static final int MOST_KINDS = 1 << 12;

  /** So many conversations are compared from their first frame on. */
  private static final int FIRST_CONVERSATIONS = 32;

  /** Of the others one in so many, by a hash of its addresses and ports. */
  private static final int CONVERSATIONS_EACH = 512;

  /** So many frames of each of these. */
  private static final int WATCHED_FRAMES = 64;

  /** Of all other segments one in so many, by a hash of its number and its sequence number. */
  private static final int SEGMENTS_EACH = 1024;

  private static final int GOLDEN = 0x9e3779b9;

  private final boolean isAtWork;
  private final Map<Integer, Count> kinds = new HashMap<>();
  private int conversations;
  private int lastKind;
  private Count last = new Count();

  private Referee(boolean isAtWork) {
    this.isAtWork = isAtWork;
  }

  private static final class Count {
    private int seen;
  }

  /** The referee of every run. */
  static Referee atWork() {
    return new Referee(true);
  }

  /** Compares nothing: for tests of what the sieve reads by itself. */
  static Referee absent() {
    return new Referee(false);
  }

  /** How many frames of a new conversation tshark is given. */
  int watchedFrames(Ends ends) {
    if (!isAtWork) {
      return 0;
    }
    boolean isChosen =
        conversations++ < FIRST_CONVERSATIONS
            || Conversations.hash(0, ends) % CONVERSATIONS_EACH == 0;
    return isChosen ? WATCHED_FRAMES : 0;
  }

  /**
   * Whether tshark is given a segment of a conversation that is not watched.
   *
   * @param kind equal for segments of one kind
   */
  boolean wants(int number, int sequence, int kind) {
    if (!isAtWork) {
      return false;
    }
    if (kind != lastKind) {
      lastKind = kind;
      last = kinds.get(kind);
      if (last == null) {
        last = new Count();
        if (kinds.size() < MOST_KINDS) {
          kinds.put(kind, last);
        }
      }
    }
    return last.seen++ < OF_A_KIND || isSampled(number * 31 + sequence);
  }

  private static boolean isSampled(int value) {
    return Integer.remainderUnsigned((value * GOLDEN) >>> 7, SEGMENTS_EACH) == 0;
  }
}
