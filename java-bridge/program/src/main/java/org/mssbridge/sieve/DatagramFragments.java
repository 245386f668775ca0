package org.mssbridge.sieve;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.mssbridge.capturefile.Bytes;
import org.mssbridge.model.DatagramSink;
import org.mssbridge.model.FragmentedDatagram;
import org.mssbridge.model.IpAddress;

/**
 * Puts the fragments of UDP packets together (RFC 791, section 3.2; RFC 8200, section 4.5). What
 * cannot be put together for sure, such as fragments that overlap or were cut, is unread.
 */
final class DatagramFragments {
  /** The fragments of one packet travel together; later ones bear a reused identification. */
  private static final long TOGETHER_NANOS = 1_000_000_000L;

  /** Of hostile captures, which may never complete a packet; each takes 64 KiB at most. */
  private static final int MOST_OPEN = 64;

  private static final int RAW_IP = 101;
  private static final int UDP_BYTES = 8;
  private static final int UDP = 17;
  private static final int MOST_BYTES = 0xffff;
  private static final int ID_OF_EXTENSION_AT = 4;

  private final DatagramSink sink;
  private final DatagramHeaders whole = new DatagramHeaders();
  private final Map<Key, Open> open = new LinkedHashMap<>();
  private long lastNanos;

  DatagramFragments(DatagramSink sink) {
    this.sink = sink;
  }

  /** Whose fragments they are; ordered, because a capture may choose all of it. */
  private record Key(String source, String destination, int id) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparingInt(Key::id).thenComparing(Key::source).thenComparing(Key::destination);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  /** A packet of which more fragments may come. */
  private static final class Open {
    private final int headerBytes;
    private final int firstFrame;

    /** Where each fragment ends in the payload, by where it starts. */
    private final Map<Integer, Integer> pieces = new TreeMap<>();

    /** An IP packet without extension header, as far as it is known. */
    private byte[] packet;

    private int lastFrame;
    private long nanos;
    private int payloadBytes = -1;
    private int largestBytes;
    private int fragments;
    private boolean isDoubtful;

    Open(int headerBytes, int firstFrame) {
      this.headerBytes = headerBytes;
      this.firstFrame = firstFrame;
      this.packet = new byte[headerBytes];
    }

    boolean hasFirst() {
      return pieces.containsKey(0);
    }

    boolean isComplete() {
      int at = 0;
      for (Map.Entry<Integer, Integer> piece : pieces.entrySet()) {
        if (piece.getKey() != at) {
          return false;
        }
        at = piece.getValue();
      }
      return at == payloadBytes;
    }
  }

  /**
   * Takes a fragment of UDP.
   *
   * @param bytes the buffer that holds its frame
   * @param networkAt where its IP header starts
   * @param contentAt where its content starts, after the IP header and an extension header
   * @param contentEnd where it ends on the wire
   */
  void add(
      int number,
      long nanos,
      byte[] bytes,
      int networkAt,
      int contentAt,
      int contentEnd,
      boolean isCut,
      DatagramHeaders headers) {
    boolean ipv6 = headers.isIpv6();
    int word = Bytes.uint16(bytes, ipv6 ? contentAt - 6 : networkAt + 6);
    int offset = ipv6 ? word & 0xfff8 : (word & 0x1fff) << 3;
    boolean isLast = ipv6 ? (word & 1) == 0 : (word & 0x2000) == 0;
    int length = contentEnd - contentAt;
    Key key = key(bytes, networkAt, contentAt, ipv6);
    Open known = open.get(key);
    if (known != null && nanos - known.nanos > TOGETHER_NANOS) {
      close(key, known);
      known = null;
    }
    lastNanos = Math.max(lastNanos, nanos);
    if (known == null) {
      makeRoom();
      known = new Open(ipv6 ? TcpHeaders.IPV6_BYTES : TcpHeaders.IPV4_BYTES, number);
      open.put(key, known);
    }
    known.nanos = nanos;
    known.lastFrame = number;
    if (isCut || length <= 0 || offset + length > MOST_BYTES || (!isLast && length % 8 != 0)) {
      known.isDoubtful = true;
    }
    if (known.isDoubtful) {
      sink.acceptUnread(number, headers);
      return;
    }
    put(known, bytes, networkAt, contentAt, offset, length, isLast);
    if (!isLast) {
      known.largestBytes = Math.max(known.largestBytes, contentEnd - networkAt);
    }
    if (known.isDoubtful) {
      sink.acceptUnread(number, headers);
    } else if (known.isComplete()) {
      complete(key, known, number);
    }
  }

  private static void put(
      Open known,
      byte[] bytes,
      int networkAt,
      int contentAt,
      int offset,
      int length,
      boolean isLast) {
    int end = offset + length;
    Integer copyEnd = known.pieces.get(offset);
    boolean isCopy = copyEnd != null && copyEnd == end;
    for (Map.Entry<Integer, Integer> piece : known.pieces.entrySet()) {
      known.isDoubtful |= !isCopy && piece.getKey() < end && offset < piece.getValue();
    }
    known.isDoubtful |= isLast && known.payloadBytes >= 0 && known.payloadBytes != end;
    known.isDoubtful |= known.payloadBytes >= 0 && end > known.payloadBytes;
    if (known.isDoubtful || isCopy) {
      return;
    }
    known.pieces.put(offset, end);
    known.fragments++;
    known.payloadBytes = isLast ? end : known.payloadBytes;
    int needed = known.headerBytes + end;
    if (known.packet.length < needed) {
      known.packet = Arrays.copyOf(known.packet, needed);
    }
    System.arraycopy(bytes, contentAt, known.packet, known.headerBytes + offset, length);
    if (offset == 0 || known.pieces.size() == 1) {
      System.arraycopy(bytes, networkAt, known.packet, 0, known.headerBytes);
    }
  }

