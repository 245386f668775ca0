package org.mssbridge.model;

/** Bits of the TCP header's flags (RFC 9293, section 3.1). */
public final class TcpFlags {
  public static final int FIN = 0x01;
  public static final int SYN = 0x02;
  public static final int RST = 0x04;
  public static final int PSH = 0x08;
  public static final int ACK = 0x10;

  /** ECN-Echo (RFC 3168, section 6.1). */
  public static final int ECE = 0x40;

  /** Congestion window reduced (RFC 3168, section 6.1). */
  public static final int CWR = 0x80;

  private TcpFlags() {}

  /** Whether it is a SYN without ACK: the first segment of a client. */
  public static boolean isSyn(int flags) {
    return (flags & (SYN | ACK)) == SYN;
  }

  /** Whether it is a SYN with ACK: the first segment of a server. */
  public static boolean isSynAck(int flags) {
    return (flags & (SYN | ACK)) == (SYN | ACK);
  }

  /** The first letters of those that are set, such as {@code SA}. */
  public static String letters(int flags) {
    return letter(flags, SYN, "S")
        + letter(flags, FIN, "F")
        + letter(flags, RST, "R")
        + letter(flags, PSH, "P")
        + letter(flags, ACK, "A");
  }

  private static String letter(int flags, int flag, String letter) {
    return (flags & flag) != 0 ? letter : "";
  }
}
