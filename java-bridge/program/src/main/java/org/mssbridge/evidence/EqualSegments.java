package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/**
 * Which segments without data are the same at both points: of those with the same relative numbers
 * and flags, the ones with the same IP ID, where devices leave these as they are; else the ones
 * with the same timestamp; else, where both points saw equally many, the first is the first. Where
 * one point saw more and nothing distinguishes them, which of them is missing cannot be known.
 */
public final class EqualSegments {
  /** So many IP IDs must be the same at both points, and one in so many may be another. */
  private static final int LEAST_IDS = 3;

  private static final int CHANGED_EACH = 50;

  private static final int SEVERAL = -1;

  /** Receives a segment by its rows at both points. */
  public interface Visitor {
    /** Receives the rows in the tables of the near and the far point. */
    void visit(int nearRow, int farRow);

    /** Receives a further copy of a segment at the far point, after the first. */
    default void copy(int nearRow, int farRow) {}
  }

  /** What both points have in common of a segment; a device may rewrite the flags of ECN. */
  private record Key(int position, int acknowledged, int flags) {
    static Key of(SegmentTable table, int row, int base, int ackBase) {
      int flags = flags(table, row);
      return new Key(
          table.sequence(row) - base,
          (flags & TcpFlags.ACK) == 0 ? 0 : table.acknowledgment(row) - ackBase,
          flags);
    }

    static int flags(SegmentTable table, int row) {
      return table.flags(row) & ~(TcpFlags.ECE | TcpFlags.CWR);
    }
  }

  private final PairedConnection pair;
  private final Direction direction;
  private final SegmentTable near;
  private final SegmentTable far;
  private final Map<Key, List<Integer>> sent;
  private final Map<Key, List<Integer>> arrived;

  /** By row at the near point, the row at the far one. */
  private final Map<Integer, Integer> peers = new TreeMap<>();

  /** By row at the far point of a further copy, the row at the near one. */
  private final Map<Integer, Integer> copies = new TreeMap<>();

  private EqualSegments(PairedConnection pair, Direction direction) {
    this.pair = pair;
    this.direction = direction;
    near = pair.nearFlow(direction).table();
    far = pair.farFlow(direction).table();
    sent = rows(pair.nearPoint(direction));
    arrived = rows(pair.farPoint(direction));
  }

  /** Visits them in the order of the near point. */
  public static void of(PairedConnection pair, Direction direction, Visitor visitor) {
    EqualSegments equal = new EqualSegments(pair, direction);
    equal.match();
    equal.peers.forEach(visitor::visit);
    equal.copies.forEach((farRow, nearRow) -> visitor.copy(nearRow, farRow));
  }

