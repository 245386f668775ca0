package org.mssbridge.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mssbridge.knowledge.Explanation;
import org.mssbridge.knowledge.Knowledge;

/** The explanation of a number. */
class ExplainTextTest {
  private static final Knowledge KNOWLEDGE = Knowledge.load();

  @Test
  void for1380ItNamesTheAsaAndWireGuardAndClearsTheAce() {
    assertThat(explain(1380))
        .startsWith("1380 as an MSS ")
        .contains(
            "IPv4: 1380 + 40 = 1420 IP packet, + 14 (Ethernet header) = 1434 frame",
            "IPv6: 1380 + 60 = 1440 IP packet",
            "with timestamps a segment carries 1380 - 12 = 1368 of data",
            "exact Cisco ASA, FTD or FWSM default",
            "exact WireGuard: 1420 - 40 (IPv4)",
            "sizes IPv4: 1380 - 40 = 1340 MSS sizes IPv6: 1380 - 60 = 1320 MSS",
            "note: not the Cisco ACE appliance: its documented default maximum is 1460");
  }

  @Test
  void for1433ItShowsThatTheNumberIsAFrameSizeAndNoMtu() {
    assertThat(explain(1433))
        .startsWith("1433 as a frame size ")
        .contains(
            "GRE tunnel interface: 1476 - 57 (largest 3DES/SHA1 ESP overhead) = 1419 IP;"
                + " 1419 - 40 = 1379 MSS; 1419 + 14 (Ethernet header) = 1433: as a frame size",
            "note: 1433 - 40 = 1393, not 1379")
        .doesNotContain("as an MTU", "as an MSS");
  }

  @Test
  void for1379ItNamesTheCryptoMapAndTheNeighbour1380() {
    assertThat(explain(1379))
        .contains(
            "hint ip tcp adjust-mss 1379, widespread for AWS VPN",
            "hint crypto map on a GRE tunnel interface: 1476 - 57 - 40",
            "1476 - 57 (largest 3DES/SHA1 ESP overhead) = 1419 IP; 1419 - 40 = 1379 MSS",
            "note: one below 1380");
  }

  @Test
  void standardsExplainTheirNumbers() {
    assertThat(explain(48)).contains("CVE-2019-11477");
    assertThat(explain(1)).contains("CVE-2019-11477", "1 + 40 = 41").doesNotContain("MTU");
    assertThat(explain(49)).doesNotContain("CVE-2019-11477");
    assertThat(explain(68)).contains("smallest MTU that IPv4 allows", "RFC 791");
    assertThat(explain(67)).contains("below the least MTU of 68, an ICMP naming it is bogus");
    assertThat(explain(536)).contains("IPv4 default", "RFC 9293 3.7.1");
    assertThat(explain(576)).contains("datagram that every IPv4 host must accept", "RFC 791");
    assertThat(explain(1220)).contains("IPv6 default", "RFC 9293 3.7.1");
    assertThat(explain(1280)).contains("smallest MTU that IPv6 allows", "RFC 8200");
    assertThat(explain(65535)).contains("more than any IPv4 packet holds", "RFC 2675");
  }

  @Test
  void aNumberWithoutAnExplanationGetsOnlyItsArithmetic() {
    assertThat(explain(1234))
        .startsWith("1234: no known value and no usual tunnel gives it 1234 as an MSS ")
        .contains("1234 + 40 = 1274", "1234 as an MTU")
        .doesNotContain(" exact ", " hint ", " tunnel ESP");
  }

  @Test
  void readingsOfWhichNothingIsKnownAreLeftOut() {
    assertThat(explain(1380)).doesNotContain("as a frame size", "no known value");
  }

  @Test
  void widespreadCausesAreSaidToBeSo() {
    assertThat(explain(1380))
        .contains(
            "exact Cisco ASA, FTD or FWSM default",
            "widespread: every such firewall clamps to it",
            "widespread: the default of each of its interfaces");
    assertThat(explain(1460)).contains("widespread: the MTU of nearly all");
    assertThat(explain(1320)).contains("Juniper").doesNotContain("widespread");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 65536, Integer.MAX_VALUE})
  void invalidNumbersAreRejected(int number) {
    assertThatThrownBy(() -> Explanation.of(number))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(number + " is neither an MSS nor an MTU: give a whole number from 1 to 65535");
  }

  @Property
  void everyNumberIsExplainedWithin40LinesOf100Columns(
      @ForAll @IntRange(min = 1, max = 65535) int number) {
    assertFits(number);
  }

  @Test
  void everySizeFrom1200To1600IsExplainedWithin40LinesOf100Columns() {
    for (int number = 1200; number <= 1600; number++) {
      assertFits(number);
    }
  }

  private static void assertFits(int number) {
    List<String> lines = ExplainText.render(Explanation.of(number, KNOWLEDGE)).lines().toList();
    assertThat(lines).as("lines on %d", number).hasSizeLessThanOrEqualTo(40);
    assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
  }

  /** The text on one line with single spaces, so that line breaks do not matter. */
  private static String explain(int number) {
    return ExplainText.render(Explanation.of(number, KNOWLEDGE)).replaceAll("\\s+", " ");
  }
}
