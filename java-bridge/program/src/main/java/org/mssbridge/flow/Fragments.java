package org.mssbridge.flow;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mssbridge.model.IpFragment;

/** The fragments of IP packets with TCP in one capture, by packet. */
public final class Fragments {
  /** No fragments. */
  public static final Fragments NONE = new Fragments(List.of(), List.of(), new Columns().sorted(0));

  private final List<String> sources;
  private final List<String> destinations;
  private final Sorted sorted;
  private final Map<String, Integer> pairs = new HashMap<>();

  /** Packets by addresses and identification: their sorted keys, and their numbers. */
  private final long[] keys;

  private final int[] byKey;

  /** The frame of each fragment, ascending, and the number of its packet. */
  private final long[] packetByFrame;

  Fragments(List<String> sources, List<String> destinations, Sorted sorted) {
    this.sources = sources;
    this.destinations = destinations;
    this.sorted = sorted;
    for (int pair = 0; pair < sources.size(); pair++) {
      pairs.put(ends(sources.get(pair), destinations.get(pair)), pair);
    }
    packetByFrame = new long[sorted.frame.length];
    for (int packet = 0; packet < size(); packet++) {
      for (int i = sorted.start[packet]; i < sorted.start[packet + 1]; i++) {
        packetByFrame[i] = (long) sorted.frame[i] << Integer.SIZE | packet;
      }
    }
    Arrays.sort(packetByFrame);
    Integer[] order = new Integer[size()];
    Arrays.setAll(order, packet -> packet);
    Arrays.sort(order, (a, b) -> Long.compare(key(a), key(b))); // Equal ones stay in order.
    byKey = new int[order.length];
    keys = new long[order.length];
    for (int i = 0; i < order.length; i++) {
      byKey[i] = order[i];
      keys[i] = key(order[i]);
    }
  }

  private static String ends(String source, String destination) {
    return source + ' ' + destination;
  }

  private long key(int packet) {
    int first = sorted.start[packet];
    return key(sorted.pair[first], sorted.id[first]);
  }

  private static long key(int pair, int id) {
    return (long) pair << Integer.SIZE | Integer.toUnsignedLong(id);
  }

  /** Number of packets of which there are fragments. */
  public int size() {
    return sorted.start.length - 1;
  }

  /** A packet by its number, in the order of their first fragments. */
  public FragmentedPacket packet(int number) {
    int from = sorted.start[number];
    int to = sorted.start[number + 1];
    return new FragmentedPacket(
        sources.get(sorted.pair[from]), destinations.get(sorted.pair[from]), sorted, from, to);
  }

  /** The number of the packet of which a frame is a fragment, -1 where it is none. */
  public int packetOf(int frame) {
    int at = Arrays.binarySearch(packetByFrame, (long) frame << Integer.SIZE);
    int next = at < 0 ? -at - 1 : at;
    return next < packetByFrame.length && packetByFrame[next] >>> Integer.SIZE == frame
        ? (int) packetByFrame[next]
        : -1;
  }

  /** The numbers of the packets with these addresses and this identification, in order. */
  public List<Integer> packets(String source, String destination, int id) {
    Integer pair = pairs.get(ends(source, destination));
    if (pair == null) {
      return List.of();
    }
    int from = countBelow(key(pair, id));
    int to = countBelow(key(pair, id) + 1);
    return Arrays.stream(byKey, from, to).boxed().toList();
  }

  private int countBelow(long key) {
    int low = 0;
    int high = keys.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (keys[middle] < key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * The fragments as columns, those of one packet side by side and in the order of their offsets.
   *
   * @param start for each packet the index of its first fragment, and the number of all
   */
  @SuppressWarnings("ArrayRecordComponent") // Columns of primitives for a million fragments.
  record Sorted(
      int[] start,
      int[] pair,
      int[] frame,
      long[] nanos,
      int[] ipBytes,
      int[] id,
      int[] offset,
      int[] bytes,
      boolean[] more) {}

  /** The fragments in the order of the capture. */
  static final class Columns {
    private static final int FIRST_CAPACITY = 8;

    private int size;
    private int[] packet = new int[FIRST_CAPACITY];
    private int[] pair = new int[FIRST_CAPACITY];
    private int[] frame = new int[FIRST_CAPACITY];
    private long[] nanos = new long[FIRST_CAPACITY];
    private int[] ipBytes = new int[FIRST_CAPACITY];
    private int[] id = new int[FIRST_CAPACITY];
    private int[] offset = new int[FIRST_CAPACITY];
    private int[] bytes = new int[FIRST_CAPACITY];
    private boolean[] more = new boolean[FIRST_CAPACITY];

    void add(int ofPacket, int addresses, int number, long time, int length, IpFragment fragment) {
      if (size == packet.length) {
        grow(size * 2);
      }
      packet[size] = ofPacket;
      pair[size] = addresses;
      frame[size] = number;
      nanos[size] = time;
      ipBytes[size] = length;
      id[size] = fragment.id();
      offset[size] = fragment.offset();
      bytes[size] = fragment.bytes();
      more[size++] = fragment.more();
    }

    private void grow(int capacity) {
      packet = Arrays.copyOf(packet, capacity);
      pair = Arrays.copyOf(pair, capacity);
      frame = Arrays.copyOf(frame, capacity);
      nanos = Arrays.copyOf(nanos, capacity);
      ipBytes = Arrays.copyOf(ipBytes, capacity);
      id = Arrays.copyOf(id, capacity);
      offset = Arrays.copyOf(offset, capacity);
      bytes = Arrays.copyOf(bytes, capacity);
      more = Arrays.copyOf(more, capacity);
    }

    Sorted sorted(int packets) {
      Integer[] order = new Integer[size];
      Arrays.setAll(order, i -> i);
      Arrays.sort(
          order,
          (a, b) ->
              packet[a] == packet[b]
                  ? Integer.compare(offset[a], offset[b])
                  : Integer.compare(packet[a], packet[b]));
      int[] start = new int[packets + 1];
      Sorted sorted =
          new Sorted(
              start,
              new int[size],
              new int[size],
              new long[size],
              new int[size],
              new int[size],
              new int[size],
              new int[size],
              new boolean[size]);
      for (int i = 0; i < size; i++) {
        int from = order[i];
        start[packet[from] + 1] = i + 1;
        sorted.pair[i] = pair[from];
        sorted.frame[i] = frame[from];
        sorted.nanos[i] = nanos[from];
        sorted.ipBytes[i] = ipBytes[from];
        sorted.id[i] = id[from];
        sorted.offset[i] = offset[from];
        sorted.bytes[i] = bytes[from];
        sorted.more[i] = more[from];
      }
      return sorted;
    }
  }
}
