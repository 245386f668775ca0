package org.mssbridge.flow;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.mssbridge.model.Frame;
import org.mssbridge.model.IpFragment;

/** Collects the fragments of one capture and sorts them into packets. */
final class FragmentCollector {
  /** The fragments of one packet travel together; later ones bear a reused identification. */
  private static final long TOGETHER_NANOS = 1_000_000_000;

  /** A second copy of a fragment comes within this time; a later one is of another packet. */
  private static final long COPY_NANOS = 100_000_000;

  private final Map<String, Integer> addresses = new HashMap<>();
  private final Map<Long, Integer> pairs = new HashMap<>();
  private final Map<Long, Open> open = new HashMap<>();
  private final Fragments.Columns columns = new Fragments.Columns();
  private int packets;

  /** A packet of which more fragments may come. */
  private static final class Open {
    private final int packet;
    private final Set<Integer> offsets = new HashSet<>(4);
    private long lastNanos;
    private long head;

    Open(int packet) {
      this.packet = packet;
    }
  }

  void add(int number, long nanos, Frame frame, IpFragment fragment) {
    int pair = pair(frame.sourceAddress(), frame.destinationAddress());
    // The HashMap's long keys are in an order, so that it stays quick whatever they are.
    Open packet = open.get(key(pair, fragment.id()));
    if (packet == null || isOfAnother(packet, nanos, fragment)) {
      packet = new Open(packets++);
      open.put(key(pair, fragment.id()), packet);
    }
    packet.offsets.add(fragment.offset());
    packet.lastNanos = nanos;
    packet.head = fragment.head() == 0 ? packet.head : fragment.head();
    columns.add(packet.packet, pair, number, nanos, frame.ipBytes(), fragment);
  }

  private static long key(int high, int low) {
    return (long) high << Integer.SIZE | Integer.toUnsignedLong(low);
  }

  private int pair(String source, String destination) {
    int from = addresses.computeIfAbsent(source, address -> addresses.size());
    int to = addresses.computeIfAbsent(destination, address -> addresses.size());
    return pairs.computeIfAbsent(key(from, to), pair -> pairs.size());
  }

  /** Hosts and firewalls that give no packet an identification give all of them 0. */
  private static boolean isOfAnother(Open packet, long nanos, IpFragment fragment) {
    long since = Math.abs(nanos - packet.lastNanos);
    return since > TOGETHER_NANOS
        || (packet.head != 0 && fragment.head() != 0 && packet.head != fragment.head())
        || (packet.offsets.contains(fragment.offset())
            && (fragment.id() == 0 || since > COPY_NANOS));
  }

  Fragments finish() {
    if (packets == 0) {
      return Fragments.NONE;
    }
    String[] names = new String[addresses.size()];
    addresses.forEach((address, index) -> names[index] = address);
    String[] sources = new String[pairs.size()];
    String[] destinations = new String[pairs.size()];
    pairs.forEach(
        (ends, index) -> {
          sources[index] = names[(int) (ends >>> Integer.SIZE)];
          destinations[index] = names[ends.intValue()];
        });
    return new Fragments(
        Arrays.asList(sources), Arrays.asList(destinations), columns.sorted(packets));
  }
}
