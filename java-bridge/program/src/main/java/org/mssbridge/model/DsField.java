package org.mssbridge.model;

/** The DS field of an IP header: DSCP in the upper six bits (RFC 2474), ECN in the lower two. */
public final class DsField {
  /** Congestion was experienced (RFC 3168, section 5). */
  public static final int CE = 3;

  private static final int EXPEDITED = 46;
  private static final int VOICE_ADMIT = 44;
  private static final int LOWER_EFFORT = 1;

  private DsField() {}

  /** The ECN field, 0 to 3. */
  public static int ecn(int dsField) {
    return dsField & 3;
  }

  /** The DSCP, 0 to 63. */
  public static int dscp(int dsField) {
    return dsField >> 2;
  }

  /** The name of an ECN value, such as {@code ECT(0)} (RFC 3168, section 5). */
  public static String ecnName(int ecn) {
    return switch (ecn) {
      case 1 -> "ECT(1)";
      case 2 -> "ECT(0)";
      case CE -> "CE";
      default -> "Not-ECT";
    };
  }

  /**
   * The name of a DSCP, such as {@code EF}, {@code AF41} or {@code CS1}, or its number where it has
   * none (RFC 2474, section 4.2.2; RFC 2597, section 6; RFC 3246; RFC 5865; RFC 8622).
   */
  public static String dscpName(int dscp) {
    if (dscp % 8 == 0) {
      return "CS" + dscp / 8;
    }
    boolean assured = dscp % 2 == 0 && dscp >= 10 && dscp < 40;
    return switch (dscp) {
      case EXPEDITED -> "EF";
      case VOICE_ADMIT -> "VOICE-ADMIT";
      case LOWER_EFFORT -> "LE";
      default -> assured ? "AF" + dscp / 8 + dscp % 8 / 2 : Integer.toString(dscp);
    };
  }
}