  private static Key key(byte[] bytes, int networkAt, int contentAt, boolean ipv6) {
    int at = networkAt + (ipv6 ? 8 : 12);
    int size = ipv6 ? 16 : 4;
    return new Key(
        IpAddress.text(Arrays.copyOfRange(bytes, at, at + size)),
        IpAddress.text(Arrays.copyOfRange(bytes, at + size, at + 2 * size)),
        ipv6
            ? Bytes.int32(bytes, contentAt - ID_OF_EXTENSION_AT)
            : Bytes.uint16(bytes, networkAt + 4));
  }

  /** Gives up the oldest packet if there are many: its other fragments may come yet. */
  private void makeRoom() {
    if (open.size() >= MOST_OPEN) {
      Iterator<Map.Entry<Key, Open>> oldest = open.entrySet().iterator();
      Map.Entry<Key, Open> given = oldest.next();
      oldest.remove();
      close(given.getKey(), given.getValue());
    }
  }

  /** Makes one packet of all, as if it had never been in fragments. */
  private void complete(Key key, Open known, int number) {
    open.remove(key);
    boolean ipv6 = known.headerBytes == TcpHeaders.IPV6_BYTES;
    int ipBytes = known.headerBytes + known.payloadBytes;
    if (ipBytes <= MOST_BYTES) {
      fix(known.packet, ipv6, known.payloadBytes);
      DatagramHeaders.Reading reading =
          whole.read(RAW_IP, known.packet, 0, ipBytes, ipBytes, known.nanos);
      if (reading == DatagramHeaders.Reading.WHOLE) {
        sink.acceptFragmented(number, whole, described(key, known, whole.headDigest()));
        return;
      }
    }
    unread(known);
  }

  private static void fix(byte[] packet, boolean ipv6, int payloadBytes) {
    if (ipv6) {
      Bytes.putInt16(packet, 4, payloadBytes);
      packet[6] = UDP;
    } else {
      Bytes.putInt16(packet, 2, TcpHeaders.IPV4_BYTES + payloadBytes);
      packet[6] &= 0x40; // DF stays.
      packet[7] = 0;
    }
  }

  private static FragmentedDatagram described(Key key, Open known, long headDigest) {
    boolean lacksLast = known.payloadBytes < 0;
    int contentBytes = known.payloadBytes - UDP_BYTES;
    if (lacksLast) {
      contentBytes =
          known.hasFirst() && known.packet.length >= known.headerBytes + UDP_BYTES
              ? Bytes.uint16(known.packet, known.headerBytes + 4) - UDP_BYTES
              : 0;
    }
    return new FragmentedDatagram(
        key.source(),
        key.destination(),
        key.id(),
        known.firstFrame,
        known.lastFrame,
        known.fragments,
        known.largestBytes,
        Math.max(0, contentBytes),
        headDigest,
        !known.hasFirst(),
        lacksLast);
  }

  private void close(Key key, Open known) {
    open.remove(key);
    boolean mayGoOn = lastNanos - known.nanos <= TOGETHER_NANOS;
    if (known.isDoubtful) {
      return;
    }
    if (mayGoOn) {
      unread(known);
    } else {
      sink.acceptIncomplete(described(key, known, head(known)));
    }
  }

  /** Of its first bytes, if all that the digest covers are there. */
  private long head(Open known) {
    int first = known.pieces.getOrDefault(0, 0);
    int at = known.headerBytes;
    if (first < UDP_BYTES) {
      return 0;
    }
    int udpBytes = Bytes.uint16(known.packet, at + 4);
    int ipBytes = known.headerBytes + udpBytes;
    byte[] packet = Arrays.copyOf(known.packet, known.headerBytes + first);
    fix(packet, known.headerBytes == TcpHeaders.IPV6_BYTES, udpBytes);
    return whole.read(RAW_IP, packet, 0, packet.length, ipBytes, known.nanos)
            == DatagramHeaders.Reading.WHOLE
        ? whole.headDigest()
        : 0;
  }

  /** Only the addresses of it count. */
  private void unread(Open known) {
    fix(known.packet, known.headerBytes == TcpHeaders.IPV6_BYTES, 0);
    whole.read(RAW_IP, known.packet, 0, known.packet.length, known.packet.length, known.nanos);
    sink.acceptUnread(known.lastFrame, whole);
  }

  /**
   * Closes what is incomplete, after the last frame.
   *
   * @param nanos the time of that frame
   */
  void finish(long nanos) {
    lastNanos = Math.max(lastNanos, nanos);
    for (Map.Entry<Key, Open> each : new LinkedHashMap<>(open).entrySet()) {
      close(each.getKey(), each.getValue());
    }
  }
}
