package org.mssbridge.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;

/**
 * The TCP options of a segment, as tshark reports them. Those of most connections differ only in
 * their timestamps, so these are kept apart from the {@link Layout}, which many share.
 */
public final class TcpOptions {
  /** End of option list (RFC 9293, section 3.1). */
  public static final int END = 0;

  /** Padding (RFC 9293, section 3.1). */
  public static final int NOP = 1;

  /** Maximum segment size (RFC 9293, section 3.7.1). */
  public static final int MSS = 2;

  /** Window scale (RFC 7323, section 2). */
  public static final int WINDOW_SCALE = 3;

  /** SACK permitted (RFC 2018, section 2). */
  public static final int SACK_PERMITTED = 4;

  /** Timestamps (RFC 7323, section 3). */
  public static final int TIMESTAMPS = 8;

  /** A well-formed timestamps option: kind, length, TSval and TSecr (RFC 7323, section 3.2). */
  private static final int TIMESTAMPS_BYTES = 10;

  private static final String NO_TIMESTAMPS = "0".repeat(Long.BYTES * 2);

  private final Layout layout;

  private final long timestamps;

  /**
   * Options but for the values of timestamps.
   *
   * @param kinds as {@link TcpOptions#kinds}
   * @param mssValues as {@link TcpOptions#mssValues}
   * @param windowScale as {@link TcpOptions#windowScale}
   * @param bytes as {@link TcpOptions#bytes}, but TSval and TSecr are 0
   * @param timestampsAt where in the digits these stand; -1 where there are none
   * @param whole as {@link TcpOptions#whole}
   */
  public record Layout(
      List<Integer> kinds,
      List<Integer> mssValues,
      int windowScale,
      String bytes,
      int timestampsAt,
      boolean whole) {
    public Layout {
      kinds = List.copyOf(kinds);
      mssValues = List.copyOf(mssValues);
    }

    /** That of the bytes, from which nearly all else follows. */
    @Override
    public int hashCode() {
      return bytes.hashCode();
    }
  }

  /** Options; see the accessors for the values. */
  public TcpOptions(
      List<Integer> kinds, List<Integer> mssValues, int windowScale, String bytes, boolean whole) {
    int at = timestampsAt(bytes);
    timestamps = at < 0 ? 0 : Long.parseUnsignedLong(bytes, at, at + NO_TIMESTAMPS.length(), 16);
    layout = new Layout(kinds, mssValues, windowScale, with(NO_TIMESTAMPS, bytes, at), at, whole);
  }

  /**
   * Options of a layout that is known already.
   *
   * @param timestamps as {@link #timestamps}
   */
  public TcpOptions(Layout layout, long timestamps) {
    this.layout = layout;
    this.timestamps = timestamps;
  }

  private static int timestampsAt(String bytes) {
    for (int at = 0; at + 4 <= bytes.length(); ) {
      int kind = octet(bytes, at);
      int length = isPadding(kind) ? 1 : octet(bytes, at + 2);
      int end = at + 2 * length;
      if (kind < 0 || kind == END || length <= 0 || end > bytes.length()) {
        return -1;
      }
      if (kind == TIMESTAMPS && length == TIMESTAMPS_BYTES) {
        return areDigits(bytes, at + 4, end) ? at + 4 : -1;
      }
      at = end;
    }
    return -1;
  }

  private static int octet(String bytes, int at) {
    return areDigits(bytes, at, at + 2) ? Integer.parseInt(bytes, at, at + 2, 16) : -1;
  }

  /** Whether they are as {@link #bytes} writes them again. */
  private static boolean areDigits(String bytes, int from, int to) {
    for (int at = from; at < to; at++) {
      char digit = bytes.charAt(at);
      if ((digit < '0' || digit > '9') && (digit < 'a' || digit > 'f')) {
        return false;
      }
    }
    return true;
  }

  private static String with(String digits, String bytes, int at) {
    return at < 0 ? bytes : bytes.substring(0, at) + digits + bytes.substring(at + digits.length());
  }

  /** What it shares with those of other segments. */
  public Layout layout() {
    return layout;
  }

  /** TSval in the upper half, TSecr in the lower; 0 where the layout has no place for them. */
  public long timestamps() {
    return timestamps;
  }

  /** Every option's kind in the order of the header, NOP (1) and end of list (0) included. */
  public List<Integer> kinds() {
    return layout.kinds();
  }

  /** The values of the well-formed MSS options, in bytes; two where the option is repeated. */
  public List<Integer> mssValues() {
    return layout.mssValues();
  }

  /** The shift count (RFC 7323, section 2.2), -1 where absent. */
  public int windowScale() {
    return layout.windowScale();
  }

  /** The option list as hexadecimal digits, empty where it could not be read. */
  public String bytes() {
    int at = layout.timestampsAt();
    return at < 0
        ? layout.bytes()
        : with(HexFormat.of().toHexDigits(timestamps), layout.bytes(), at);
  }

  /** Whether the capture holds the whole option list; if not, no option is known to be absent. */
  public boolean whole() {
    return layout.whole();
  }

  /**
   * The effective MSS in bytes: the last one where the option is repeated, as Linux and the BSDs
   * use it. Empty where the option is absent or malformed.
   */
  public OptionalInt mss() {
    List<Integer> values = mssValues();
    return values.isEmpty() ? OptionalInt.empty() : OptionalInt.of(values.get(values.size() - 1));
  }

  /** Whether an option of that kind is present, well-formed or not. */
  public boolean has(int kind) {
    return kinds().contains(kind);
  }

  /** Whether a kind only fills the list up. */
  public static boolean isPadding(int kind) {
    return kind == NOP || kind == END;
  }

  /** The kinds without padding, in order. */
  public List<Integer> meaningfulKinds() {
    List<Integer> meaningful = new ArrayList<>(kinds().size());
    for (Integer kind : kinds()) {
      if (!isPadding(kind)) {
        meaningful.add(kind);
      }
    }
    return Collections.unmodifiableList(meaningful);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TcpOptions that
        && timestamps == that.timestamps
        && layout.equals(that.layout);
  }

  @Override
  public int hashCode() {
    return 31 * layout.hashCode() + Long.hashCode(timestamps);
  }

  @Override
  public String toString() {
    return layout + " " + bytes();
  }
}
