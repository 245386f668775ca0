package org.mssbridge.split;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.mssbridge.model.LongIndex;

/**
 * The packets of a file by what identifies them, to find those that it holds more than once, and
 * where.
 */
final class Sightings {
  /** The most packets that are remembered. */
  static final int MOST = 500_000;

  /** A packet that passes several points of one host or mirror passes them within this time. */
  private static final long ONE_PASSAGE_NANOS = 1_000_000_000;

  /** Shorter than the time after which a segment is sent again, which may look the same. */
  private static final long LESS_THAN_RTO_NANOS = 190_000_000;

  /** A packet is compared with this many earlier sightings; a looping one has no end of them. */
  private static final int MOST_SIGHTINGS = 6;

  /** A packet that was seen with more TTLs than a path in one file has places goes in circles. */
  private static final int LOOP_ROUNDS = 4;

  private static final int SYN = 1;
  private static final int SYN_ACK = 2;
  private static final int FROM_HIGHER_PORT = 4;
  private static final int TIMESTAMPED = 8;

  private final Map<Mode, Labels> labels = new EnumMap<>(Mode.class);
  private final Map<Mode, PlacePairs> pairs = new EnumMap<>(Mode.class);
  private final LongIndex lastByIdentity = new LongIndex();
  private final LongIndex synRow = new LongIndex();
  private final Turns turns = new Turns();
  private final Mode[] modes = Mode.values();

  private int size;
  private int[] previous = new int[1024];
  private int[] ports = new int[1024];
  private long[] nanos = new long[1024];
  private byte[] kinds = new byte[1024];
  private short[] places = new short[1024 * Mode.values().length];
  private long[] senders = new long[1024];
  private long[] handshakeNanos = new long[1024];
  private int[] captures = new int[1024];
  private char[] ipIds = new char[1024];

  /**
   * The number of packets from the lower and from the higher port, and of those with other TTLs.
   */
  private final int[] rowsByPorts = new int[2];

  private final int[] routedByPorts = new int[2];
  private int repeats;
  private int loops;
  private boolean isAtSeveralPlaces;

  Sightings() {
    for (Mode mode : modes) {
      labels.put(mode, new Labels(mode));
      pairs.put(mode, new PlacePairs());
    }
  }

  /**
   * Adds a packet.
   *
   * @param captureNumber the interface of the file that captured it: those of several may have
   *     clocks of their own
   */
  void add(PacketHeaders headers, int captureNumber, long timeNanos) {
    long identity = headers.identity();
    if (identity == 0) {
      return;
    }
    int row = size++;
    grow(row);
    for (Mode mode : modes) {
      places[row * modes.length + mode.column()] = (short) labels.get(mode).count(headers);
    }
    ports[row] = headers.ports();
    nanos[row] = timeNanos;
    captures[row] = captureNumber;
    senders[row] = headers.senderAddress();
    kinds[row] =
        (byte)
            ((headers.isSyn() ? SYN : 0)
                | (headers.isSynAck() ? SYN_ACK : 0)
                | (headers.isFromHigherPort() ? FROM_HIGHER_PORT : 0)
                | (headers.hasTimestamps() ? TIMESTAMPED : 0));
    ipIds[row] = (char) headers.ipId();
    rowsByPorts[headers.isFromHigherPort() ? 1 : 0]++;
    timeHandshake(headers, row);
    int before = lastByIdentity.put(identity, row);
    int alike = remember(headers.identityWithoutNumbers(), row);
    int ofSameEnds = remember(headers.identityOfHandshake(), row);
    previous[row] = before >= 0 ? before : alike >= 0 ? alike : ofSameEnds;
    compare(row);
  }

  /** Returns the last packet that had a hash before; 0 is none. */
  private int remember(long identity, int row) {
    return identity == 0 ? LongIndex.NONE : lastByIdentity.put(identity, row);
  }

  /** How long after the SYN its answer passed here: the longer, the nearer the client. */
  private void timeHandshake(PacketHeaders headers, int row) {
    handshakeNanos[row] = -1;
    if ((kinds[row] & (SYN | SYN_ACK)) == 0) {
      return;
    }
    long key = Hash.of(Hash.of(headers.conversation(), captures[row]), place(row, Mode.VLAN));
    key = Hash.of(key, place(row, Mode.INTERFACE)) | 1;
    if ((kinds[row] & SYN) != 0) {
      synRow.put(key, row);
    } else {
      int syn = synRow.get(key);
      handshakeNanos[row] = syn < 0 ? -1 : nanos[row] - nanos[syn];
    }
  }

  private int place(int row, Mode mode) {
    return places[row * modes.length + mode.column()];
  }

  private void compare(int row) {
    int earlier = previous[row];
    boolean isRepeat = false;
    int higher = 0;
    for (int count = 0; earlier >= 0 && count < MOST_SIGHTINGS; count++) {
      if (isSamePassage(earlier, row)) {
        isRepeat = true;
        higher += ttl(earlier) > ttl(row) ? 1 : 0;
        compare(earlier, row);
      }
      earlier = previous[earlier];
    }
    repeats += isRepeat ? 1 : 0;
    loops += higher > LOOP_ROUNDS ? 1 : 0;
    routedByPorts[(kinds[row] & FROM_HIGHER_PORT) != 0 ? 1 : 0] += higher > 0 ? 1 : 0;
  }

