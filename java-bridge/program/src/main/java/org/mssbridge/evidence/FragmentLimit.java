package org.mssbridge.evidence;

import java.util.List;
import org.mssbridge.flow.FragmentedPacket;

/**
 * How large the fragments of a packet may be on the link that they are made for. The last one is
 * what remains of the packet and says nothing of the link (RFC 791, section 3.2).
 */
public final class FragmentLimit {
  private FragmentLimit() {}

  /**
   * The length of the largest fragment before the last one, as an IP packet; where only the last
   * one is there, that of the missing part as one fragment.
   */
  public static int bytes(Fragmentation.Packet packet, FragmentedPacket fragments) {
    List<Integer> lengths = fragments.ipBytes();
    List<FragmentedPacket.Gap> gaps = fragments.gaps();
    boolean hasLast = gaps.stream().noneMatch(FragmentedPacket.Gap::isAtEnd);
    int before = hasLast ? lengths.size() - 1 : lengths.size();
    if (before > 0) {
      return lengths.subList(0, before).stream().reduce(0, Math::max);
    }
    int lastBytes = lengths.get(lengths.size() - 1);
    if (gaps.size() != 1 || !gaps.get(0).isAtStart()) {
      return lastBytes;
    }
    int missingBytes = gaps.get(0).end().orElseThrow();
    int headerBytes = lastBytes - (packet.contentBytes() - missingBytes);
    return Math.max(lastBytes, missingBytes + headerBytes);
  }
}
