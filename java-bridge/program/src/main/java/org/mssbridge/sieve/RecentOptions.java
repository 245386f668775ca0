package org.mssbridge.sieve;

import java.util.Arrays;
import java.util.HexFormat;
import org.mssbridge.capturefile.Bytes;
import org.mssbridge.model.TcpOptions;

/**
 * Reads option lists for which {@link OptionList#isProven} holds. Most handshakes have a list like
 * many others but for the values of the timestamps, and then nothing of it is read again.
 */
final class RecentOptions {
  private static final int RECENT = 1 << 10;

  private final byte[][] lists = new byte[RECENT][];
  private final TcpOptions.Layout[] layouts = new TcpOptions.Layout[RECENT];

  /**
   * The options in a range of bytes.
   *
   * @param whole as {@link TcpOptions#whole}
   */
  TcpOptions of(byte[] bytes, int start, int end, boolean whole) {
    int timestampsAt = OptionList.timestampsAt(bytes, start, end);
    int split = timestampsAt < 0 ? end : timestampsAt;
    int resumed = timestampsAt < 0 ? end : timestampsAt + Long.BYTES;
    int slot = slot(hash(hash(1, bytes, start, split), bytes, resumed, end));
    byte[] list = lists[slot];
    if (list == null
        || layouts[slot].whole() != whole
        || !Arrays.equals(list, 0, Math.min(split - start, list.length), bytes, start, split)
        || !Arrays.equals(
            list, Math.min(resumed - start, list.length), list.length, bytes, resumed, end)) {
      TcpOptions read =
          new TcpOptions(
              OptionList.kinds(bytes, start, end),
              OptionList.mssValues(bytes, start, end),
              OptionList.windowScale(bytes, start, end),
              HexFormat.of().formatHex(bytes, start, end),
              whole);
      lists[slot] = Arrays.copyOfRange(bytes, start, end);
      layouts[slot] = read.layout();
      return read;
    }
    return new TcpOptions(layouts[slot], timestampsAt < 0 ? 0 : Bytes.int64(bytes, timestampsAt));
  }

  private static int hash(int before, byte[] bytes, int start, int end) {
    int hash = before;
    for (int at = start; at < end; at++) {
      hash = 31 * hash + bytes[at];
    }
    return hash;
  }

  private static int slot(int hash) {
    return (hash * 0x9e3779b9) >>> 22;
  }
}
