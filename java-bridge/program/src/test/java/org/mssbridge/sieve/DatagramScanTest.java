package org.mssbridge.sieve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mssbridge.model.Datagram;
import org.mssbridge.model.DatagramError;
import org.mssbridge.model.DatagramSink;
import org.mssbridge.model.FragmentedDatagram;
import org.mssbridge.model.Frame;
import org.mssbridge.model.UdpHeader;

/** UDP that the sieve reads itself: compared with tshark's, put together of fragments, and DNS. */
class DatagramScanTest {
  private static final int RAW_IP = 101;
  private static final int MORE = 0x2000;
  private static final long MILLISECOND = 1_000_000L;

  private final Log log = new Log();
  private final DatagramScan scan =
      new DatagramScan(log, new Ledger(), Refereeing.ofEachCapture().next());
  private int number;

  /** What the sink was given, in words. */
  private static final class Log implements DatagramSink {
    private final List<String> lines = new ArrayList<>();
    private long head;
    private int rest;

    @Override
    public void accept(int number, Datagram datagram) {
      head = datagram.headDigest();
      rest = datagram.restDigest();
      lines.add("whole " + datagram.contentBytes());
    }

    @Override
    public void acceptError(DatagramError error) {
      lines.add(error.icmp() + " about " + error.quotedSource());
    }

    @Override
    public void acceptUnread(int number, Datagram header) {
      lines.add("unread");
    }

    @Override
    public void acceptFragmented(int number, Datagram datagram, FragmentedDatagram from) {
      head = datagram.headDigest();
      rest = datagram.restDigest();
      lines.add(from.count() + " fragments of " + datagram.contentBytes());
    }

    @Override
    public void acceptIncomplete(FragmentedDatagram fragments) {
      head = fragments.headDigest();
      lines.add(
          "incomplete"
              + (fragments.lacksFirst() ? " without first" : "")
              + (fragments.lacksLast() ? " without last" : ""));
    }
  }

  private void add(byte[] packet, long nanos) {
    number++;
    scan.add(number, RAW_IP, packet, 0, packet.length, packet.length, nanos, true);
  }

  private static byte[] udp(byte[] data) {
    return ByteBuffer.allocate(8 + data.length)
        .putShort((short) 5004)
        .putShort((short) 5006)
        .putShort((short) (8 + data.length))
        .putShort((short) 0x1234)
        .put(data)
        .array();
  }

  private static byte[] ip(int flagsAndOffset, byte[] payload) {
    return ByteBuffer.allocate(20 + payload.length)
        .put((byte) 0x45)
        .put((byte) 0)
        .putShort((short) (20 + payload.length))
        .putShort((short) 77)
        .putShort((short) flagsAndOffset)
        .put((byte) 64)
        .put((byte) 17)
        .putShort((short) 0)
        .putInt(0xc000020a)
        .putInt(0xc6336414)
        .put(payload)
        .array();
  }

  private static byte[] fragment(byte[] payload, int from, int to) {
    int more = to < payload.length ? MORE : 0;
    return ip(more | from / 8, Arrays.copyOfRange(payload, from, to));
  }

