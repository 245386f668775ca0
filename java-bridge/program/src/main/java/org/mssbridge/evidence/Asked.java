package org.mssbridge.evidence;

/** What a client asks for. */
public enum Asked {
  /** Data of a TCP connection that data of the server follows. */
  REQUEST("request", "TCP"),

  /** A DNS question over UDP. */
  DNS_QUESTION("DNS question", "DNS");

  private final String words;
  private final String protocol;

  Asked(String words, String protocol) {
    this.words = words;
    this.protocol = protocol;
  }

  /** One of them. */
  public String words() {
    return words;
  }

  /** Its protocol. */
  public String protocol() {
    return protocol;
  }
}
