package org.mssbridge.sieve;

import java.util.HashMap;
import java.util.Map;

/**
 * Chooses the segments of a capture that tshark is given although the sieve has read them, so that
 * what both read is compared: the first of each kind, the first conversations, and a fixed sample
 * of all others. What is first is counted in the capture, or in all captures of a run.
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

  /**
   * Starting tshark costs more than reading a small capture. So of the captures of a run one in so
   * many has a sample of its first frames, a larger one to make up for the others.
   */
  private static final int CAPTURES_EACH = 16;

  /** So many frames at the start of a capture of a run. */
  private static final int FIRST_FRAMES = 1 << 16;

  private static final int GOLDEN = 0x9e3779b9;
  private static final int RECENT_SHIFT = Integer.SIZE - 6;

  private static final int OPTIONS_KIND = 1;
  private static final int DATA_KIND = 2;
  private static final int LAYERS_KIND = 3;
  private static final int DATAGRAM_KIND = 4;

  private final Refereeing run;
  private final boolean isAtWork;
  private final boolean isRun;
  private final Map<Integer, Count> kinds = new HashMap<>();
  private int conversations;
  private boolean isSampledCapture;

  /** The counts of frequent kinds. */
  private final Count[] recent = new Count[1 << (Integer.SIZE - RECENT_SHIFT)];

  Referee(Refereeing run, boolean isAtWork) {
    this.run = run;
    this.isAtWork = isAtWork;
    isRun = run.mayGoAlone();
  }

  private static final class Count {
    private final int kind;

    /** In other captures of the run. */
    private final int before;

    private int seen;

    Count(int kind, int before) {
      this.kind = kind;
      this.before = before;
    }
  }

  /** Whether tshark need not be started unless it is given something. */
  boolean mayGoAlone() {
    return isRun;
  }

  /**
   * How many frames of a new conversation tshark is given.
   *
   * @param number of its first frame in the capture, from 1
   */
  int watchedFrames(int number, Ends ends) {
    if (!isAtWork) {
      return 0;
    }
    int hash = Conversations.hash(0, ends);
    if (conversations == 0) {
      isSampledCapture = hash % CAPTURES_EACH == 0;
    }
    boolean isFirst = conversations++ + run.conversations() < FIRST_CONVERSATIONS;
    return isFirst || isSampled(hash / CAPTURES_EACH, number, CONVERSATIONS_EACH)
        ? WATCHED_FRAMES
        : 0;
  }

  /**
   * Whether tshark is given a segment of a conversation that is not watched. What it is made of is
   * told by numbers, each of which differs between kinds, for nearly all.
   *
   * @param number in the capture, from 1
   * @param layers below TCP, and whether checksums are right
   * @param options the layout of its options
   * @param data what its data is
   */
  boolean wants(int number, int sequence, int layers, int options, int data, int flags) {
    return isAtWork
        && (isOfTheFirst(layers, options, data, flags)
            || isSampled(((number * 31 + sequence) * GOLDEN) >>> 7, number, SEGMENTS_EACH));
  }

  /**
   * Whether tshark is given a packet of UDP in which the sieve has found that it can read nothing.
   *
   * @param number in the capture, from 1
   * @param kind by its ports and what is below them
   */
  boolean wantsDatagram(int number, int kind) {
    return isAtWork
        && (isOfTheFirst(31 * kind + DATAGRAM_KIND)
            || isSampled((number * GOLDEN) >>> 7, number, SEGMENTS_EACH));
  }

  /**
   * In a capture all combinations count. There are too many for the captures of a run, where that
   * counts together which the sieve looks at together.
   */
  private boolean isOfTheFirst(int layers, int options, int data, int flags) {
    if (!isRun) {
      return isOfTheFirst(31 * (31 * (31 * layers + options) + data) + flags);
    }
    boolean isFirst = isOfTheFirst(31 * (31 * options + flags) + OPTIONS_KIND);
    isFirst |= isOfTheFirst(31 * (31 * data + flags) + DATA_KIND);
    isFirst |= isOfTheFirst(31 * layers + LAYERS_KIND);
    return isFirst;
  }

  /**
   * Whether tshark should see a thing of a kind that was not compared often enough.
   *
   * @param kind equal for things of one kind
   */
  boolean isOfTheFirst(int kind) {
    int slot = (kind * GOLDEN) >>> RECENT_SHIFT;
    Count count = recent[slot];
    if (count == null || count.kind != kind) {
      count = kinds.get(kind);
      if (count == null) {
        count = new Count(kind, run.compared(kind));
        if (kinds.size() < MOST_KINDS) {
          kinds.put(kind, count);
        }
      }
      recent[slot] = count;
    }
    return count.before + count.seen++ < OF_A_KIND;
  }

  private boolean isSampled(int hash, int number, int each) {
    if (!isRun || number > FIRST_FRAMES) {
      return hash % each == 0;
    }
    return isSampledCapture && hash % (each / CAPTURES_EACH) == 0;
  }

  /** Tells the run what was compared, when all of it was alike. */
  void confirm() {
    if (isRun) {
      kinds.forEach((kind, count) -> run.addCompared(kind, Math.min(count.seen, OF_A_KIND)));
      run.addConversations(Math.min(conversations, FIRST_CONVERSATIONS));
    }
  }

  /** Tells the run of a difference. */
  void distrust() {
    run.distrust();
  }
}
