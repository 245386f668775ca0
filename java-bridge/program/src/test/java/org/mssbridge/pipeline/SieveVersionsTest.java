package org.mssbridge.pipeline;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.mssbridge.pipeline.MadeFrames.ACK;
import static org.mssbridge.pipeline.MadeFrames.FIN;
import static org.mssbridge.pipeline.MadeFrames.PSH;
import static org.mssbridge.pipeline.MadeFrames.RST;
import static org.mssbridge.pipeline.MadeFrames.SYN;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mssbridge.tshark.TsharkException;
import org.mssbridge.tshark.UnpackedTsharks;

/**
 * What the sieve knows of each version of tshark, on random segments: none of them may read
 * anything in another way.
 */
class SieveVersionsTest {
  private static final byte[] NOTHING = {};
  private static final byte[] CLIENT =
      HexFormat.of()
          .parseHex(
              "1603010037"
                  + "01000033"
                  + "0303"
                  + "0102030405060708".repeat(4)
                  + "00"
                  + "00041301c02f"
                  + "0100"
                  + "0006"
                  + "002b00020304");

  private static final byte[] SERVER =
      HexFormat.of()
          .parseHex(
              "1603030034"
                  + "02000030"
                  + "0303"
                  + "1112131415161718".repeat(4)
                  + "00"
                  + "130100"
                  + "0008"
                  + "002b0002030400ff".substring(0, 16));

  private static final List<MadeFrames.Link> UDP_LINKS =
      List.of(MadeFrames.Link.ETHERNET, MadeFrames.Link.PPPOE, MadeFrames.Link.RAW);

  private static final int CONVERSATIONS = 400;
  private static final int SEGMENTS = 9;

  @TempDir private Path folder;

  private SieveLaw.Outcome sift(String version, MadeFrames made)
      throws IOException, TsharkException {
    Path file = folder.resolve("made");
    List<byte[]> parts = new MadeCapture(LITTLE_ENDIAN, 1).pcap(false, made.frames());
    Files.write(file, MadeFrames.join(parts.toArray(byte[][]::new)));
    return law(version).holds(file);
  }

  private static SieveLaw law(String version) throws TsharkException {
    if (version.isEmpty()) {
      return new SieveLaw();
    }
    Path unpacked = UnpackedTsharks.program(version);
    assumeThat(unpacked).as("run .ci/tshark-versions").isExecutable();
    return new SieveLaw(unpacked.toString());
  }

  /** The referee compares UDP's data too, which must be the same where no link hides it. */
  @ParameterizedTest
  @ValueSource(strings = {"", "3.4", "4.4", "4.6"})
  void dataOfUdp(String version) throws Exception {
    boolean isIpv6 = false;
    for (MadeFrames.Link link : UDP_LINKS) {
      MadeFrames made = new MadeFrames(link, isIpv6);
      made.datagrams(50_000, 40, 1400).datagrams(443, 40, 130).datagrams(4789, 40, 90);
      Path file = folder.resolve("made");
      List<byte[]> parts = new MadeCapture(LITTLE_ENDIAN, link.number).pcap(false, made.frames());
      Files.write(file, MadeFrames.join(parts.toArray(byte[][]::new)));
      SieveLaw.Outcome outcome = law(version).holdsWithReferee(file);
      assertThat(outcome.whyNot()).as("%s, IPv6 %s", link, isIpv6).isEmpty();
      assertThat(outcome.shown()).isPositive();
      isIpv6 = !isIpv6;
    }
  }

  private static MadeFrames ethernet() {
    return new MadeFrames(MadeFrames.Link.ETHERNET, false);
  }

  /**
   * Which segments start a connection; 3.4 looks connections up by direction, which is left to it.
   */
  @ParameterizedTest
  @ValueSource(strings = {"", "3.4", "4.4", "4.6"})
  void connectionsAreNumberedAlike(String version) throws Exception {
    int[] flags = {SYN, SYN, SYN, SYN | ACK, ACK, FIN | ACK, RST, RST | ACK, FIN, SYN | FIN, 0};
    Random random = new Random(11);
    MadeFrames made = ethernet();
    for (int port = 1024; port < 1024 + CONVERSATIONS; port++) {
      for (int i = 0; i < SEGMENTS; i++) {
        // Of 3.4, only sequences are read in which one end alone sends SYNs without ACK.
        int sender = random.nextInt(2);
        int chosen = flags[random.nextInt(flags.length)];
        if (version.equals("3.4") && (chosen & (SYN | ACK)) == SYN) {
          sender = 0;
        }
        made.addRaw(
            port,
            version.equals("3.4") && i == 0 ? 0 : sender,
            chosen,
            100 + random.nextInt(2) * 100,
            101 + random.nextInt(2) * 100,
            NOTHING,
            new byte[random.nextInt(2) * 3]);
      }
    }
    SieveLaw.Outcome outcome = sift(version, made);
    assertThat(outcome.whyNot()).isEmpty();
    assertThat(outcome.shown()).isEqualTo(1);
  }