  private boolean isSamePassage(int earlier, int row) {
    boolean isPortKept =
        (ports[earlier] ^ ports[row]) >>> 16 == 0 || (char) (ports[earlier] ^ ports[row]) == 0;
    return isPortKept
        && mayBeOnePacket(earlier, row)
        && (kinds[earlier] & (SYN | SYN_ACK)) == (kinds[row] & (SYN | SYN_ACK))
        && (mayHaveOwnClocks(earlier, row)
            || Math.abs(nanos[row] - nanos[earlier])
                < (isIdentified(row) ? ONE_PASSAGE_NANOS : LESS_THAN_RTO_NANOS));
  }

  /**
   * Packets with other IP IDs are two, also where all else is the same; a proxy makes SYNs of its
   * own, and between interfaces or tags something may have given packets other IDs.
   */
  private boolean mayBeOnePacket(int earlier, int row) {
    return ipIds[earlier] == ipIds[row]
        || ipIds[earlier] == 0
        || ipIds[row] == 0
        || (kinds[row] & (SYN | SYN_ACK)) != 0
        || captures[earlier] != captures[row]
        || place(earlier, Mode.INTERFACE) != place(row, Mode.INTERFACE)
        || place(earlier, Mode.VLAN) != place(row, Mode.VLAN);
  }

  /** Whether no other packet can be like it, not even the same data sent again. */
  private boolean isIdentified(int row) {
    return ipIds[row] != 0 || (kinds[row] & TIMESTAMPED) != 0;
  }

  /** Whether the file may have been merged from captures of two hosts. */
  private boolean mayHaveOwnClocks(int earlier, int row) {
    return captures[earlier] != captures[row] || place(earlier, Mode.MAC) != place(row, Mode.MAC);
  }

  private void compare(int earlier, int row) {
    boolean isSyn = (kinds[row] & SYN) != 0;
    boolean isHandshake = (kinds[row] & (SYN | SYN_ACK)) != 0;
    boolean isFromClient = isSyn || (!isHandshake && (kinds[row] & FROM_HIGHER_PORT) != 0);
    int nearerSender = nearerSender(earlier, row);
    int nearerClient = isFromClient ? nearerSender : -nearerSender;
    if (handshakeNanos[earlier] >= 0
        && handshakeNanos[row] >= 0
        && handshakeNanos[earlier] != handshakeNanos[row]
        && ttl(earlier) == ttl(row)) {
      nearerClient = Long.compare(handshakeNanos[row], handshakeNanos[earlier]);
    }
    for (Mode mode : modes) {
      int from = place(earlier, mode);
      int to = place(row, mode);
      if (from >= 0 && to >= 0 && from != to) {
        isAtSeveralPlaces = true;
        pairs.get(mode).add(from, to, isHandshake, nearerClient, nanos[row] - nanos[earlier]);
      }
    }
    if (ttl(earlier) != ttl(row)) {
      turns.add(senders[earlier], ttl(earlier), senders[row], ttl(row));
    }
  }

  private int ttl(int row) {
    return labels.get(Mode.TTL).label(place(row, Mode.TTL)).ttl();
  }

  /** Below 0 if the earlier sighting is nearer the sender, above 0 if the later one is. */
  private int nearerSender(int earlier, int row) {
    if (ttl(earlier) != ttl(row)) {
      return Integer.compare(ttl(row), ttl(earlier));
    }
    return captures[earlier] == captures[row] ? -1 : 0;
  }

  private void grow(int row) {
    if (row < nanos.length) {
      return;
    }
    int longer = row * 2;
    previous = Arrays.copyOf(previous, longer);
    ports = Arrays.copyOf(ports, longer);
    nanos = Arrays.copyOf(nanos, longer);
    kinds = Arrays.copyOf(kinds, longer);
    senders = Arrays.copyOf(senders, longer);
    handshakeNanos = Arrays.copyOf(handshakeNanos, longer);
    captures = Arrays.copyOf(captures, longer);
    ipIds = Arrays.copyOf(ipIds, longer);
    places = Arrays.copyOf(places, longer * modes.length);
  }

  /** The number of packets. */
  int size() {
    return size;
  }

  /** How many of them were in the file before. */
  int repeats() {
    return repeats;
  }

  /** Whether one of them was seen at two places: sent or captured again, it is at the same one. */
  boolean isAtSeveralPlaces() {
    return isAtSeveralPlaces;
  }

  /**
   * Whether a part of the packets, from 0 to 1, of each direction that the file holds were seen
   * before with a higher TTL. What comes back on another way has another TTL in one direction only.
   */
  boolean isRouted(double share) {
    for (int i = 0; i < rowsByPorts.length; i++) {
      if (routedByPorts[i] < share * rowsByPorts[i]) {
        return false;
      }
    }
    return true;
  }

  /** Whether packets go round in circles: what differs then are no points. */
  boolean isLooping() {
    return loops * 8L > repeats;
  }

  Labels labels(Mode mode) {
    return labels.get(mode);
  }

  PlacePairs pairs(Mode mode) {
    return pairs.get(mode);
  }

  Turns turns() {
    return turns;
  }
}
