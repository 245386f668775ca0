package org.mssbridge.flow;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
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

  /** The packets with a known head, in the order of heads. */
  private final int[] byHead;

  private final long[] heads;

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
    byKey = sorted(IntStream.range(0, size()), this::key);
    keys = Arrays.stream(byKey).mapToLong(this::key).toArray();
    byHead = sorted(IntStream.range(0, size()).filter(packet -> head(packet) != 0), this::head);
    heads = Arrays.stream(byHead).mapToLong(this::head).toArray();
  }

  /** Packets by a key; those with equal ones stay in order. */
  private static int[] sorted(IntStream packets, IntToLongFunction key) {
    return packets
        .boxed()
        .sorted(Comparator.comparingLong(key::applyAsLong))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private long head(int packet) {
    return packet(packet).head();
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
    return equal(keys, key(pair, id), byKey);
  }

  /**
   * The numbers of the packets with these addresses whose first fragment has this head (see {@link
   * IpFragment#head}), in order.
   */
  public List<Integer> packetsWithHead(String source, String destination, long head) {
    Integer pair = pairs.get(ends(source, destination));
    return pair == null
        ? List.of()
        : equal(heads, head, byHead).stream()
            .filter(packet -> sorted.pair[sorted.start[packet]] == pair)
            .toList();
  }

  private static List<Integer> equal(long[] keys, long key, int[] packets) {
    int from = countBelow(keys, key);
    int to = from;
    while (to < keys.length && keys[to] == key) {
      to++;
    }
    return Arrays.stream(packets, from, to).boxed().toList();
  }

  private static int countBelow(long[] keys, long key) {
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
      boolean[] more,
      long[] head) {}

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
    private long[] head = new long[FIRST_CAPACITY];

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
      head[size] = fragment.head();
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
      head = Arrays.copyOf(head, capacity);
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
              new boolean[size],
              new long[size]);
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
        sorted.head[i] = head[from];
      }
      return sorted;
    }
  }
}
