package org.mssbridge.pairing;

/**
 * The features by which a connection can be recognised on both sides of a device, strongest first.
 *
 * <p>The strength is in bits: how much less often two different connections agree in the feature
 * than two sightings of the same connection. It is an upper bound; a value that several connections
 * share counts less.
 */
enum FeatureKind {
  /** Addresses and ports of both ends, independent of which end is the client. */
  TUPLE("tuple", 40, 5, 0),
  /** Initial sequence number of a direction. */
  ISN("isn", 30, 4, 0),
  /** TSval of the SYN or SYN/ACK (RFC 7323, section 3). */
  TIMESTAMP("timestamps", 24, 3, 0),
  /** TSvals of some data segments, for captures that begin in mid-stream. */
  DATA_TIMESTAMP("timestamps", 16, 0, 0),
  /** Random of the TLS hello (RFC 8446, section 4.1.2). */
  TLS_RANDOM("tls-random", 58, 6, 0),
  /** Digest of the first bytes of data. */
  PAYLOAD("payload", 24, 8, 8),
  /** Sum of all data up to the FIN. */
  TOTAL_SUM("payload-sum", 15, 3, 5),
  /** Sum of the data that the first response acknowledges. */
  FIRST_SUM("payload-sum", 15, 3, 5),
  /** Sums of some data segments, for captures that begin in mid-stream. */
  SEGMENT_SUM("payload-sum", 14, 0, 5),
  /** Number of bytes of data up to the FIN. */
  TOTAL_SIZE("sizes", 12, 3, 2),
  /** Number of bytes that the first response acknowledges. */
  FIRST_SIZE("sizes", 12, 3, 2),
  /** Both ports, which a NAT often keeps: a key to find pairs with; {@link #PORT} has the bits. */
  PORTS("", 0, 0, 0),
  /** The port of each end. */
  PORT("tuple", 12, 0, 0),
  /** Options of the SYN or SYN/ACK, in order, without MSS. */
  OPTIONS("options", 4, 2, 1),
  /** IPv4 identification of the SYN or SYN/ACK. */
  IP_ID("", 8, 0, 0);

  static final int COUNT = values().length;
  private static final int SERVER_PORT_BITS = 4;
  private static final FeatureKind[] ALL = values();

  /** Its name in reports; empty where reports do not name it. */
  final String word;

  /** The most bits that agreement is worth. */
  final int bits;

  /** The bits that a contradiction costs while nothing is known about the devices between. */
  final int penaltyBits;

  /**
   * Above 0 for kinds that depend on the content only: equal requests agree in all of them at once.
   * So only the rarest counts in full, and this bonus is added, reduced by the number of
   * connections that share it.
   */
  final int contentBits;

  FeatureKind(String word, int bits, int penaltyBits, int contentBits) {
    this.word = word;
    this.bits = bits;
    this.penaltyBits = penaltyBits;
    this.contentBits = contentBits;
  }

  /**
   * The most bits that agreement is worth in a direction. The server's port is one of few that are
   * asked for everywhere.
   */
  int bits(int direction) {
    return this == PORT && direction == 1 ? SERVER_PORT_BITS : bits;
  }

  /** Whether its values are random numbers that no other connection should have. */
  boolean isIdentity() {
    return this == ISN || this == TIMESTAMP || this == DATA_TIMESTAMP || this == TLS_RANDOM;
  }

  /** Whether it depends on the content only. */
  boolean isContent() {
    return contentBits > 0;
  }

  /** Whether agreement shows that the same data passed: sizes and options may be equal anywhere. */
  boolean isPayload() {
    return this == TLS_RANDOM
        || this == PAYLOAD
        || this == TOTAL_SUM
        || this == FIRST_SUM
        || this == SEGMENT_SUM;
  }

  /** Whether it points to one connection among those of like options and times. */
  boolean isAnchor() {
    return this == TUPLE || this == ISN || this == PORT || this == IP_ID;
  }

  /** Whether connections that agree in it are worth comparing. */
  boolean isKey() {
    return this != OPTIONS && this != IP_ID && this != PORT;
  }

  /** Whether devices that forward packets may rewrite it: header fields, not content. */
  boolean isHeader() {
    return this == TUPLE || this == ISN || this == TIMESTAMP;
  }

  /** Whether its values have so few bits that many connections are equal by chance. */
  boolean isShort() {
    return this == PORTS || this == IP_ID;
  }

  /** Its index in arrays with an entry for each kind, and in the order of features. */
  @SuppressWarnings("EnumOrdinal") // Millions of features hold the number, not the constant.
  int index() {
    return ordinal();
  }

  /** Its bit in a set of kinds. */
  int mask() {
    return 1 << index();
  }

  /** Whether each direction has its own value; otherwise both ends share one. */
  boolean isDirected() {
    return this != TUPLE && this != PORTS;
  }

  /** The kind with that {@link #index}. */
  static FeatureKind at(int index) {
    return ALL[index];
  }
}