  private Map<Key, List<Integer>> rows(CapturePoint point) {
    Flow flow = pair.at(point).flow(direction);
    SegmentTable table = flow.table();
    int base = pair.base(point, direction);
    int ackBase = pair.base(point, direction.reverse());
    Map<Key, List<Integer>> rows = new LinkedHashMap<>();
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      if (table.payloadBytes(row) == 0) {
        rows.computeIfAbsent(Key.of(table, row, base, ackBase), key -> new ArrayList<>(1)).add(row);
      }
    }
    return rows;
  }

  private void match() {
    boolean keepsIds = keepsIds();
    sent.forEach((key, from) -> match(from, arrived.getOrDefault(key, List.of()), keepsIds));
    if (keepsIds) {
      matchOthersById();
    }
  }

  /**
   * Whether devices between the points leave IP IDs as they are, and the sender sets them: shown by
   * segments that nothing else can be, or by the IDs themselves.
   */
  private boolean keepsIds() {
    Set<Integer> kept = new HashSet<>();
    int changed = 0;
    Alignment.Sightings data = pair.alignment(direction).near();
    for (int i = 0; i < data.size(); i++) {
      if (data.peers()[i] == 1 && !isKept(data.row()[i], data.peerRow()[i], kept)) {
        changed++;
      }
    }
    for (Map.Entry<Key, List<Integer>> each : sent.entrySet()) {
      List<Integer> to = arrived.getOrDefault(each.getKey(), List.of());
      if (each.getValue().size() == 1
          && to.size() == 1
          && !isKept(each.getValue().get(0), to.get(0), kept)) {
        changed++;
      }
    }
    if (changed == 0 && kept.size() < LEAST_IDS) {
      kept.addAll(commonIds());
    }
    return kept.size() >= LEAST_IDS && changed * CHANGED_EACH <= kept.size();
  }

  /** Whether an ID is the same at both points, or shows nothing. */
  private boolean isKept(int nearRow, int farRow, Set<Integer> kept) {
    int id = near.ipId(nearRow);
    if (id <= 0 || far.ipId(farRow) <= 0) {
      return true;
    }
    if (id == far.ipId(farRow)) {
      kept.add(id);
    }
    return id == far.ipId(farRow);
  }

  /** The IDs that both points have, where one has hardly any that the other lacks. */
  private Set<Integer> commonIds() {
    Set<Integer> ids = ids(pair.nearFlow(direction));
    Set<Integer> others = ids(pair.farFlow(direction));
    int fewer = Math.min(ids.size(), others.size());
    ids.retainAll(others);
    return (fewer - ids.size()) * CHANGED_EACH <= fewer ? ids : Set.of();
  }

  private static Set<Integer> ids(Flow flow) {
    SegmentTable table = flow.table();
    Set<Integer> ids = new HashSet<>();
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      if (table.ipId(row) > 0) {
        ids.add(table.ipId(row));
      }
    }
    return ids;
  }

  private void match(List<Integer> from, List<Integer> to, boolean keepsIds) {
    if (keepsIds && matchById(from, to)) {
      return;
    }
    if (from.size() == to.size()) {
      for (int i = 0; i < from.size(); i++) {
        peers.put(from.get(i), to.get(i));
      }
    } else if (!to.isEmpty()) {
      matchByTimestamp(from, to);
    }
  }

  /** Whether any has the same IP ID at both points; then those with another are not the same. */
  private boolean matchById(List<Integer> from, List<Integer> to) {
    Map<Integer, Integer> byId = new HashMap<>();
    for (int row : from) {
      if (near.ipId(row) > 0) {
        byId.putIfAbsent(near.ipId(row), row); // Where a mirror copies it, the first is meant.
      }
    }
    boolean isAny = false;
    for (int row : to) {
      Integer sender = byId.get(far.ipId(row));
      if (sender != null) {
        isAny = true;
        if (peers.putIfAbsent(sender, row) != null) {
          copies.put(row, sender);
        }
      }
    }
    return isAny;
  }

  /** Those whose timestamp no other of them has, at either point. */
  private void matchByTimestamp(List<Integer> from, List<Integer> to) {
    Map<Integer, Integer> nearRows = unique(from, near);
    unique(to, far)
        .forEach(
            (timestamp, row) -> {
              Integer sender = nearRows.get(timestamp);
              if (sender != null) {
                peers.put(sender, row);
              }
            });
  }

  private static Map<Integer, Integer> unique(List<Integer> rows, SegmentTable table) {
    Map<Integer, Integer> byTimestamp = new HashMap<>();
    Set<Integer> several = new HashSet<>();
    for (int row : rows) {
      if (table.hasTimestamp(row) && byTimestamp.putIfAbsent(table.timestamp(row), row) != null) {
        several.add(table.timestamp(row));
      }
    }
    byTimestamp.keySet().removeAll(several);
    return byTimestamp;
  }

  /**
   * Those with other numbers at the far point, as where a device has changed the length of the data
   * that they acknowledge: by an IP ID that no other segment has.
   */
  private void matchOthersById() {
    Set<Integer> found = new HashSet<>(peers.values());
    found.addAll(copies.keySet());
    Map<Integer, Integer> atNear = byOwnId(pair.nearFlow(direction), peers::containsKey);
    byOwnId(pair.farFlow(direction), found::contains)
        .forEach(
            (id, row) -> {
              Integer sender = atNear.get(id);
              if (sender != null && Key.flags(near, sender) == Key.flags(far, row)) {
                peers.put(sender, row);
              }
            });
  }

  /** The segments without data that are not found yet, by an IP ID that the flow has only once. */
  private static Map<Integer, Integer> byOwnId(Flow flow, IntPredicate isFound) {
    SegmentTable table = flow.table();
    Map<Integer, Integer> seen = new HashMap<>();
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      seen.merge(table.ipId(row), row, (one, other) -> SEVERAL);
    }
    seen.entrySet()
        .removeIf(
            each ->
                each.getKey() <= 0
                    || each.getValue() == SEVERAL
                    || table.payloadBytes(each.getValue()) > 0
                    || isFound.test(each.getValue()));
    return seen;
  }
}
