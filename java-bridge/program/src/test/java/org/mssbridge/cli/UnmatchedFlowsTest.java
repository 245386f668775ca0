package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report says how many flows besides TCP it did not compare. */
class UnmatchedFlowsTest {
  private static final String MATCHED =
      """
      point client
      point server  clock -3600s
      between client server  delay 10ms  hops 3

      datagram talk  192.0.2.10:50000 -> 198.51.100.20:5004
      repeat 10 every 100ms
      0.000 talk c2s 100 bytes
      0.020 talk s2c 100 bytes
      end
      """;

  private static final String WEB =
      """
      connection web  192.0.2.10:50001 -> 198.51.100.20:80
      0.000 handshake <mss 1460>
      0.040 exchange 300 700
      0.800 close
      """;

  private static final String ELSEWHERE =
      """
      datagram elsewhere  192.0.2.10:50002 -> 203.0.113.20:5004  at client
      0.500 elsewhere c2s 100 bytes
      """;

  private static final String AFTER =
      """
      datagram after  192.0.2.10:50003 -> 203.0.113.20:5004  at client
      3.500 after c2s 100 bytes
      """;

  private static final String LOCAL =
      """
      datagram names  192.0.2.10:5353 -> 224.0.0.251:5353  at client
      3.600 names c2s 100 bytes
      datagram router  [fe80::1]:546 -> [ff02::1:2]:547  at client
      3.700 router c2s 100 bytes
      """;

  @TempDir private Path folder;

  private String compare(String story) throws IOException {
    return Story.report(story, folder);
  }

  @Test
  void flowsOfOneCaptureAreCounted() throws IOException {
    assertThat(compare(MATCHED + ELSEWHERE + AFTER))
        .contains("as far as all captures show it")
        .contains(
            "besides TCP: 1 UDP flow matched, 20 of 20 packets arrived; 2 flows are only at client, 1"
                + " of them at a time that server does not cover");
  }

  @Test
  void noProblemIsFoundAsFarAsTheCapturesReach() throws IOException {
    assertThat(compare(MATCHED + WEB + AFTER))
        .contains("No problem found, as far as all captures reach")
        .contains("; 1 flow is only at client, at a time that server does not cover");
  }

  @Test
  void noneNeedsToBeMatched() throws IOException {
    assertThat(
            compare(
                MATCHED.substring(0, MATCHED.indexOf("datagram"))
                    + WEB
                    + ELSEWHERE
                    + AFTER
                    + LOCAL))
        .contains("No problem found, as far as all captures reach")
        .contains("besides TCP: 2 flows are only at client, 1 of them at a time that server");
  }

  @Test
  void whatNoRouterForwardsIsNotMissed() throws IOException {
    assertThat(compare(MATCHED + WEB + ELSEWHERE + LOCAL))
        .contains("No problem found.")
        .contains("20 of 20 packets arrived; 1 flow is only at client ")
        .doesNotContain("does not cover");
  }
}
