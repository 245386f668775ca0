package org.mssbridge.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.mssbridge.model.Endpoint;

/** An IP packet that a capture holds in fragments, or some of them. */
public final class FragmentedPacket {
  private final String source;
  private final String destination;
  private final Fragments.Sorted fragments;
  private final int from;
  private final int to;

  FragmentedPacket(
      String source, String destination, Fragments.Sorted fragments, int from, int to) {
    this.source = source;
    this.destination = destination;
    this.fragments = fragments;
    this.from = from;
    this.to = to;
  }

  /**
   * A part of the packet's content that is in no fragment.
   *
   * @param end the byte after it; empty for the end of the packet, where the last fragment is
   *     missing
   */
  public record Gap(int start, OptionalInt end) {
    /** Whether the first fragment is missing, or a part of it. */
    public boolean isAtStart() {
      return start == 0;
    }

    /** Whether the last fragment is missing. */
    public boolean isAtEnd() {
      return end.isEmpty();
    }
  }

  /** Source address. */
  public String source() {
    return source;
  }

  /** Destination address. */
  public String destination() {
    return destination;
  }

  /** Source address, with the port where the first fragment is there. */
  public String sender() {
    return end(source, (int) (head() >>> 48));
  }

  /** Destination address, with the port where the first fragment is there. */
  public String receiver() {
    return end(destination, (int) (head() >>> 32) & 0xffff);
  }

  private String end(String address, int port) {
    return head() == 0 ? address : new Endpoint(address, port).toString();
  }

  /** Whether it is an IPv6 packet. */
  public boolean isIpv6() {
    return source.indexOf(':') >= 0;
  }

  /** Its identification: 16 bits in IPv4, 32 in IPv6. */
  public int id() {
    return fragments.id()[from];
  }

  /**
   * Ports and sequence number in its TCP header, see {@link org.mssbridge.model.IpFragment#head}; 0
   * where its first fragment is missing or was cut.
   */
  public long head() {
    return indexes()
        .mapToLong(i -> fragments.head()[i])
        .filter(head -> head != 0)
        .findFirst()
        .orElse(0);
  }

  /** When the first of its fragments was captured. */
  public long firstNanos() {
    long first = Long.MAX_VALUE;
    for (int i = from; i < to; i++) {
      first = Math.min(first, fragments.nanos()[i]);
    }
    return first;
  }

  /** The frames of its fragments, in the order of the capture. */
  public List<Integer> frames() {
    return indexes().map(i -> fragments.frame()[i]).sorted().boxed().toList();
  }

  /** The first of its frames. */
  public int firstFrame() {
    return indexes().map(i -> fragments.frame()[i]).min().orElseThrow();
  }

  private IntStream indexes() {
    return IntStream.range(from, to);
  }

  /** The lengths of its fragments as IP packets, by offset; repeated content is left out. */
  public List<Integer> ipBytes() {
    List<Integer> lengths = new ArrayList<>();
    int covered = 0;
    for (int i = from; i < to; i++) {
      int end = fragments.offset()[i] + fragments.bytes()[i];
      if (end > covered) {
        lengths.add(fragments.ipBytes()[i]);
        covered = end;
      }
    }
    return lengths;
  }

  /**
   * Number of fragments that share a part of their content with another one: an exact copy of one
   * is no overlap (RFC 8200, section 4.5).
   */
  public int overlaps() {
    int overlaps = 0;
    int last = from;
    for (int i = from + 1; i < to; i++) {
      boolean isCopy =
          fragments.offset()[i] == fragments.offset()[last]
              && fragments.bytes()[i] == fragments.bytes()[last];
      int end = fragments.offset()[last] + fragments.bytes()[last];
      overlaps += !isCopy && fragments.offset()[i] < end ? 1 : 0;
      last = fragments.offset()[i] + fragments.bytes()[i] > end ? i : last;
    }
    return overlaps;
  }

  /** Number of fragments that hold content of another one. */
  public int repeated() {
    int repeated = 0;
    int covered = 0;
    for (int i = from; i < to; i++) {
      repeated += fragments.offset()[i] < covered ? 1 : 0;
      covered = Math.max(covered, fragments.offset()[i] + fragments.bytes()[i]);
    }
    return repeated;
  }

  /** What is missing, in order; empty for a complete packet. */
  public List<Gap> gaps() {
    List<Gap> gaps = new ArrayList<>();
    int covered = 0;
    boolean ended = false;
    for (int i = from; i < to; i++) {
      if (fragments.offset()[i] > covered) {
        gaps.add(new Gap(covered, OptionalInt.of(fragments.offset()[i])));
      }
      covered = Math.max(covered, fragments.offset()[i] + fragments.bytes()[i]);
      ended |= !fragments.more()[i];
    }
    if (!ended) {
      gaps.add(new Gap(covered, OptionalInt.empty()));
    }
    return gaps;
  }

  /** Whether the whole packet can have had content of this length. */
  public boolean isPartOf(int contentBytes) {
    List<Gap> gaps = gaps();
    int end = 0;
    for (int i = from; i < to; i++) {
      end = Math.max(end, fragments.offset()[i] + fragments.bytes()[i]);
    }
    boolean hasEnd = gaps.isEmpty() || !gaps.get(gaps.size() - 1).isAtEnd();
    return hasEnd ? end == contentBytes : end < contentBytes;
  }

  /** Whether no fragment is missing. */
  public boolean isComplete() {
    return gaps().isEmpty();
  }
}
