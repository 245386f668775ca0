package org.mssbridge.pairing;

/**
 * What a connection can be recognised by on both sides of a device, the strongest first.
 *
 * <p>Strength is in bits: how much rarer it is that two other connections agree in it than that two
 * sightings of one connection do. It is a bound; a value that several connections share says less.
 */
enum FeatureKind {
  /** Addresses and ports of both ends, whichever of them is the client. */
  TUPLE("tuple", 40, 5, 0),
  /** Initial sequence number of a direction. */
  ISN("isn", 30, 4, 0),
  /** TSval of the SYN or SYN/ACK (RFC 7323, section 3). */
  TIMESTAMP("timestamps", 24, 3, 0),
  /** TSvals of some data segments, so that a capture may begin in mid-stream. */
  DATA_TIMESTAMP("timestamps", 16, 0, 0),
  /** Random of the TLS hello (RFC 8446, section 4.1.2). */
  TLS_RANDOM("tls-random", 58, 6, 0),
  /** Digest of the first bytes of data. */
  PAYLOAD("payload", 24, 8, 8),
  /** Sum of all data up to the FIN. */
  TOTAL_SUM("payload-sum", 15, 3, 5),
  /** Sum of the data that the first answer acknowledges. */
  FIRST_SUM("payload-sum", 15, 3, 5),
  /** Sums of some data segments, so that a capture may begin in mid-stream. */
  SEGMENT_SUM("payload-sum", 14, 0, 5),
  /** Bytes of data up to the FIN. */
  TOTAL_SIZE("sizes", 12, 3, 2),
  /** Bytes that the first answer acknowledges. */
  FIRST_SIZE("sizes", 12, 3, 2),
  /** Both ports: a translation often keeps them. */
  PORTS("tuple", 12, 0, 0),
  /** Options of the SYN or SYN/ACK, in order, without MSS. */
  OPTIONS("options", 4, 2, 1),
  /** IPv4 identification of the SYN or SYN/ACK. */
  IP_ID("", 8, 0, 0);

  static final int COUNT = values().length;
  private static final FeatureKind[] ALL = values();

  /** The word for it in a report; empty where it is never named. */
  final String word;

  /** What agreement is worth at most. */
  final int bits;

  /** What disagreement costs as long as nothing is known of the devices between. */
  final int penaltyBits;

  /**
   * Above 0 for what depends on the content alone: equal requests agree in all of it at once. Then
   * only the rarest counts in full, and this much is added, the less the more connections share it.
   */
  final int contentBits;

  FeatureKind(String word, int bits, int penaltyBits, int contentBits) {
    this.word = word;
    this.bits = bits;
    this.penaltyBits = penaltyBits;
    this.contentBits = contentBits;
  }

  boolean isContent() {
    return contentBits > 0;
  }

  /** Whether connections that agree in it are worth comparing. */
  boolean isKey() {
    return this != OPTIONS && this != IP_ID;
  }

  /** Whether devices that pass packets on may rewrite it: headers, and not what they carry. */
  boolean isHeader() {
    return this == TUPLE || this == ISN || this == TIMESTAMP;
  }

  /** Whether its values have so few bits that many connections meet by accident. */
  boolean isShort() {
    return this == PORTS || this == IP_ID;
  }

  /** Its place in arrays that hold something for each kind, and in the order of features. */
  @SuppressWarnings("EnumOrdinal") // Millions of features hold the number and not the constant.
  int index() {
    return ordinal();
  }

  /** Its bit in a set of kinds. */
  int mask() {
    return 1 << index();
  }

  /** Whether each direction has its own; the others belong to both ends together. */
  boolean isDirected() {
    return this != TUPLE && this != PORTS;
  }

  /** The kind with that {@link #index}. */
  static FeatureKind at(int index) {
    return ALL[index];
  }
}
