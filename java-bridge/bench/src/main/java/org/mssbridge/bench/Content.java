package org.mssbridge.bench;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What a host sends in a connection: given bytes, and random ones between them, which are worked
 * out when a packet is written, so that long connections take no memory.
 */
final class Content {
  private final long key;
  private final List<Piece> pieces = new ArrayList<>();
  private long length;

  Content(long key) {
    this.key = key;
  }

  private record Piece(long start, ByteBuffer bytes) {
    private long end() {
      return start + bytes.limit();
    }
  }

  long length() {
    return length;
  }

  void append(byte[] bytes) {
    pieces.add(new Piece(length, ByteBuffer.wrap(bytes)));
    length += bytes.length;
  }

  void appendRandom(int bytes) {
    length += bytes;
  }

  void copy(long from, int bytes, ByteBuffer out) {
    int base = out.position();
    long end = from + bytes;
    long position = from;
    while (position < end && (position & 7) != 0) {
      out.put((byte) (word(position >> 3) >>> (56 - 8 * (position & 7))));
      position++;
    }
    for (; position + 8 <= end; position += 8) {
      out.putLong(word(position >> 3));
    }
    for (; position < end; position++) {
      out.put((byte) (word(position >> 3) >>> (56 - 8 * (position & 7))));
    }
    for (int i = firstEndingAfter(from); i < pieces.size() && pieces.get(i).start < end; i++) {
      Piece piece = pieces.get(i);
      long first = Math.max(from, piece.start);
      int count = (int) (Math.min(end, piece.end()) - first);
      out.put(base + (int) (first - from), piece.bytes, (int) (first - piece.start), count);
    }
  }

  private int firstEndingAfter(long position) {
    int low = 0;
    int high = pieces.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (pieces.get(middle).end() > position) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** SplitMix64 of the key and an index. */
  private long word(long index) {
    long z = key + index * 0x9E37_79B9_7F4A_7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return z ^ (z >>> 31);
  }
}
