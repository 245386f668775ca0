package org.mssbridge.pipeline;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mssbridge.pipeline.MadeFrames.ACK;
import static org.mssbridge.pipeline.MadeFrames.FIN;
import static org.mssbridge.pipeline.MadeFrames.PSH;
import static org.mssbridge.pipeline.MadeFrames.RST;
import static org.mssbridge.pipeline.MadeFrames.SYN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mssbridge.tshark.TsharkException;

/**
 * Which frames the sieve reads by itself, without the referee. Each capture is also read without
 * the sieve and must give the same values.
 */
class SieveTest {
  private static final byte[] NOTHING = {};

  @TempDir private Path folder;

  private final SieveLaw law;

  SieveTest() throws TsharkException {
    law = new SieveLaw();
  }

  private SieveLaw.Outcome sift(List<byte[]> parts) throws IOException {
    Path file = folder.resolve("made");
    Files.write(file, MadeFrames.join(parts.toArray(byte[][]::new)));
    return law.holds(file);
  }

  private SieveLaw.Outcome sift(MadeFrames made) throws IOException {
    return sift(new MadeCapture(LITTLE_ENDIAN, 1).pcap(false, made.frames()));
  }

  private static MadeFrames ethernet() {
    return new MadeFrames(MadeFrames.Link.ETHERNET, false);
  }

  /** A connection of 23 frames. */
  private static MadeFrames connection(MadeFrames.Link link, boolean ipv6) {
    return new MadeFrames(link, ipv6).handshake(1024, -5000).data(1024, 0, 10, 1000);
  }

  @ParameterizedTest
  @EnumSource
  void looksThroughLinkLayers(MadeFrames.Link link) throws IOException {
    for (boolean ipv6 : new boolean[] {false, true}) {
      List<byte[]> frames = connection(link, ipv6).frames();
      assertThat(sift(new MadeCapture(BIG_ENDIAN, link.number).pcap(true, frames)).shown())
          .as("frames for tshark, IPv6 %s", ipv6)
          .isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"6, 1", "9, 1", "3, 1", "0, 1", "10, 23", "137, 23"})
  void timesThatAreNotExactNanosecondsGoToTshark(int resolution, int shown) throws IOException {
    List<byte[]> frames = connection(MadeFrames.Link.ETHERNET, false).frames();
    for (ByteOrder order : List.of(BIG_ENDIAN, LITTLE_ENDIAN)) {
      assertThat(sift(new MadeCapture(order, 1).pcapng(resolution, frames)).shown())
          .isEqualTo(shown);
    }
  }

  /** A time offset at any place among the options: not all versions of tshark add it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "00010000 00040000 000e0008 0000000000000064 00090001 09000000",
        "00010000 00040000 00090001 09000000 000e0008 0000000000000064"
      })
  void timesWithAnOffsetGoToTshark(String hex) throws IOException {
    MadeCapture made = new MadeCapture(BIG_ENDIAN, 1);
    List<byte[]> parts = made.pcapng(9, connection(MadeFrames.Link.ETHERNET, false).frames());
    byte[] description = HexFormat.of().parseHex(hex.replace(" ", ""));
    parts.set(1, made.block(1, description));
    SieveLaw.Outcome outcome = sift(parts);
    assertThat(outcome.whyNot()).isEmpty();
    assertThat(outcome.plain()).isZero();
  }

  /**
   * A simple packet, a journal entry and system calls count as frames. So does a custom block, but
   * tshark 4.0 gives it a different time in each run.
   */
  @ParameterizedTest
  @ValueSource(ints = {3, 9, 0x204, 0x216, 0x221})
  void blocksWithFramesButNoPacketGoToTshark(int type) throws IOException {
    for (ByteOrder order : List.of(BIG_ENDIAN, LITTLE_ENDIAN)) {
      MadeCapture made = new MadeCapture(order, 1);
      List<byte[]> parts = made.pcapng(9, connection(MadeFrames.Link.ETHERNET, false).frames());
      byte[] content = new byte[64];
      if (type == 3) {
        content[order == BIG_ENDIAN ? 3 : 0] = 60; // its length on the wire
      }
      if (type == 9) {
        String entry = "__REALTIME_TIMESTAMP=1700000000000000\nMESSAGE=on\n\n";
        content = Arrays.copyOf(entry.getBytes(US_ASCII), 52);
      }
      parts.add(9, made.block(type, content));
      SieveLaw.Outcome outcome = sift(parts);
      assertThat(outcome.isSifted()).as("sifted, block type %#x", type).isTrue();
      assertThat(outcome.shown()).isEqualTo(2);
    }
  }

