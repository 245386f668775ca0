package org.mssbridge.evidence;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.mssbridge.model.Segment;
import org.mssbridge.model.TcpFlags;

/** What some devices drop a SYN for. */
public enum SynMark {
  ECN_SETUP("ECN flags (ECE and CWR)", "ECN", "net.ipv4.tcp_ecn=2", "RFC 3168, section 6.1.1.1"),
  FAST_OPEN(
      "the Fast Open option", "Fast Open", "net.ipv4.tcp_fastopen=0", "RFC 7413, section 4.1.3.1"),
  MULTIPATH("the MPTCP option", "MPTCP", "net.mptcp.enabled=0", "RFC 8684, section 3.7");

  private static final int ECN_FLAGS = TcpFlags.ECE | TcpFlags.CWR;

  private final String text;
  private final String feature;
  private final String setting;
  private final String source;

  SynMark(String text, String feature, String setting, String source) {
    this.text = text;
    this.feature = feature;
    this.setting = setting;
    this.source = source;
  }

  /** Whether a SYN has it. */
  private boolean isOn(Segment syn) {
    return switch (this) {
      case ECN_SETUP -> (syn.flags() & ECN_FLAGS) == ECN_FLAGS;
      case FAST_OPEN -> syn.options().has(OptionKinds.FAST_OPEN);
      case MULTIPATH -> syn.options().has(OptionKinds.MULTIPATH);
    };
  }

  /** All that a SYN has. */
  static Set<SynMark> allOf(Segment syn) {
    Set<SynMark> marks = EnumSet.noneOf(SynMark.class);
    for (SynMark mark : values()) {
      if (mark.isOn(syn)) {
        marks.add(mark);
      }
    }
    return marks;
  }

  /** Its name in facts, such as {@code fast-open}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What a SYN has, in words. */
  public String text() {
    return text;
  }

  /** What a host turns on to send it. */
  public String feature() {
    return feature;
  }

  /** How Linux does not send it. */
  public String setting() {
    return setting;
  }

  /** The document that describes devices which drop it. */
  public String source() {
    return source;
  }
}