  private static byte[] data(int bytes) {
    byte[] data = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      data[i] = (byte) (i * 7 + i / 256);
    }
    return data;
  }

  private static Frame tsharks(UdpHeader udp, byte[] ends) {
    Map<String, Object> values =
        Map.ofEntries(
            Map.entry("sourceAddress", "192.0.2.10"),
            Map.entry("destinationAddress", "198.51.100.20"),
            Map.entry("ttl", 64),
            Map.entry("ipId", 77),
            Map.entry("dsField", 0),
            Map.entry("dontFragment", false),
            Map.entry("ipBytes", 68),
            Map.entry("tunnelBytes", 0),
            Map.entry("stream", -1),
            Map.entry("udpEnds", HexFormat.of().formatHex(ends)),
            Map.entry("udp", Optional.of(udp)));
    return (Frame)
        Proxy.newProxyInstance(
            Frame.class.getClassLoader(),
            new Class<?>[] {Frame.class},
            (proxy, method, arguments) -> values.get(method.getName()));
  }

  private static Frame tsharks(UdpHeader udp) {
    return tsharks(udp, data(40));
  }

  @Test
  void otherDataIsADifference() {
    UdpHeader header = new UdpHeader(5004, 5006, 48, 0x1234);
    byte[] shorter = Arrays.copyOf(data(40), 39);
    byte[] later = Arrays.copyOfRange(data(41), 1, 41);
    for (byte[] other : new byte[][] {shorter, later}) {
      add(ip(0, udp(data(40))), 0);
      assertThatThrownBy(() -> scan.compare(number, tsharks(header, other)))
          .isInstanceOf(NotSiftedException.class)
          .hasMessageContaining("the data of UDP");
    }
  }

  @Test
  void equalHeadersAreNoDifference() {
    add(ip(0, udp(data(40))), 0);
    scan.compare(1, tsharks(new UdpHeader(5004, 5006, 48, 0x1234)));
    assertThat(log.lines).containsExactly("whole 40");
  }

  @Test
  void otherPortsLengthsOrChecksumsAreDifferences() {
    UdpHeader[] others = {
      new UdpHeader(5005, 5006, 48, 0x1234),
      new UdpHeader(5004, 5007, 48, 0x1234),
      new UdpHeader(5004, 5006, 47, 0x1234),
      new UdpHeader(5004, 5006, 48, 0x1235)
    };
    for (UdpHeader other : others) {
      add(ip(0, udp(data(40))), 0);
      assertThatThrownBy(() -> scan.compare(number, tsharks(other)))
          .isInstanceOf(NotSiftedException.class)
          .hasMessageContaining("the UDP header");
    }
  }

  @Test
  void fragmentsInAnyOrderMakeThePacketThatWasWhole() {
    byte[] payload = udp(data(3000));
    add(ip(0, payload), 0);
    long head = log.head;
    int rest = log.rest;
    add(fragment(payload, 1480, 2960), MILLISECOND);
    add(fragment(payload, 2960, payload.length), MILLISECOND);
    add(fragment(payload, 1480, 2960), MILLISECOND);
    add(fragment(payload, 0, 1480), 2 * MILLISECOND);
    scan.finish();
    assertThat(log.lines).containsExactly("whole 3000", "3 fragments of 3000");
    assertThat(log.head).isEqualTo(head);
    assertThat(log.rest).isEqualTo(rest);
  }

  @Test
  void overlappingFragmentsAreUnread() {
    byte[] payload = udp(data(3000));
    add(fragment(payload, 0, 1480), 0);
    add(fragment(payload, 1472, 2960), MILLISECOND);
    add(fragment(payload, 2960, payload.length), MILLISECOND);
    scan.finish();
    assertThat(log.lines).containsExactly("unread", "unread");
  }

  @Test
  void missingFragmentsAreNamedOnceTheCaptureWentOn() {
    byte[] payload = udp(data(3000));
    add(ip(0, payload), 0);
    long head = log.head;
    add(fragment(payload, 0, 1480), MILLISECOND);
    add(ip(0, udp(data(9))), 3_000 * MILLISECOND);
    log.head = 0;
    scan.finish();
    assertThat(log.lines).containsExactly("whole 3000", "whole 9", "incomplete without last");
    assertThat(log.head).isEqualTo(head);
  }

  @Test
  void fragmentsAtTheEndOfTheCaptureMayGoOn() {
    add(fragment(udp(data(3000)), 0, 1480), 0);
    scan.finish();
    assertThat(log.lines).containsExactly("unread");
  }

  private static long question(String hex) {
    byte[] message = HexFormat.of().parseHex(hex);
    return DnsQuestion.digest(message, 0, message.length);
  }

  @Test
  void questionsAreEqualInUpperAndLowerCase() {
    String start = "123401000001000000000000";
    String end = "0000010001";
    long lower = question(start + "03777777" + "01" + "61" + end);
    assertThat(lower).isNotZero();
    assertThat(question(start + "03575757" + "01" + "41" + end)).isEqualTo(lower);
    assertThat(question(start + "03777778" + "01" + "61" + end)).isNotEqualTo(lower);
    assertThat(question(start + "03777777" + "01" + "61" + "00001c0001")).isNotEqualTo(lower);
  }

  @Test
  void otherMessagesHaveNoQuestion() {
    String name = "0377777701610000010001";
    assertThat(question("123428000001000000000000" + name)).as("a notify").isZero();
    assertThat(question("123401000002000000000000" + name)).as("two questions").isZero();
    assertThat(question("123401000001000000000000" + "c00c00010001")).as("a pointer").isZero();
    assertThat(question("123401000001000000000000" + "037777770161000001")).as("cut").isZero();
    assertThat(question("123401")).as("short").isZero();
    assertThat(question("123401000001000000000000" + "3f0000010001")).as("a label's end").isZero();
  }
}
