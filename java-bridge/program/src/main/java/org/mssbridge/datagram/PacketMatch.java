package org.mssbridge.datagram;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mssbridge.flow.DatagramTable;

/**
 * Which packet of a flow's direction is which at two points: by content; equal contents by IP ID,
 * or in order where both points have as many.
 */
final class PacketMatch {
  /** The packet is at one point only. */
  static final int ALONE = -1;

  /** It cannot be told which packet it is at the other point, or whether it is there. */
  static final int UNKNOWN = -2;

  private static final int END = -1;
  private static final int LEAST_IDS = 3;
  private static final double MOST_CHANGED_IDS = 0.02;

  private final Contents contents;
  private final int[] rowsAtFirst;
  private final int[] rowsAtSecond;
  private final int[] peersOfFirst;
  private final int[] peersOfSecond;
  private final BitSet repeated = new BitSet();
  private final BitSet copies = new BitSet();
  private boolean keepsIds;
  private int ids;
  private int changedIds;
  private int matched;
  private boolean sharesContent;

  // Chains of equal contents, by slot.
  private long[] keys = {};
  private int[] headOfFirst = {};
  private int[] headOfSecond = {};
  private int[] nextOfFirst = {};
  private int[] nextOfSecond = {};

  private PacketMatch(Contents contents, int[] rowsAtFirst, int[] rowsAtSecond) {
    this.contents = contents;
    this.rowsAtFirst = rowsAtFirst;
    this.rowsAtSecond = rowsAtSecond;
    this.peersOfFirst = new int[rowsAtFirst.length];
    this.peersOfSecond = new int[rowsAtSecond.length];
    Arrays.fill(peersOfFirst, UNKNOWN);
    Arrays.fill(peersOfSecond, UNKNOWN);
  }

  static PacketMatch of(Contents contents, int[] rowsAtFirst, int[] rowsAtSecond) {
    return of(contents, rowsAtFirst, rowsAtSecond, false);
  }

  private static PacketMatch of(
      Contents contents, int[] rowsAtFirst, int[] rowsAtSecond, boolean othersKeepIds) {
    PacketMatch match = new PacketMatch(contents, rowsAtFirst, rowsAtSecond);
    match.match(othersKeepIds);
    return match;
  }

  /** The same, from the second point to the first. */
  PacketMatch reversed() {
    return of(
        contents.reversed(),
        /* rowsAtFirst= */ rowsAtSecond,
        /* rowsAtSecond= */ rowsAtFirst,
        keepsIds);
  }

  /**
   * The matches of one leg. Where all flows together, or all of one sender, show that devices leave
   * IP IDs as they are, that holds for a flow that has too few to show it.
   *
   * @param senders the address of the sender of each
   */
  static List<PacketMatch> consistent(List<PacketMatch> leg, List<String> senders) {
    Ids all = new Ids();
    Map<String, Ids> bySender = new TreeMap<>();
    for (int i = 0; i < leg.size(); i++) {
      all.add(leg.get(i));
      bySender.computeIfAbsent(senders.get(i), key -> new Ids()).add(leg.get(i));
    }
    List<PacketMatch> consistent = new ArrayList<>();
    for (int i = 0; i < leg.size(); i++) {
      PacketMatch each = leg.get(i);
      boolean areKept = all.areKept() || bySender.get(senders.get(i)).areKept();
      consistent.add(areKept && each.mayGain() ? each.withKeptIds() : each);
    }
    return consistent;
  }

  /** The IP IDs of packets whose contents no other has. */
  private static final class Ids {
    private int all;
    private int changed;

    void add(PacketMatch match) {
      all += match.ids;
      changed += match.changedIds;
    }

    boolean areKept() {
      return all >= LEAST_IDS && changed == 0;
    }
  }

  private static boolean areKept(int ids, int changed) {
    return ids >= LEAST_IDS && changed <= MOST_CHANGED_IDS * ids;
  }

  private boolean mayGain() {
    return !keepsIds && rowsAtFirst.length + rowsAtSecond.length > 2 * matched;
  }

  private PacketMatch withKeptIds() {
    return of(contents, rowsAtFirst, rowsAtSecond, true);
  }

  /** The packets at the first point, as rows of its table. */
  int[] rowsAtFirst() {
    return rowsAtFirst;
  }

  /** The packets at the second point. */
  int[] rowsAtSecond() {
    return rowsAtSecond;
  }

  /** For each packet at the first point, its index at the second, or why there is none. */
  int[] peersOfFirst() {
    return peersOfFirst;
  }

  /** For each packet at the second point, its index at the first, or why there is none. */
  int[] peersOfSecond() {
    return peersOfSecond;
  }

  /** Number of packets that are at both points. */
  int matched() {
    return matched;
  }

  /** Whether a packet at the first point was matched although others have the same content. */
  boolean isRepeated(int indexAtFirst) {
    return repeated.get(indexAtFirst);
  }

  /** Packets at the second point that are further copies of one that is once at the first. */
  BitSet copiesAtSecond() {
    return copies;
  }

  /** Whether devices between the points leave IP IDs as they are, and hosts set them. */
  boolean keepsIds() {
    return keepsIds;
  }

  /** Whether a packet with another IP ID is another packet: not one is changed. */
  boolean hasSureIds() {
    return keepsIds && changedIds == 0;
  }

  /** Whether the capture of the second point has cut packets so that they cannot be compared. */
  boolean hasUnreadableAtSecond() {
    return Arrays.stream(rowsAtSecond).anyMatch(row -> contents.key(contents.second(), row) == 0);
  }

