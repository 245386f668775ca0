package org.mssbridge.knowledge;

/**
 * Cipher and integrity algorithm of an ESP tunnel (RFC 4303), reduced to their sizes in bytes.
 *
 * <p>AES-CBC: RFC 3602; 3DES-CBC: RFC 2451; AES-GCM: RFC 4106; SHA1-96: RFC 2404; SHA256-128: RFC
 * 4868.
 */
enum EspCipher {
  /** IV 16, blocks of 16, ICV 12. */
  AES_CBC_SHA1("AES-CBC/SHA1", 16, 16, 12),
  /** IV 16, blocks of 16, ICV 16. */
  AES_CBC_SHA256("AES-CBC/SHA256", 16, 16, 16),
  /** IV 8, blocks of 8, ICV 12. */
  TRIPLE_DES_SHA1("3DES/SHA1", 8, 8, 12),
  /** IV 8, padded to multiples of 4 (RFC 4303 section 2.4), ICV 16. */
  AES_GCM("AES-GCM", 8, 4, 16);

  private final String label;
  private final int ivBytes;
  private final int blockBytes;
  private final int icvBytes;

  EspCipher(String label, int ivBytes, int blockBytes, int icvBytes) {
    this.label = label;
    this.ivBytes = ivBytes;
    this.blockBytes = blockBytes;
    this.icvBytes = icvBytes;
  }

  /** The name used in configurations, such as {@code AES-CBC/SHA1}. */
  public String label() {
    return label;
  }

  /** Size of the initialisation vector in each packet. */
  public int ivBytes() {
    return ivBytes;
  }

  /** The encrypted part is padded to a multiple of this. */
  public int blockBytes() {
    return blockBytes;
  }

  /** Size of the integrity check value at the end. */
  public int icvBytes() {
    return icvBytes;
  }
}
