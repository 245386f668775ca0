package org.mssbridge.model;

/**
 * A fragment of an IP packet (RFC 791, section 3.2; RFC 8200, section 4.5).
 *
 * @param id identification of the packet: 16 bits in IPv4, 32 in IPv6
 * @param offset bytes of the packet's content before this fragment's
 * @param bytes bytes of content in this fragment
 * @param more whether another fragment follows it
 * @param head of a first fragment, source port, destination port and sequence number in the TCP
 *     header that it starts with (RFC 9293, section 3.1); 0 for all others, and where it is unknown
 */
public record IpFragment(int id, int offset, int bytes, boolean more, long head) {
  /** The head of a segment. */
  public static long head(int sourcePort, int destinationPort, int sequence) {
    return ((long) sourcePort << Short.SIZE | destinationPort) << Integer.SIZE
        | Integer.toUnsignedLong(sequence);
  }
}