  /** Whether any content is at both points, even if nothing shows which packet is which. */
  boolean sharesContent() {
    return sharesContent;
  }

  private void match(boolean othersKeepIds) {
    int capacity =
        Math.max(16, Integer.highestOneBit(rowsAtFirst.length + rowsAtSecond.length + 1) << 2);
    keys = new long[capacity];
    headOfFirst = new int[capacity];
    headOfSecond = new int[capacity];
    Arrays.fill(headOfFirst, END);
    Arrays.fill(headOfSecond, END);
    nextOfFirst = chain(contents.first(), rowsAtFirst, headOfFirst);
    nextOfSecond = chain(contents.second(), rowsAtSecond, headOfSecond);
    matchUnique();
    keepsIds = othersKeepIds || areKept(ids, changedIds);
    for (int slot = 0; slot < capacity; slot++) {
      if (keys[slot] != 0) {
        sharesContent |= headOfFirst[slot] != END && headOfSecond[slot] != END;
        matchRepeated(slot);
      }
    }
    keys = new long[0];
    headOfFirst = new int[0];
    headOfSecond = new int[0];
    nextOfFirst = new int[0];
    nextOfSecond = new int[0];
  }

  /** Chains equal contents in the order of the capture. */
  private int[] chain(DatagramTable table, int[] rows, int[] heads) {
    int[] next = new int[rows.length];
    for (int i = rows.length - 1; i >= 0; i--) {
      long key = contents.key(table, rows[i]);
      if (key != 0) {
        int slot = slot(key);
        next[i] = heads[slot];
        heads[slot] = i;
      }
    }
    return next;
  }

  private int slot(long key) {
    int mask = keys.length - 1;
    int slot = (int) ((key * 0x9e3779b97f4a7c15L) >>> 32) & mask;
    while (keys[slot] != 0 && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    keys[slot] = key;
    return slot;
  }

  private boolean isUnique(int head, int[] next) {
    return head != END && next[head] == END;
  }

  private void matchUnique() {
    for (int slot = 0; slot < keys.length; slot++) {
      if (isUnique(headOfFirst[slot], nextOfFirst) && isUnique(headOfSecond[slot], nextOfSecond)) {
        pair(headOfFirst[slot], headOfSecond[slot]);
        int before = idAtFirst(headOfFirst[slot]);
        int after = idAtSecond(headOfSecond[slot]);
        if (before != 0 || after != 0) {
          ids++;
          changedIds += before == after ? 0 : 1;
        }
      }
    }
  }

  private int idAtFirst(int index) {
    return contents.first().ipId(rowsAtFirst[index]);
  }

  private int idAtSecond(int index) {
    return contents.second().ipId(rowsAtSecond[index]);
  }

  private void pair(int atFirst, int atSecond) {
    peersOfFirst[atFirst] = atSecond;
    peersOfSecond[atSecond] = atFirst;
    matched++;
  }

  private void matchRepeated(int slot) {
    int first = headOfFirst[slot];
    int second = headOfSecond[slot];
    if (first == END) {
      mark(second, nextOfSecond, peersOfSecond);
    } else if (second == END) {
      mark(first, nextOfFirst, peersOfFirst);
    } else if (nextOfFirst[first] == END && nextOfSecond[second] == END) {
      return;
    } else if (!matchById(first, second)
        && length(first, nextOfFirst) == length(second, nextOfSecond)) {
      while (first != END) {
        pair(first, second);
        repeated.set(first);
        first = nextOfFirst[first];
        second = nextOfSecond[second];
      }
    }
  }

  private static void mark(int head, int[] next, int[] peers) {
    for (int i = head; i != END; i = next[i]) {
      peers[i] = ALONE;
    }
  }

  private static int length(int head, int[] next) {
    int length = 0;
    for (int i = head; i != END; i = next[i]) {
      length++;
    }
    return length;
  }

  /** Whether each packet at the first point has an IP ID of its own, so that these tell. */
  private boolean matchById(int first, int second) {
    if (!keepsIds) {
      return false;
    }
    int[] ids = new int[length(first, nextOfFirst)];
    int count = 0;
    for (int i = first; i != END; i = nextOfFirst[i]) {
      ids[count++] = idAtFirst(i);
    }
    Arrays.sort(ids);
    for (int i = 0; i < count; i++) {
      if (ids[i] == 0 || (i > 0 && ids[i] == ids[i - 1])) {
        return false;
      }
    }
    int[] byId = new int[count];
    for (int i = first; i != END; i = nextOfFirst[i]) {
      byId[Arrays.binarySearch(ids, idAtFirst(i))] = i;
    }
    int found = 0;
    int there = 0;
    for (int i = second; i != END; i = nextOfSecond[i]) {
      int at = Arrays.binarySearch(ids, idAtSecond(i));
      there++;
      found += at < 0 ? 0 : 1;
    }
    if (!areKept(this.ids, changedIds) && 2 * found < Math.min(count, there)) {
      return false; // What other flows show does not hold for this one.
    }
    for (int i = first; i != END; i = nextOfFirst[i]) {
      peersOfFirst[i] = ALONE;
    }
    for (int i = second; i != END; i = nextOfSecond[i]) {
      int at = Arrays.binarySearch(ids, idAtSecond(i));
      if (at < 0) {
        peersOfSecond[i] = ALONE;
      } else if (peersOfFirst[byId[at]] == ALONE) {
        pair(byId[at], i);
        if (count > 1) {
          repeated.set(byId[at]);
        }
      } else {
        copies.set(i);
      }
    }
    return true;
  }
}
