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
 * Which frames are plain. Each capture is also read without the sieve and must give the same
 * values.
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

  /** A connection of 23 frames, of which the handshake and the first data are evidence. */
  private static MadeFrames connection(MadeFrames.Link link, boolean ipv6) {
    return new MadeFrames(link, ipv6).handshake(1024, -5000).data(1024, 0, 10, 1000);
  }

  @ParameterizedTest
  @EnumSource
  void looksThroughLinkLayers(MadeFrames.Link link) throws IOException {
    for (boolean ipv6 : new boolean[] {false, true}) {
      List<byte[]> frames = connection(link, ipv6).frames();
      assertThat(sift(new MadeCapture(BIG_ENDIAN, link.number).pcap(true, frames)).evidence())
          .as("evidence, IPv6 %s", ipv6)
          .isEqualTo(3);
    }
  }

  @ParameterizedTest
  @CsvSource({"6, 3", "9, 3", "3, 3", "0, 3", "10, 23", "137, 23"})
  void timesThatAreNotExactNanosecondsGoToTshark(int resolution, int evidence) throws IOException {
    List<byte[]> frames = connection(MadeFrames.Link.ETHERNET, false).frames();
    for (ByteOrder order : List.of(BIG_ENDIAN, LITTLE_ENDIAN)) {
      assertThat(sift(new MadeCapture(order, 1).pcapng(resolution, frames)).evidence())
          .isEqualTo(evidence);
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
    assertThat(outcome.isSifted()).isTrue();
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
      assertThat(outcome.evidence()).isEqualTo(4);
    }
  }

  @Test
  void obsoletePacketBlocksCanBePlain() throws IOException {
    for (ByteOrder order : List.of(BIG_ENDIAN, LITTLE_ENDIAN)) {
      MadeCapture made = new MadeCapture(order, 1);
      List<byte[]> parts = made.pcapng(9, connection(MadeFrames.Link.ETHERNET, false).frames());
      for (int i = 2; i < parts.size(); i++) {
        parts.get(i)[order == BIG_ENDIAN ? 3 : 0] = 2;
      }
      assertThat(sift(parts).evidence()).isEqualTo(3);
    }
  }

  /** Else nobody would compare the times of an interface on which all is plain. */
  @Test
  void firstPacketOfEachInterfaceGoesToTshark() throws IOException {
    MadeCapture made = new MadeCapture(BIG_ENDIAN, 1);
    List<byte[]> parts = made.pcapng(9, connection(MadeFrames.Link.ETHERNET, false).frames());
    parts.add(2, parts.get(1));
    for (int i = 12; i < parts.size(); i++) {
      parts.get(i)[11] = (byte) (i / 20); // the number of the interface
    }
    assertThat(sift(parts).evidence()).isEqualTo(4);
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
    assertThat(outcome.evidence()).isEqualTo(6);
    assertThat(
            outcome.frames().lines().stream()
                .map(line -> line.substring(line.indexOf('[') + 1, line.indexOf(',')))
                .collect(Collectors.joining()))
        .isEqualTo("0".repeat(13) + "1".repeat(13));
  }

  @Test
  void segmentsBeforeTheHandshakeGoToTshark() throws IOException {
    SieveLaw.Outcome outcome = sift(ethernet().data(1024, 0, 10, 1000));
    assertThat(outcome.plain()).isZero();
  }

  @Test
  void segmentsAfterAResetGoToTshark() throws IOException {
    MadeFrames made = ethernet().handshake(1024, 1).data(1024, 0, 5, 1200);
    made.add(1024, 1, RST | ACK, 0, NOTHING, NOTHING).data(1024, 0, 5, 1200);
    assertThat(sift(made).plain()).isEqualTo(10);
  }

  @Test
  void retransmissionsAndHolesGoToTshark() throws IOException {
    MadeFrames made = ethernet().handshake(1024, 1).data(1024, 0, 5, 1200);
    int before = sift(made).evidence();
    made.add(1024, 0, PSH | ACK, -1200, made.timestamps(), new byte[1200]);
    made.add(1024, 0, PSH | ACK, 1200, made.timestamps(), new byte[1200]);
    assertThat(sift(made).evidence()).isEqualTo(before + 2);
  }

  @Test
  void segmentsAboveTheAnnouncedMssGoToTshark() throws IOException {
    MadeFrames made = ethernet().handshake(1024, 1).data(1024, 0, 5, 1460);
    int before = sift(made).evidence();
    assertThat(sift(made.data(1024, 0, 5, 1461)).evidence()).isEqualTo(before + 5);
  }

  @Test
  void otherOptionsAndFlagsGoToTshark() throws IOException {
    MadeFrames made = ethernet().handshake(1024, 1).data(1024, 0, 5, 1200);
    int before = sift(made).evidence();
    made.add(1024, 1, ACK, 0, new byte[] {1, 1, 5, 10, 0, 0, 0, 1, 0, 0, 0, 9}, NOTHING); // SACK
    made.add(1024, 1, ACK | 0x40, 0, NOTHING, NOTHING); // ECE
    made.add(1024, 1, ACK | 0x20, 0, NOTHING, NOTHING); // URG
    assertThat(sift(made).evidence()).isEqualTo(before + 3);
    assertThat(sift(made.add(1024, 0, FIN | ACK, 0, NOTHING, NOTHING)).evidence())
        .isEqualTo(before + 3);
  }

  @Test
  void onlyTheFirstLineOfADialogueGoesToTshark() throws IOException {
    MadeFrames made = ethernet().handshake(1024, 1);
    for (String line : List.of("EHLO client\r\n", "STARTTLS\r\n")) {
      byte[] payload = line.getBytes(US_ASCII);
      made.add(1024, 0, PSH | ACK, 0, NOTHING, payload);
    }
    assertThat(sift(made).plain()).isEqualTo(2);
  }

  /** However late it comes, and whatever came before it: tshark sees nothing but this segment. */
  @ParameterizedTest
  @CsvSource({
    "''                                                     , 1",
    "50524f5859205443503420312e322e332e3420352e362e372e3820312032 0d0a, 1", // PROXY TCP4 …
    "0d0a0d0a000d0a515549540a 2111000c 0102030405060708 00010002      , 1", // the same, version 2
    "140303000101                                           , 0" // it does not start the segment
  })
  void segmentThatStartsWithATlsHelloGoesToTshark(String before, int evidence) throws IOException {
    byte[] hello = new byte[85];
    byte[] start = {22, 3, 1, 0, 80, 1, 0, 0, 76, 3, 3, 9, 9, 9};
    System.arraycopy(start, 0, hello, 0, start.length);
    byte[] payload = MadeFrames.join(HexFormat.of().parseHex(before.replace(" ", "")), hello);
    MadeFrames made = ethernet().handshake(1024, 1).data(1024, 0, 5, 1200);
    int without = sift(made).evidence();
    SieveLaw.Outcome with = sift(made.add(1024, 0, PSH | ACK, 0, NOTHING, payload));
    assertThat(with.isSifted()).isTrue();
    assertThat(with.evidence()).isEqualTo(without + evidence);
    assertThat(with.frames().tlsRandoms()).hasSize(evidence);
  }

  /** tshark looks into no retransmission, and has not seen that the data was there before. */
  @Test
  void repeatedTlsHelloMakesTsharkReadAll() throws IOException {
    byte[] hello = HexFormat.of().parseHex("16030100060100000203030900");
    byte[] before = MadeFrames.join(new byte[20], hello);
    MadeFrames made = ethernet().handshake(1024, 1).data(1024, 0, 5, 1200);
    made.add(1024, 0, PSH | ACK, 0, NOTHING, before);
    made.add(1024, 0, PSH | ACK, -hello.length, NOTHING, hello);
    assertThat(sift(made).isSifted()).isFalse();
  }

  /** The answer's first data is HTTP, whatever tshark has seen of the other direction. */
  @Test
  void lateHttpIsRecognised() throws IOException {
    byte[] torrent = Arrays.copyOf("\u0013BitTorrent protocol".getBytes(US_ASCII), 68);
    byte[] request = "GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII);
    byte[] answer = "HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII);
    MadeFrames made = ethernet().handshake(1024, 1).data(1024, 0, 5, 1200);
    made.add(1024, 0, PSH | ACK, 0, NOTHING, torrent);
    made.add(1024, 0, PSH | ACK, 0, NOTHING, request);
    SieveLaw.Outcome outcome = sift(made.add(1024, 1, PSH | ACK, 0, NOTHING, answer));
    assertThat(outcome.isSifted()).isTrue();
    assertThat(outcome.frames().lines().get(outcome.frames().lines().size() - 1)).endsWith("true]");
  }

  @Test
  void answerToALongHttpRequestIsRecognised() throws IOException {
    byte[] request = Arrays.copyOf("POST / HTTP/1.1\r\n".getBytes(US_ASCII), 1200);
    byte[] answer = "HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII);
    MadeFrames made = ethernet().handshake(1024, 1);
    made.add(1024, 0, PSH | ACK, 0, NOTHING, request).data(1024, 0, 5, 1200);
    assertThat(sift(made.add(1024, 1, PSH | ACK, 0, NOTHING, answer)).plain()).isEqualTo(11);
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
    assertThat(outcome.isSifted()).isTrue();
    assertThat(outcome.plain()).isEqualTo(22);
  }

  /** An ICMP error that quotes an uncaptured SYN on the ports of a connection. */
  @Test
  void quotedSynThatStartsAConnectionMakesTsharkReadAll() throws IOException {
    byte[] syn = ethernet().handshake(1024, 77_000_000).frames().get(0);
    byte[] error = HexFormat.of().parseHex("0301000000000000");
    byte[] header = Arrays.copyOf(syn, 34);
    header[17] = (byte) (syn.length - 14 + 28); // the total length
    header[23] = 1; // ICMP
    byte[] quote = MadeFrames.join(header, error, Arrays.copyOfRange(syn, 14, syn.length));
    List<byte[]> frames = new ArrayList<>();
    MadeFrames made = ethernet().handshake(1024, 1).data(1024, 0, 5, 1200);
    frames.addAll(made.frames());
    frames.add(quote);
    frames.addAll(frames.subList(5, 9));
    SieveLaw.Outcome outcome = sift(new MadeCapture(LITTLE_ENDIAN, 1).pcap(false, frames));
    assertThat(outcome.isSifted()).isFalse();
  }

  /** Data further on in the stream, or a repeated SYN, is not the first data. */
  @Test
  void firstDataGoesToTsharkHoweverLate() throws IOException {
    MadeFrames made = ethernet().handshake(1024, 1).data(1024, 0, 1, 600);
    made.add(1024, 0, SYN, -601, NOTHING, NOTHING);
    made.add(1024, 0, ACK, 0, NOTHING, NOTHING);
    made.add(1024, 1, PSH | ACK, -1_000_000, NOTHING, new byte[1000]);
    made.add(1024, 1, PSH | ACK, 999_000, NOTHING, new byte[1000]);
    SieveLaw.Outcome outcome = sift(made);
    assertThat(outcome.isSifted()).isTrue();
    assertThat(outcome.evidence()).isEqualTo(7);
  }

  /** A SYN/ACK whose SYN was not captured may start a new connection. */
  @Test
  void synAckAfterTheEndMakesTsharkReadAll() throws IOException {
    MadeFrames made = ethernet().handshake(1024, 1).data(1024, 0, 5, 1200);
    made.add(1024, 0, FIN | ACK, 0, NOTHING, NOTHING);
    made.add(1024, 1, SYN | ACK, 5_000_000, NOTHING, NOTHING).data(1024, 0, 5, 1200);
    assertThat(sift(made).isSifted()).isFalse();
  }

  /** tshark 4.4 decides by the FINs that it saw whether this is a new connection. */
  @Test
  void repeatedIsnAfterTheEndMakesTsharkReadAll() throws IOException {
    MadeFrames made = ethernet().handshake(1024, 1).data(1024, 0, 5, 1200);
    made.add(1024, 0, FIN | ACK, 0, NOTHING, NOTHING);
    made.handshake(1024, 1).data(1024, 0, 5, 1200);
    assertThat(sift(made).isSifted()).isFalse();
  }

  @Test
  void rowsOfManyFramesStayInOrder() throws IOException {
    MadeFrames made = ethernet().handshake(1024, 1).data(1024, 0, 3000, 1000);
    made.handshake(1025, 1).data(1025, 1, 3000, 10);
    SieveLaw.Outcome outcome = sift(made);
    assertThat(outcome.frames().lines()).hasSize(12_006);
    assertThat(outcome.evidence()).isLessThan(150);
  }
}
