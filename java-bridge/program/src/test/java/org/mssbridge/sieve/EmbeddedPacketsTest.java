package org.mssbridge.sieve;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may hold a packet that tshark would read, and what surely does not. */
class EmbeddedPacketsTest {
  private final EmbeddedPackets embedded = new EmbeddedPackets();

  private boolean mayBeIn(byte[] data, int port) {
    return embedded.mayBeIn(data, 0, data.length, data.length, 40_000, port);
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  @Test
  void textHoldsNone() {
    byte[] text = "an ordinary question, and its answer, too".repeat(9).getBytes(US_ASCII);
    assertThat(mayBeIn(text, 53)).isFalse();
    assertThat(mayBeIn(new byte[0], 5004)).isFalse();
  }

  @Test
  void fewRandomDataLooksAsIfItDid() {
    Random random = new Random(7);
    int looking = 0;
    for (int i = 0; i < 1000; i++) {
      byte[] data = new byte[1200];
      random.nextBytes(data);
      looking += mayBeIn(data, 443) ? 1 : 0;
    }
    assertThat(looking).isLessThan(100);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "45000028 00010000 40060000 c0000201 c6336402 0400005000000001000000025010ffff00000000",
        "46000018 00010000 40060000 c0000201 c6336402 00000000",
        "45000028 00012000 40110000 c0000201 c6336402 0400005000000001000000025010ffff00000000",
        "60000000 00140640 20010db8000000000000000000000001 20010db8000000000000000000000002"
            + " 0400005000000001000000025010ffff00000000",
        "60000000 00082c40 20010db8000000000000000000000001 20010db8000000000000000000000002"
            + " 0600000100000001"
      })
  void aHeaderAtAnyPlaceIsSeen(String packet) {
    for (String before : new String[] {"", "08", "0800000000000700", "abcdefabcdefabcdefabcdef"}) {
      assertThat(mayBeIn(bytes(before + packet), 7777)).as("after %s", before).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1194, 1701, 2152, 4500, 4789, 5246, 6081, 51820})
  void portsOfTunnelsAreTsharks(int port) {
    assertThat(mayBeIn(bytes("00"), port)).isTrue();
  }

  @Test
  void wireGuardIsSeenAtAnyPort() {
    assertThat(mayBeIn(bytes("04000000 01020304 0500000000000000"), 7777)).isTrue();
    assertThat(mayBeIn(bytes("05000000 01020304 0500000000000000"), 7777)).isFalse();
  }

  @Test
  void transportStreamsAreTsharks() {
    byte[] stream = new byte[7 * 188];
    stream[0] = 0x47;
    assertThat(mayBeIn(stream, 1234)).isTrue();
  }
}
