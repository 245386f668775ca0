package org.mssbridge.evidence;

import java.util.List;
import java.util.Optional;
import org.mssbridge.model.PerPoint;

/**
 * What the captures show of the packet that an ICMP message quotes. Routers rewrite the header that
 * they quote (its length, TTL and checksum, or the order of their bytes), so a packet is recognised
 * by its numbers and IP ID, and its size is that of the packet that was sent.
 *
 * @param packets the packet at each point that saw the message and the packet before it
 * @param isNeverSent whether the captures would hold the quoted bytes and do not
 * @param isDelivered whether the quoted packet arrives all the same: its bytes are acknowledged
 *     before another copy of them can have arrived. A router drops what it reports as too big (RFC
 *     1191, section 4)
 */
public record Quote(PerPoint<Packet> packets, boolean isNeverSent, boolean isDelivered) {
  /** Whether the message cannot be true of the path that the packets take. */
  public boolean isUntrue() {
    return isNeverSent || isDelivered;
  }

  /** The packet as one of the points saw it; empty where none did. */
  public Optional<Packet> packet() {
    return packets.points().stream().findFirst().flatMap(packets::at);
  }

  /**
   * A packet that was sent.
   *
   * @param frames its frame; where a device joined several segments before it quoted them, those of
   *     all of them
   * @param ipBytes length of the IP packet on the wire; of joined segments, the largest
   * @param isJoined whether the quote is larger than each packet that was sent, and is exactly
   *     several of them
   * @param shift how far the quoted sequence number is above the packet's own at this point, modulo
   *     2^32; 0 where it is the same
   */
  public record Packet(List<Integer> frames, int ipBytes, boolean isJoined, int shift) {
    public Packet {
      frames = List.copyOf(frames);
    }
  }
}
