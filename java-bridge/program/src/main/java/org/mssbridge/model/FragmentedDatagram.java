package org.mssbridge.model;

/**
 * A UDP packet in fragments (RFC 791, section 3.2; RFC 8200, section 4.5).
 *
 * @param source address
 * @param destination address
 * @param id identification: 16 bits in IPv4, 32 in IPv6
 * @param firstFrame the first of its frames in the capture, from 1
 * @param lastFrame the last of them
 * @param count how many fragments there are; copies count once
 * @param largestBytes length of the largest one but the last, as an IP packet; 0 where there is
 *     none
 * @param contentBytes length of the whole UDP data on the wire; 0 where that is not known
 * @param headDigest as {@link Datagram#headDigest}; 0 where the first fragment is missing
 * @param lacksFirst whether the first fragment is missing
 * @param lacksLast whether the last one is missing
 */
public record FragmentedDatagram(
    String source,
    String destination,
    int id,
    int firstFrame,
    int lastFrame,
    int count,
    int largestBytes,
    int contentBytes,
    long headDigest,
    boolean lacksFirst,
    boolean lacksLast) {

  /** The same with other frame numbers. */
  public FragmentedDatagram inFrames(int first, int last) {
    return new FragmentedDatagram(
        source,
        destination,
        id,
        first,
        last,
        count,
        largestBytes,
        contentBytes,
        headDigest,
        lacksFirst,
        lacksLast);
  }
}
