package org.mssbridge.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/**
 * The TCP options of a segment, as tshark reports them.
 *
 * @param kinds every option's kind in the order of the header, NOP (1) and end of list (0) included
 * @param mssValues the values of the well-formed MSS options, in bytes; two where the option is
 *     repeated
 * @param windowScale the shift count (RFC 7323, section 2.2), -1 where absent
 * @param bytes the option list as hexadecimal digits, empty where it could not be read
 * @param whole whether the capture holds the whole option list; if not, no option is known to be
 *     absent
 */
public record TcpOptions(
    List<Integer> kinds, List<Integer> mssValues, int windowScale, String bytes, boolean whole) {
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

  public TcpOptions {
    kinds = List.copyOf(kinds);
    mssValues = List.copyOf(mssValues);
  }

  /**
   * The effective MSS in bytes: the last one where the option is repeated, as Linux and the BSDs
   * use it. Empty where the option is absent or malformed.
   */
  public OptionalInt mss() {
    return mssValues.isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(mssValues.get(mssValues.size() - 1));
  }

  /** Whether an option of that kind is present, well-formed or not. */
  public boolean has(int kind) {
    return kinds.contains(kind);
  }

  /** Whether a kind only fills the list up. */
  public static boolean isPadding(int kind) {
    return kind == NOP || kind == END;
  }

  /** The kinds without padding, in order. */
  public List<Integer> meaningfulKinds() {
    List<Integer> meaningful = new ArrayList<>(kinds.size());
    for (Integer kind : kinds) {
      if (!isPadding(kind)) {
        meaningful.add(kind);
      }
    }
    return Collections.unmodifiableList(meaningful);
  }
}