  @Test
  void obsoletePacketBlocksAreRead() throws IOException {
    for (ByteOrder order : List.of(BIG_ENDIAN, LITTLE_ENDIAN)) {
      MadeCapture made = new MadeCapture(order, 1);
      List<byte[]> parts = made.pcapng(9, connection(MadeFrames.Link.ETHERNET, false).frames());
      for (int i = 2; i < parts.size(); i++) {
        parts.get(i)[order == BIG_ENDIAN ? 3 : 0] = 2;
      }
      assertThat(sift(parts).shown()).isEqualTo(1);
    }
  }

  /** Else nobody would compare the times of an interface. */
  @Test
  void firstPacketOfEachInterfaceGoesToTshark() throws IOException {
    MadeCapture made = new MadeCapture(BIG_ENDIAN, 1);
    List<byte[]> parts = made.pcapng(9, connection(MadeFrames.Link.ETHERNET, false).frames());
    parts.add(2, parts.get(1));
    for (int i = 12; i < parts.size(); i++) {
      parts.get(i)[11] = (byte) (i / 20); // the number of the interface
    }
    assertThat(sift(parts).shown()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {127, 9, 147})
  void unknownLinkTypesGoToTshark(int linkType) throws IOException {
    List<byte[]> frames = connection(MadeFrames.Link.ETHERNET, false).frames();
    assertThat(sift(new MadeCapture(LITTLE_ENDIAN, linkType).pcap(false, frames)).plain()).isZero();
  }

  @Test
  void segmentsBelongToTheConnectionOpenAtTheirTime() throws IOException {
    SieveLaw.Outcome outcome =
        sift(
            ethernet()
                .handshake(1024, 100)
                .data(1024, 0, 5, 1200)
                .handshake(1024, 77_000_000)
                .data(1024, 0, 5, 1200));
    assertThat(outcome.shown()).isEqualTo(1);
    assertThat(streams(outcome)).isEqualTo("0".repeat(13) + "1".repeat(13));
  }

  private static String streams(SieveLaw.Outcome outcome) {
    return outcome.frames().lines().stream()
        .filter(line -> line.contains("["))
        .map(line -> line.substring(line.indexOf('[') + 1, line.indexOf(',')))
        .collect(Collectors.joining());
  }

  /** Whatever the segment is: tshark is given the first of the file, which confirms its times. */
  @Test
  void segmentsOfAllKindsAreRead() throws IOException {
    MadeFrames made = ethernet().data(1024, 0, 3, 1000).handshake(1024, 1).data(1024, 0, 5, 1460);
    made.add(1024, 0, PSH | ACK, -1200, made.timestamps(), new byte[1200]); // retransmission
    made.add(1024, 0, PSH | ACK, 1200, made.timestamps(), new byte[1461]); // gap, above the MSS
    made.add(1024, 1, ACK, 0, new byte[] {1, 1, 5, 10, 0, 0, 0, 1, 0, 0, 0, 9}, NOTHING); // SACK
    made.add(1024, 1, ACK | 0x40, 0, NOTHING, NOTHING); // ECE
    made.add(1024, 1, ACK | 0x20, 0, NOTHING, NOTHING); // URG
    made.add(1024, 0, FIN | ACK, 0, NOTHING, NOTHING);
    made.add(1024, 1, RST | ACK, 0, NOTHING, "why".getBytes(US_ASCII)).data(1024, 0, 5, 1200);
    made.add(1025, 0, SYN, 0, new byte[] {2, 4, 5, 100, 1, 3, 3, 7, 0, 0, 0, 0}, new byte[9]);
    assertThat(sift(made).shown()).isEqualTo(1);
  }

  /** Each of these is tshark's: MPTCP, an experiment, an unknown kind, and malformed lists. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e0c0081 0102030405060708",
        "fd04f989",
        "4d04abcd",
        "02030101",
        "05060000 00010101",
        "00020405",
        "08080000 00000000",
        "0204ffff 02"
      })
  void otherOptionsGoToTshark(String hex) throws IOException {
    byte[] options = HexFormat.of().parseHex(hex.replace(" ", ""));
    options = Arrays.copyOf(options, (options.length + 3) / 4 * 4);
    MadeFrames made = connection(MadeFrames.Link.ETHERNET, false);
    SieveLaw.Outcome outcome = sift(made.add(1024, 0, ACK, 0, options, NOTHING));
    assertThat(outcome.whyNot()).isEmpty();
    assertThat(outcome.shown()).isEqualTo(2);
  }

  /**
   * However late a hello comes, and whatever came before it. tshark reads one only if the segment
   * holds all of it; what a proxy sets before it is left to tshark.
   */
  @ParameterizedTest
  @CsvSource({
    "''                                                     , 0, 1",
    "50524f5859205443503420312e322e332e3420352e362e372e3820312032 0d0a, 1, 1", // PROXY TCP4 …
    "0d0a0d0a000d0a515549540a 2111000c 0102030405060708 00010002      , 1, 1", // version 2
    "140303000101                                           , 0, 0" // it does not start the segment
  })
  void segmentThatStartsWithATlsHello(String before, int shown, int randoms) throws IOException {
    byte[] payload = MadeFrames.join(HexFormat.of().parseHex(before.replace(" ", "")), hello(0));
    MadeFrames made = ethernet().handshake(1024, 1).data(1024, 0, 5, 1200);
    int without = sift(made).shown();
    SieveLaw.Outcome with = sift(made.add(1024, 0, PSH | ACK, 0, NOTHING, payload));
    assertThat(with.whyNot()).isEmpty();
    assertThat(with.shown()).isEqualTo(without + shown);
    assertThat(with.frames().tlsRandoms()).hasSize(randoms);
  }

  /** A ClientHello with an extension of some bytes, in one record. */
  private static byte[] hello(int extensionBytes) {
    byte[] hello = new byte[5 + 4 + 34 + 1 + 4 + 2 + 2 + 4 + extensionBytes];
    ByteBuffer.wrap(hello)
        .put((byte) 22)
        .putShort((short) 0x0301)
        .putShort((short) (hello.length - 5))
        .putInt(1 << 24 | (hello.length - 9))
        .putShort((short) 0x0303)
        .putLong(0x0909090909090909L)
        .putLong(7)
        .putLong(7)
        .putLong(7)
        .put((byte) 0)
        .putShort((short) 2)
        .putShort((short) 0x1301)
        .putShort((short) 0x0100)
        .putShort((short) (4 + extensionBytes))
        .putShort((short) 21)
        .putShort((short) extensionBytes);
    return hello;
  }

  /** With post-quantum keys a hello does not fit in a segment, and tshark reads none of it. */
  @Test
  void helloInTwoSegmentsIsNone() throws IOException {
    byte[] hello = hello(1700);
    MadeFrames made = ethernet().handshake(1024, 1);
    made.add(1024, 0, ACK, 0, NOTHING, Arrays.copyOf(hello, 1448));
    made.add(1024, 0, PSH | ACK, 0, NOTHING, Arrays.copyOfRange(hello, 1448, hello.length));
    SieveLaw.Outcome outcome = sift(made);
    assertThat(outcome.shown()).isEqualTo(1);
    assertThat(outcome.frames().tlsRandoms()).isEmpty();
  }

  /**
   * A hello of an unknown version, or whose lengths contradict each other: tshark is not shown it.
   */
  @ParameterizedTest
  @CsvSource({"2, 4", "2, 9", "8, 0", "8, 20", "43, 40", "45, 3"})
  void unclearHelloIsNone(int at, byte value) throws IOException {
    byte[] hello = hello(0);
    hello[at] = value;
    MadeFrames made = ethernet().handshake(1024, 1);
    SieveLaw.Outcome outcome = sift(made.add(1024, 0, PSH | ACK, 0, NOTHING, hello));
    assertThat(outcome.whyNot()).isEmpty();
    assertThat(outcome.shown()).isEqualTo(1);
    assertThat(outcome.frames().tlsRandoms()).isEmpty();
  }

  /** Whether it is a retransmission makes no difference. */
  @Test
  void repeatedTlsHelloIsReadAgain() throws IOException {
    MadeFrames made = ethernet().handshake(1024, 1).data(1024, 0, 5, 1200);
    made.add(1024, 0, PSH | ACK, 0, NOTHING, hello(0));
    made.add(1024, 0, PSH | ACK, -hello(0).length, NOTHING, hello(0));
    SieveLaw.Outcome outcome = sift(made);
    assertThat(outcome.shown()).isEqualTo(1);
    assertThat(outcome.frames().tlsRandoms()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "GET / HTTP/1.1, true, 0",
    "POST http://a/ HTTP/1.0, true, 0",
    "HTTP/1.1 204 No Content, true, 0",
    "GET /, false, 0",
    "GET a b HTTP/1.1, false, 0",
    "get / HTTP/1.1, false, 0",
    "HELO client, false, 0",
    "HTTP/1.1 2x0, false, 0",
    "PROPFIND / HTTP/1.1, true, 1",
    "BREW /pot HTTP/1.1, false, 1"
  })
  void firstLineOfADirection(String line, boolean isHttp, int asked) throws IOException {
    MadeFrames made = ethernet().handshake(1024, 1);
    SieveLaw.Outcome outcome =
        sift(made.add(1024, 0, PSH | ACK, 0, NOTHING, (line + "\r\n").getBytes(US_ASCII)));
    assertThat(outcome.shown()).isEqualTo(1 + asked);
    assertThat(outcome.frames().lines().get(3)).contains(isHttp + ", VLAN");
  }

  @Test
  void lineWithoutEnd() throws IOException {
    MadeFrames made = ethernet().handshake(1024, 1);
    byte[] payload = Arrays.copyOf("GET /a".getBytes(US_ASCII), 1200);
    SieveLaw.Outcome outcome = sift(made.add(1024, 0, PSH | ACK, 0, NOTHING, payload));
    assertThat(outcome.shown()).isEqualTo(1);
    assertThat(outcome.frames().lines().get(3)).contains("true, VLAN");
  }

  /** OpenFlow's PACKET_IN and GTP's T-PDU, in which tshark would find packets by itself. */
  @ParameterizedTest
  @CsvSource({"6653, 14, 010a0052000000070000000100400001 0000", "2123, 0, 30ff003200000009"})
  void packetsInTheDataOfAConnectionStartNoConnection(int port, int skip, String header)
      throws IOException {
    MadeFrames made = ethernet().handshake(port, 1).data(port, 0, 3, 600).data(port, 1, 3, 600);
    byte[] syn = ethernet().handshake(1025, 9).frames().get(0);
    byte[] packet = Arrays.copyOfRange(syn, 14 - skip, syn.length);
    byte[] start = HexFormat.of().parseHex(header.replace(" ", ""));
    made.add(port, 0, PSH | ACK, 0, NOTHING, MadeFrames.join(start, packet));
    SieveLaw.Outcome outcome = sift(made.handshake(1026, 1).data(1026, 0, 5, 1200));
    assertThat(outcome.shown()).isEqualTo(1);
    assertThat(streams(outcome)).isEqualTo("0".repeat(16) + "1".repeat(13));
  }

  /**
   * An ICMP error that quotes an uncaptured SYN on the ports of a connection starts another, whose
   * first data the sieve has not looked for.
   */
  @Test
  void quotedSynThatStartsAConnectionMakesTsharkReadAll() throws IOException {
    byte[] syn = ethernet().handshake(1024, 77_000_000).frames().get(0);
    byte[] error = HexFormat.of().parseHex("0301000000000000");
    byte[] header = Arrays.copyOf(syn, 34);
    header[17] = (byte) (syn.length - 14 + 28); // the total length
    header[23] = 1; // ICMP
    byte[] quote = MadeFrames.join(header, error, Arrays.copyOfRange(syn, 14, syn.length));
    MadeFrames made = ethernet().handshake(1024, 1).data(1024, 0, 5, 1200);
    List<byte[]> frames = new ArrayList<>(made.frames());
    frames.add(quote);
    frames.addAll(frames.subList(5, 9));
    SieveLaw.Outcome outcome = sift(new MadeCapture(LITTLE_ENDIAN, 1).pcap(false, frames));
    assertThat(outcome.whyNot()).contains("first");
  }

  /** Data further on in the stream, or a repeated SYN, is not the first data. */
  @Test
  void firstDataIsFoundHoweverLate() throws IOException {
    MadeFrames made = ethernet().handshake(1024, 1).data(1024, 0, 1, 600);
    made.add(1024, 0, SYN, -601, NOTHING, NOTHING);
    made.add(1024, 0, ACK, 0, NOTHING, NOTHING);
    made.add(1024, 1, PSH | ACK, -1_000_000, NOTHING, new byte[1000]);
    made.add(1024, 1, PSH | ACK, 999_000, NOTHING, new byte[1000]);
    assertThat(sift(made).shown()).isEqualTo(1);
  }

  /** By the rule of the version; 4.4 and later look at the FIN, 4.0 does not. */
  @Test
  void synAckAfterTheEnd() throws IOException {
    MadeFrames made = ethernet().handshake(1024, 1).data(1024, 0, 5, 1200);
    made.add(1024, 0, FIN | ACK, 0, NOTHING, NOTHING);
    made.add(1024, 1, SYN | ACK, 5_000_000, NOTHING, NOTHING).data(1024, 0, 5, 1200);
    assertThat(sift(made).shown()).isEqualTo(1);
  }

  @Test
  void repeatedIsnAfterTheEnd() throws IOException {
    MadeFrames made = ethernet().handshake(1024, 1).data(1024, 0, 5, 1200);
    made.add(1024, 0, FIN | ACK, 0, NOTHING, NOTHING);
    made.handshake(1024, 1).data(1024, 0, 5, 1200);
    assertThat(sift(made).shown()).isEqualTo(1);
  }

  /** Segments in fragments are tshark's, and their conversation is still numbered right. */
  @Test
  void conversationWithFragments() throws IOException {
    MadeFrames made = ethernet().handshake(1024, 1).data(1024, 0, 5, 1200).handshake(1025, 9);
    List<byte[]> frames = new ArrayList<>();
    for (byte[] frame : made.frames()) {
      if (frame.length > 1200 && frames.size() < 8) {
        frames.addAll(fragments(frame));
      } else {
        frames.add(frame);
      }
    }
    SieveLaw.Outcome outcome = sift(new MadeCapture(LITTLE_ENDIAN, 1).pcap(false, frames));
    assertThat(outcome.whyNot()).isEmpty();
    assertThat(outcome.plain()).isGreaterThan(8);
  }

  private static List<byte[]> fragments(byte[] frame) {
    byte[] first = Arrays.copyOf(frame, 34 + 800);
    first[16] = (byte) (820 >> 8);
    first[17] = (byte) 820;
    first[20] = 0x20; // more fragments
    int rest = frame.length - 34 - 800;
    byte[] last =
        MadeFrames.join(Arrays.copyOf(frame, 34), Arrays.copyOfRange(frame, 834, frame.length));
    last[16] = (byte) ((rest + 20) >> 8);
    last[17] = (byte) (rest + 20);
    last[20] = 0;
    last[21] = 100; // the offset, in units of 8 bytes
    return List.of(first, last);
  }

  /** Of what the sieve reads, tshark sees the beginning, each kind and a sample. */
  @Test
  void refereeSeesAShare() throws IOException {
    MadeFrames made = ethernet();
    for (int port = 1024; port < 1124; port++) {
      made.handshake(port, 1).data(port, 0, 20, 300);
    }
    Path file = folder.resolve("made");
    List<byte[]> parts = new MadeCapture(LITTLE_ENDIAN, 1).pcap(false, made.frames());
    Files.write(file, MadeFrames.join(parts.toArray(byte[][]::new)));
    SieveLaw.Outcome outcome = law.holdsWithReferee(file);
    assertThat(outcome.whyNot()).isEmpty();
    assertThat(outcome.shown()).isBetween(32 * 43, 32 * 43 + 300);
  }

  @Test
  void rowsOfManyFramesStayInOrder() throws IOException {
    MadeFrames made = ethernet().handshake(1024, 1).data(1024, 0, 3000, 1000);
    made.handshake(1025, 1).data(1025, 1, 3000, 10);
    SieveLaw.Outcome outcome = sift(made);
    assertThat(outcome.frames().lines()).hasSize(12_006);
    assertThat(outcome.shown()).isEqualTo(1);
  }
}
