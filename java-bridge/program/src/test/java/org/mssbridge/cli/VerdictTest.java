package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the report on a story says first, and the cure that it names. */
class VerdictTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          clock.stepped    | No problem found. Between
          response.slow    | No problem found, but the server acknowledges a request at once and
          mss.one-direction | No problem found, but a device on the way changes packets. Between
          time.network-held | No problem found, but 1 of 30 requests waits 500 ms or more, mostly on the way between
          path.delay-change | No problem found, but the delay from client to server (median) rises from 10.0 ms to 30.0 ms
          """)
  void verdictThatNothingIsWrongNamesWhatPeopleAskAbout(
      String story, String start, @TempDir Path folder) throws IOException {
    assertThat(report(story, folder)).startsWith(start);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          pmtud.clamp-insufficient         | Next: clamp to 1379 or less;
          pmtud.clamp-insufficient-no-icmp | -> find the true limit between 540 and 1420 with pings
          pmtud.clamp-insufficient-no-icmp | -> clamp to 1300 or less;
          pmtud.blackhole                  | or clamp the MSS to 1240 between client and server
          pmtud.blackhole-one-direction    | Next: clamp the MSS of SYN/ACKs to 1360 too: the device
          path.fragmented                  | or clamp the MSS to 1356 or less between client and server
          """)
  void cureNamesTheMssToClampTo(String story, String step, @TempDir Path folder)
      throws IOException {
    assertThat(report(story, folder)).contains(step);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          path.lost-joined         | is lost from server to client, in whole or in part: 1400 bytes (0.3 %)
          path.lost-joined         | NOTE path.lost
          clock.offset-syn-proxy   | the split of the delay between the directions is not known)
          capture.missed-packets-filter | but the capture at server holds only packets with SYN, FIN or RST, as
          connection.stalled-mtu-fell | probably the path MTU fell then: segments of up to 700 bytes go on crossing
          path.lost-syns-ecn       | Next: let the firewall between client and server pass SYNs with ECN flags (ECE and CWR)
          """)
  void reportSaysWhatIsTrueOfThePackets(String story, String words, @TempDir Path folder)
      throws IOException {
    assertThat(report(story, folder)).contains(words);
  }

  /** The report on one line. */
  private static String report(String story, Path folder) throws IOException {
    Path[] captures = Story.of(Story.FOLDER.resolve(story + ".txt")).captures(folder);
    CommandRun run = CommandRun.compare("-v", captures[0], captures[1]);
    assertThat(run.status()).as(run.err()).isZero();
    return run.out().replaceAll("\\s+", " ");
  }
}
