package org.mssbridge.sieve;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How much of what the sieve reads tshark is given too, so that both can be compared. The captures
 * of a run can share this: what was alike in other captures need not be compared again in each, and
 * a capture that holds nothing else needs no tshark. Safe for use by several threads.
 */
public final class Refereeing {
  private enum Extent {
    EACH_CAPTURE,
    RUN,
    NOTHING
  }

  /** Of hostile captures, in which each segment could be of a kind of its own. */
  private static final int MOST_KINDS = 1 << 16;

  private final Extent extent;
  private final ConcurrentHashMap<Integer, Integer> compared = new ConcurrentHashMap<>();
  private final AtomicInteger conversations = new AtomicInteger();
  private volatile boolean isDistrusted;

  private Refereeing(Extent extent) {
    this.extent = extent;
  }

  /** Each capture is compared by itself, so that what is compared depends on it alone. */
  public static Refereeing ofEachCapture() {
    return new Refereeing(Extent.EACH_CAPTURE);
  }

  /**
   * What is compared is counted over all captures of a run, which may be read side by side. After
   * the first difference, each capture is compared by itself.
   */
  public static Refereeing ofRun() {
    return new Refereeing(Extent.RUN);
  }

  /** Nothing is compared: for tests of what the sieve reads by itself. */
  public static Refereeing none() {
    return new Refereeing(Extent.NOTHING);
  }

  /** The referee of the next capture. */
  Referee next() {
    return new Referee(this, extent != Extent.NOTHING);
  }

  /** Whether a capture needs no tshark if tshark would be given nothing of it. */
  boolean mayGoAlone() {
    return extent == Extent.RUN && !isDistrusted;
  }

  /** Tells of a difference between tshark and the sieve. */
  void distrust() {
    isDistrusted = true;
  }

  /** How many segments of a kind were alike in other captures of the run. */
  int compared(int kind) {
    return mayGoAlone() ? compared.getOrDefault(kind, 0) : 0;
  }

  /** How many conversations were compared from their first frame on, in other captures. */
  int conversations() {
    return mayGoAlone() ? conversations.get() : 0;
  }

  /** Adds what was alike in a capture. */
  void addCompared(int kind, int segments) {
    if (compared.size() < MOST_KINDS) {
      compared.merge(kind, segments, Integer::sum);
    }
  }

  void addConversations(int count) {
    conversations.addAndGet(count);
  }
}