  /** Lists of well-formed options of all kinds that the sieve reads, on segments of all kinds. */
  @ParameterizedTest
  @ValueSource(strings = {"", "3.4", "4.4", "4.6"})
  void optionsAreReadAlike(String version) throws Exception {
    Random random = new Random(5);
    MadeFrames made = ethernet();
    for (int port = 1024; port < 1024 + CONVERSATIONS; port++) {
      for (int flags : new int[] {SYN, SYN | ACK, ACK, RST}) {
        made.add(port, flags == (SYN | ACK) ? 1 : 0, flags, 0, options(random), NOTHING);
      }
    }
    SieveLaw.Outcome outcome = sift(version, made);
    assertThat(outcome.whyNot()).isEmpty();
    assertThat(outcome.shown()).isEqualTo(1);
  }

  private static byte[] options(Random random) {
    ByteArrayOutputStream list = new ByteArrayOutputStream();
    int[] kinds = {1, 1, 2, 3, 4, 5, 8, 19, 28, 29, 34};
    while (random.nextInt(5) > 0) {
      int kind = kinds[random.nextInt(kinds.length)];
      int length =
          switch (kind) {
            case 2, 28 -> 4;
            case 3 -> 3;
            case 4 -> 2;
            case 5 -> 2 + 8 * (1 + random.nextInt(3));
            case 8 -> 10;
            case 19 -> 18;
            case 29 -> 4 + random.nextInt(6);
            case 34 -> random.nextBoolean() ? 2 : 6 + 2 * random.nextInt(7);
            default -> 1;
          };
      if (list.size() + length <= 40) {
        byte[] option = new byte[length];
        random.nextBytes(option);
        option[0] = (byte) kind;
        if (length > 1) {
          option[1] = (byte) length;
        }
        list.writeBytes(option);
      }
    }
    byte[] padded = Arrays.copyOf(list.toByteArray(), (list.size() + 3) / 4 * 4);
    if (random.nextBoolean()) {
      Arrays.fill(padded, list.size(), padded.length, (byte) 1);
    }
    return padded;
  }

  /** TLS and HTTP, whole, cut, changed at one place, and in any order in a connection. */
  @ParameterizedTest
  @ValueSource(strings = {"", "3.4", "4.4", "4.6"})
  void startsOfDataAreReadAlike(String version) throws Exception {
    List<byte[]> starts =
        List.of(
            CLIENT,
            SERVER,
            MadeFrames.join(SERVER, HexFormat.of().parseHex("140303000101"), new byte[60]),
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII),
            "HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII),
            "CONNECT a:443 HTTP/1.1\r\n\r\n".getBytes(US_ASCII),
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII),
            "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n".getBytes(US_ASCII),
            "SSH-2.0-a\r\n".getBytes(US_ASCII),
            new byte[] {1});
    Random random = new Random(3);
    MadeFrames made = ethernet();
    for (int port = 1024; port < 1024 + CONVERSATIONS; port++) {
      made.handshake(port, random.nextInt());
      for (int i = 0; i < SEGMENTS; i++) {
        byte[] data = starts.get(random.nextInt(starts.size())).clone();
        switch (random.nextInt(4)) {
          case 0 -> data[random.nextInt(Math.min(12, data.length))] = (byte) random.nextInt(40);
          case 1 -> data[random.nextInt(data.length)] = (byte) random.nextInt();
          case 2 -> data = Arrays.copyOf(data, 1 + random.nextInt(data.length));
          default -> {}
        }
        int skip = random.nextInt(6) == 0 ? -data.length : 0;
        made.add(
            port, random.nextInt(2), random.nextInt(9) == 0 ? RST : PSH | ACK, skip, NOTHING, data);
      }
    }
    SieveLaw.Outcome outcome = sift(version, made);
    assertThat(outcome.whyNot()).isEmpty();
    assertThat(outcome.plain()).isGreaterThan(outcome.shown());
  }
}
