package org.mssbridge.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mssbridge.cli.Story;

class CaptureTransformTest {
  private static final String STORY =
      """
      point client FORMAT
      point server
      connection four 192.0.2.10:50001 -> 198.51.100.20:8443 isn 4294967290 5
      connection six [2001:db8::10]:50002 -> [2001:db8:1::20]:8443
      0.0 four handshake <mss 1460, nop, nop, sackok>
      0.1 four c2s P. 1:1461 ack 1 lost as big4
      0.2 four too-big 1400 from 203.0.113.1 quoting big4
      0.3 four s2c . 1 ack 1 <nop, sack 101:201 301:401>
      1.0 six handshake <mss 1440>
      1.1 six c2s P. 1:1001 ack 1 lost as big6
      1.2 six too-big 1280 from 2001:db8:2::1 quoting big6
      1.3 background 1 udp at client
      1.4 background 1 arp at client
      """;
  private static final String BAD =
      "ip.checksum.status == 0 || udp.checksum.status == 0 || icmp.checksum.status == 0"
          + " || icmpv6.checksum.status == 0 || tcp.checksum.status == 0";

  @TempDir Path directory;
  private Path output;

  @BeforeEach
  void setUp() {
    output = directory.resolve("output");
  }

  private Path story(String format) {
    String script = STORY.replace("FORMAT", "format " + format).replace("0.2 four", "0.2");
    return PacketScript.parse(script.replace("1.2 six", "1.2")).writeTo(directory).get("client");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pcap", "pcap-ns", "pcapng"})
  void sequenceNumbersAndReferencesToThemShift(String format) {
    Path input = story(format);
    CaptureTransform.shiftSequence(1000, 50_000).apply(input, output);

    String[] numbers = {"tcp.seq_raw", "tcp.ack_raw", "tcp.options.sack_le"};
    assertThat(TsharkText.fields(output, "tcp.port == 50001 && !icmp", numbers))
        .containsExactly(
            "994\t0\t", "50005\t995\t", "995\t50006\t", "995\t50006\t", "50006\t995\t1095,1295");
    assertThat(TsharkText.fields(output, "icmpv6", "tcp.seq_raw")).containsExactly("1201001");
    assertThat(TsharkText.fields(output, BAD, "frame.number")).isEmpty();
    assertThat(TsharkText.fields(output, "frame", "frame.len", "frame.time_epoch"))
        .isEqualTo(TsharkText.fields(input, "frame", "frame.len", "frame.time_epoch"));
  }

  @Test
  void icmpQuoteShiftsToo() throws IOException {
    Path input = story("pcap");
    CaptureTransform.shiftSequence(1000, 50_000).apply(input, output);

    // The quote ends after 8 bytes of TCP: its sequence number is the frame's last 4 bytes.
    byte[] bytes = Files.readAllBytes(output);
    int start = 24 + 3 * 16 + 62 + 62 + 54 + 16 + 1514 + 16;
    byte[] sequence = java.util.Arrays.copyOfRange(bytes, start + 66, start + 70);
    assertThat(sequence).containsExactly(0, 0, 995 >> 8, 995 & 0xff);
  }

  @Test
  void addressesInIcmpQuotesAreRenumberedToo() {
    CaptureTransform.renumber(0x0101).apply(story("pcapng"), output);

    assertThat(TsharkText.fields(output, "icmp", "ip.src", "ip.dst"))
        .containsExactly("203.0.112.0,192.0.3.11\t192.0.3.11,198.51.101.21");
    assertThat(TsharkText.fields(output, "icmpv6", "ipv6.dst"))
        .containsExactly("2001:db8::111,2001:db8:1::121");
    assertThat(TsharkText.fields(output, BAD, "frame.number")).isEmpty();
  }

  @Test
  void wrongChecksumsStayWrong() {
    Path input = Story.FOLDER.resolve("offload.txt");
    Path capture = PacketScript.parse(input).writeTo(directory).get("client");
    CaptureTransform.renumber(1).apply(capture, output);
    CaptureTransform.shiftSequence(5, 6).apply(output, output);

    assertThat(TsharkText.fields(output, BAD, "frame.number")).containsExactly("4", "21");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pcap", "pcap-ns", "pcapng"})
  void timesShift(String format) {
    CaptureTransform.shiftTime(Duration.ofMillis(-1500)).apply(story(format), output);

    assertThat(TsharkText.fields(output, "frame.number == 4", "frame.time_epoch"))
        .containsExactly("1704067198.600000000");
  }

  @Test
  void microsecondsCannotShiftByNanoseconds() {
    Path input = story("pcap");

    assertThatThrownBy(() -> CaptureTransform.shiftTime(Duration.ofNanos(1)).apply(input, output))
        .hasMessageContaining("1 ns");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pcap", "pcapng"})
  void partsContainTheSamePackets(String format) {
    Path input = story(format);
    String[] fields = {"frame.time_epoch", "frame.len"};

    List<Path> parts = CaptureTransform.split(input, directory, 3);

    assertThat(parts).hasSize(3);
    assertThat(parts.stream().flatMap(p -> TsharkText.fields(p, "frame", fields).stream()))
        .containsExactlyElementsOf(TsharkText.fields(input, "frame", fields));
  }
}
