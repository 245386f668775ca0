package org.mssbridge.sieve;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.mssbridge.model.ChecksumState;

/** Verified against the sum of 16-bit words with end-around carry, as RFC 1071 defines it. */
class TcpChecksumTest {
  private static final int TCP = 6;
  private static final int ADDRESSES_BYTES = 8;
  private static final int CHECKSUM_AT = ADDRESSES_BYTES + 16;

  /** Addresses and a segment after some other bytes. */
  private static byte[] place(byte[] packet, int before, int checksum) {
    byte[] placed = new byte[before + packet.length + 1];
    placed[before + packet.length] = 77; // Not part of it.
    System.arraycopy(packet, 0, placed, before, packet.length);
    placed[before + CHECKSUM_AT] = (byte) (checksum >> 8);
    placed[before + CHECKSUM_AT + 1] = (byte) checksum;
    return placed;
  }

  private static ChecksumState state(byte[] placed, int before, int checksum) {
    return TcpChecksum.of(
        placed,
        before,
        ADDRESSES_BYTES,
        before + ADDRESSES_BYTES,
        placed.length - 1 - before - ADDRESSES_BYTES,
        checksum);
  }

  private static int sum(byte[] bytes, int start, int end, int initial) {
    int sum = initial;
    for (int i = start; i < end; i += 2) {
      sum += (bytes[i] & 0xff) << 8 | (i + 1 < end ? bytes[i + 1] & 0xff : 0);
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return sum;
  }

  @Property
  void judgesAsTheDefinitionDoes(
      @ForAll @Size(min = 28, max = 200) byte[] packet,
      @ForAll @IntRange(max = 7) int before,
      @ForAll @IntRange(max = 199) int flipped,
      @ForAll @IntRange(max = 7) int bit) {
    int pseudo = sum(packet, 0, ADDRESSES_BYTES, TCP + packet.length - ADDRESSES_BYTES);
    byte[] zeroed = place(packet, before, 0);
    int right = 0xffff ^ sum(zeroed, before + ADDRESSES_BYTES, before + packet.length, pseudo);
    if (right == ChecksumState.AMBIGUOUS || right % 0xffff == pseudo % 0xffff) {
      return;
    }
    byte[] placed = place(packet, before, right);
    assertThat(state(placed, before, right)).isEqualTo(ChecksumState.RIGHT);

    int wrong = right ^ (1 << bit);
    if (wrong != ChecksumState.AMBIGUOUS && wrong % 0xffff != pseudo % 0xffff) {
      assertThat(state(place(packet, before, wrong), before, wrong)).isEqualTo(ChecksumState.WRONG);
    }
    assertThat(state(place(packet, before, pseudo), before, pseudo))
        .isEqualTo(
            pseudo == ChecksumState.AMBIGUOUS ? ChecksumState.UNKNOWN : ChecksumState.INCOMPLETE);

    int at = CHECKSUM_AT + 2 + flipped % (packet.length - CHECKSUM_AT - 2);
    placed[before + at] ^= (byte) (1 << bit);
    assertThat(state(placed, before, right)).isEqualTo(ChecksumState.WRONG);
  }
}
