package org.mssbridge.sieve;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mssbridge.model.DatagramError;
import org.mssbridge.model.Unreachable;

/** ICMP errors about UDP, as the sieve reads them: quotes are as short as their senders like. */
class DatagramErrorTest {
  private static final int RAW_IP = 101;
  private static final int ICMP = 1;
  private static final int ICMPV6 = 58;
  private static final int UDP = 17;
  private static final int TCP = 6;

  private final DatagramHeaders headers = new DatagramHeaders();

  private DatagramHeaders.Reading read(byte[] packet, int capturedBytes) {
    return headers.read(RAW_IP, packet, 0, capturedBytes, packet.length, 5);
  }

  private static byte[] ipv4(int protocol, int from, int to, byte[] payload) {
    return ByteBuffer.allocate(20 + payload.length)
        .put(new byte[] {0x45, 0})
        .putShort((short) (20 + payload.length))
        .putInt(0)
        .put(new byte[] {61, (byte) protocol, 0, 0})
        .putInt(from)
        .putInt(to)
        .put(payload)
        .array();
  }

  private static byte[] ipv6(int protocol, int from, int to, byte[] payload) {
    return ByteBuffer.allocate(40 + payload.length)
        .put(new byte[] {0x60, 0, 0, 0})
        .putShort((short) payload.length)
        .put(new byte[] {(byte) protocol, 61})
        .putLong(0x20010db800000000L)
        .putLong(from)
        .putLong(0x20010db800000000L)
        .putLong(to)
        .put(payload)
        .array();
  }

  private static byte[] icmp(int type, int code, int rest, byte[] quote) {
    return ByteBuffer.allocate(8 + quote.length)
        .put(new byte[] {(byte) type, (byte) code, 0, 0})
        .putInt(rest)
        .put(quote)
        .array();
  }

  private static byte[] ports() {
    return new byte[] {0x13, (byte) 0x8c, 0x01, (byte) 0xbb, 0, 8, 0, 0};
  }

  private static byte[] tooBig() {
    byte[] quote = ipv4(UDP, 0xc000020a, 0xc6336414, ports());
    return ipv4(ICMP, 0xcb007101, 0xc000020a, icmp(3, 4, 1400, quote));
  }

  @Test
  void anErrorSaysWhoseAndWhichPacketIsMeant() {
    byte[] packet = tooBig();
    assertThat(read(packet, packet.length)).isEqualTo(DatagramHeaders.Reading.ERROR);
    DatagramError error = headers.error(7);
    assertThat(error.icmp().isTooBig()).isTrue();
    assertThat(error.unreachable()).isEmpty();
    assertThat(error)
        .extracting("frame", "timeNanos", "sender", "ttl", "mtuBytes")
        .containsExactly(7, 5L, "203.0.113.1", 61, 1400);
    assertThat(error.quotedSource()).hasToString("192.0.2.10:5004");
    assertThat(error.quotedDestination()).hasToString("198.51.100.20:443");
  }

  @Test
  void ofOtherErrorsTheMeaningIsKnown() {
    byte[] quote = ipv6(UDP, 10, 20, ports());
    byte[] packet = ipv6(ICMPV6, 20, 10, icmp(1, 4, 0, quote));
    assertThat(read(packet, packet.length)).isEqualTo(DatagramHeaders.Reading.ERROR);
    DatagramError error = headers.error(1);
    assertThat(error.mtuBytes()).isZero();
    assertThat(error.unreachable()).map(Unreachable::text).contains("ICMPv6 port unreachable");
    assertThat(error.quotedSource()).hasToString("[2001:db8::a]:5004");
  }

  /** The ports end at byte 52 of the packet. */
  @ParameterizedTest
  @ValueSource(ints = {20, 27, 28, 47, 48, 51})
  void aQuoteWithoutPortsIsNotRead(int capturedBytes) {
    assertThat(read(tooBig(), capturedBytes)).isEqualTo(DatagramHeaders.Reading.OTHER);
    byte[] shorter = Arrays.copyOf(tooBig(), capturedBytes);
    shorter[3] = (byte) capturedBytes;
    assertThat(read(shorter, capturedBytes)).isEqualTo(DatagramHeaders.Reading.OTHER);
  }

  @Test
  void quotesOfTcpLaterFragmentsAndOtherVersionsAreNotRead() {
    byte[] ofTcp = tooBig();
    ofTcp[28 + 9] = TCP;
    byte[] ofFragment = tooBig();
    ofFragment[28 + 7] = 1;
    byte[] ofIpv6 = tooBig();
    ofIpv6[28] = 0x60;
    byte[] withOptionsThatAreMissing = tooBig();
    withOptionsThatAreMissing[28] = 0x4f;
    for (byte[] packet : new byte[][] {ofTcp, ofFragment, ofIpv6, withOptionsThatAreMissing}) {
      assertThat(read(packet, packet.length)).isEqualTo(DatagramHeaders.Reading.OTHER);
    }
  }
}
