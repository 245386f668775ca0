package org.mssbridge.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mssbridge.model.IpFamily.IPV4;
import static org.mssbridge.model.IpFamily.IPV6;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mssbridge.knowledge.Encapsulation.Esp;
import org.mssbridge.model.IpFamily;

/** The room that tunnels leave on a link. */
class TunnelArithmeticTest {
  private final TunnelArithmetic tunnels = new TunnelArithmetic(Knowledge.load());

  @ParameterizedTest(name = "{0}, NAT-T {1}: MTU {2}, MSS {3}")
  @CsvSource({
    "AES_CBC_SHA1, false, 1438, 1398",
    "AES_CBC_SHA1, true,  1422, 1382",
    "AES_GCM,      false, 1446, 1406",
    "AES_GCM,      true,  1438, 1398",
  })
  void espOnEthernetLeaves(EspCipher cipher, boolean natTraversal, int mtu, int mss) {
    Esp esp = new Esp(cipher, natTraversal, IPV4);

    assertThat(esp.innerBytes(1500)).isEqualTo(mtu);
    assertThat(esp.innerBytes(1500) - IPV4.tcpIpBytes()).isEqualTo(mss);
  }

  @ParameterizedTest(name = "outer {0}, NAT-T {1}: {2}")
  @CsvSource({"IPV4, false, 1406", "IPV6, false, 1386", "IPV4, true, 1398"})
  void aeadEspOnGoogleCloudLeavesWhatGoogleDocuments(IpFamily outer, boolean natT, int payload) {
    assertThat(new Esp(EspCipher.AES_GCM, natT, outer).innerBytes(1460)).isEqualTo(payload);
  }

  /**
   * Checks the formula against the size of an ESP packet built from the inside out (RFC 4303
   * section 2).
   */
  @Property
  void largestInnerPacketFitsTheLinkAndOneByteMoreDoesNot(
      @ForAll EspCipher cipher,
      @ForAll boolean natTraversal,
      @ForAll IpFamily outer,
      @ForAll @IntRange(min = 200, max = 9001) int linkMtu) {
    Esp esp = new Esp(cipher, natTraversal, outer);
    int inner = esp.innerBytes(linkMtu);

    assertThat(encapsulated(esp, inner)).isLessThanOrEqualTo(linkMtu);
    assertThat(encapsulated(esp, inner + 1)).isGreaterThan(linkMtu);
  }

  private static int encapsulated(Esp esp, int inner) {
    int block = esp.cipher().blockBytes();
    int padLengthAndNextHeader = 2;
    int blocks = (inner + padLengthAndNextHeader + block - 1) / block;
    int spiAndSequence = 8;
    int udp = esp.natTraversal() ? 8 : 0;
    return esp.outer().headerBytes()
        + udp
        + spiAndSequence
        + esp.cipher().ivBytes()
        + blocks * block
        + esp.cipher().icvBytes();
  }

  @Test
  void sumIsShown() {
    assertThat(tunnels.byMss(1382, IPV4))
        .extracting(TunnelArithmetic.Fit::arithmetic)
        .contains(
            "floor((1500 - 20 - 8 (NAT-T) - 8 - 16 - 12) / 16) * 16 - 2"
                + " (ESP AES-CBC/SHA1 with NAT-T) = 1422 IP; 1422 - 40 = 1382 MSS (IPv4)");
  }

  @Test
  void cryptoMapOnAGreTunnelInterfaceGivesFrame1433AndMss1379() {
    assertThat(tunnels.byFrame(1433))
        .extracting(TunnelArithmetic.Fit::arithmetic)
        .startsWith(
            "1476 - 57 (largest 3DES/SHA1 ESP overhead) = 1419 IP; 1419 - 40 = 1379 MSS;"
                + " 1419 + 14 (Ethernet header) = 1433: as a frame size");
    assertThat(labels(tunnels.byMss(1379, IPV4)))
        .contains("largest 3DES/SHA1 ESP overhead on GRE tunnel interface (1476)");
  }

  @ParameterizedTest(name = "MTU {0}: {1}")
  @CsvSource({
    "1476, GRE on Ethernet (1500)",
    "1480, '^IPIP, 6in4 or 6rd on Ethernet (1500)'",
    "1450, VXLAN on Ethernet (1500)",
    "1440, WireGuard on Ethernet (1500)",
    "1420, WireGuard over IPv6 on Ethernet (1500)",
    "1492, PPPoE on Ethernet (1500)",
    "1412, WireGuard over IPv6 on PPPoE (1492)",
    "1414, GRE inside ESP AES-CBC/SHA1 on Ethernet (1500)",
  })
  void tunnelMtuIsFound(int mtu, String label) {
    assertThat(labels(tunnels.byMtu(mtu))).contains(label.replace("^", ""));
  }

  @Test
  void tcpOverIpv6Has20BytesLess() {
    assertThat(labels(tunnels.byMss(1360, IPV6)))
        .contains("WireGuard over IPv6 on Ethernet (1500)");
  }

  @Test
  void noEspSumGives1380Exactly() {
    assertThat(tunnels.byMss(1380, IPV4))
        .noneMatch(fit -> fit.encapsulation() instanceof Esp && fit.linkMtuBytes() == 1500);
  }

  private static List<String> labels(List<TunnelArithmetic.Fit> fits) {
    return fits.stream().map(TunnelArithmetic.Fit::label).toList();
  }
}
