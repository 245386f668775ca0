package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report says how many connections it did not compare. */
class UnmatchedTest {
  private static final String BALANCED =
      """
      point client
      point server
      between client server  delay 10ms  hops 3  nat server 10.0.0.2:80

      connection one  192.0.2.10:50001 -> 198.51.100.20:80
      0.000 handshake <mss 1460>
      0.040 exchange 300 700
      0.200 close
      connection other  192.0.2.10:50002 -> 198.51.100.20:80  at client  ttl 64 61
      1.000 handshake <mss 1460>
      1.040 exchange 300 900
      1.200 close
      connection scan  203.0.113.9:50003 -> 192.0.2.10:22  at client
      1.500 c2s S 0:0 <mss 1460>
      connection last  192.0.2.10:50004 -> 198.51.100.20:80
      2.000 handshake <mss 1460>
      2.040 exchange 300 710
      2.200 close
      connection after  192.0.2.10:50005 -> 198.51.100.20:80  at client
      9.000 handshake <mss 1460>
      9.040 exchange 300 900
      """;

  @TempDir private Path folder;

  private String compare(String story) throws IOException {
    return Story.report(story, folder);
  }

  @Test
  void connectionsOfOneCaptureAreCounted() throws IOException {
    assertThat(compare(BALANCED))
        .contains(
            "2 connections matched; 1 more between the same hosts is only at client (another"
                + " backend, another path or a capture filter); 1 between other hosts is only at"
                + " client; 1 is only at client, at a time that server does not cover: not"
                + " compared");
  }

  @Test
  void whatAFindingSaysIsNotRepeated() throws IOException {
    assertThat(compare(BALANCED.replace("  nat server 10.0.0.2:80", "")))
        .contains("connection.one-sided")
        .contains("1 between other hosts is only at client; 1 is only at client, at a time")
        .doesNotContain("between the same hosts");
  }

  @Test
  void noProblemIsFoundAsFarAsTheCapturesReach() throws IOException {
    String story = BALANCED.replaceAll("(?s)connection (other|scan).*?(?=connection|$)", "");
    assertThat(compare(story))
        .contains("No problem found, as far as all captures reach")
        .contains(
            "2 connections matched; 1 is only at client, at a time that server does not cover: not"
                + " compared");
  }

  @Test
  void nothingIsSaidWhereAllAreMatched() throws IOException {
    assertThat(
            compare(
                BALANCED.replaceAll("(?s)connection (other|scan|after).*?(?=connection|$)", "")))
        .contains("2 connections matched")
        .doesNotContain("as far as all captures reach")
        .doesNotContain("not compared");
  }
}
