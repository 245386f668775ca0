package org.mssbridge.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mssbridge.model.IpFamily.IPV4;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mssbridge.finding.Cause;

/** Which causes a changed MSS gets, in which order. */
class CausesTest {
  private static final String ASA = "Cisco ASA, FTD or FWSM default";
  private static final String WIREGUARD = "WireGuard: 1420 - 40";

  private final Causes causes = new Causes(Knowledge.load());
  private final Clamp to1380 = Clamp.of(1460, 1380, IPV4);

  @Test
  void clampTo1380WithRewrittenIsnIsMostLikelyAnAsa() {
    List<Cause> ranked = causes.of(to1380.withIsnRewritten(true).withOtherDirection(1460, 1380));

    assertThat(names(ranked)).startsWith(ASA, WIREGUARD);
    assertThat(ranked.get(0).supporting()).anyMatch(s -> s.startsWith("the ISN is rewritten too"));
    assertThat(ranked.get(0).against()).isEmpty();
    assertThat(ranked.get(1).against()).anyMatch(s -> s.startsWith("the ISN is rewritten"));
  }

  @Test
  void clampTo1380WithSameIsnIsMostLikelyWireGuard() {
    List<Cause> ranked = causes.of(to1380.withIsnRewritten(false));

    assertThat(names(ranked)).startsWith(WIREGUARD, ASA);
    assertThat(ranked.get(1).against()).anyMatch(s -> s.startsWith("the ISN is unchanged"));
  }

  @Test
  void icmpWithMtu1420RanksWireGuardFirst() {
    assertThat(names(causes.of(to1380.withPathMtu(1420)))).startsWith(WIREGUARD);
  }

  @Test
  void everyMssHasSeveralCauses() {
    for (int mss : new int[] {1452, 1380, 1379, 1234, 536, 48}) {
      assertThat(causes.of(Clamp.of(1460, mss, IPV4))).as("MSS %d", mss).hasSizeGreaterThan(1);
    }
  }

  @Test
  void aceIsNotACauseOf1380() {
    assertThat(names(causes.of(to1380))).noneMatch(name -> name.contains("ACE"));
  }

  @Test
  void exactRowsComeBeforeRulesOfThumb() {
    List<String> names = names(causes.of(to1380.withIsnRewritten(true)));
    int firstHint = names.indexOf("rule of thumb: generic tunnel or VPN (p0f label): 1420 - 40");

    assertThat(firstHint).isGreaterThan(names.indexOf(WIREGUARD));
  }

  @Test
  void clampOneByteAboveThePathMtuSuggestsACryptoMapOnAGreTunnel() {
    assertThat(names(causes.of(to1380.withPathMtu(1419))))
        .anyMatch(name -> name.startsWith("rule of thumb, near: crypto map on a GRE tunnel"));
    assertThat(names(causes.of(to1380))).noneMatch(name -> name.contains("crypto map"));
  }

  @Test
  void optionOrderAndIsnAreEvidenceForOrAgainstAProxy() {
    Cause proxy = proxy(causes.of(to1380.withIsnRewritten(true).withSameOptionOrder(true)));
    assertThat(proxy.supporting()).anyMatch(s -> s.startsWith("the ISN differs"));
    assertThat(proxy.against()).anyMatch(s -> s.contains("options keep their order"));

    Cause unlikely = proxy(causes.of(to1380.withIsnRewritten(false)));
    assertThat(unlikely.against()).anyMatch(s -> s.contains("no proxy ends the connection"));
  }

  @Test
  void clampInOneDirectionOnlySuggestsAnAccessRouter() {
    List<Cause> ranked = causes.of(Clamp.of(1460, 1452, IPV4).withOtherDirection(1460, 1460));

    assertThat(ranked.get(0).cause()).isEqualTo("PPPoE: 1492 - 40");
    assertThat(ranked.get(0).supporting()).anyMatch(s -> s.startsWith("only this direction"));
  }

  @Test
  void raisedMssIsEvidenceAgainstAClamp() {
    List<Cause> ranked = causes.of(Clamp.of(1380, 1460, IPV4));
    Cause configured = ranked.get(ranked.size() - 1);

    assertThat(configured.against()).contains("the MSS was raised, which Linux TCPMSS never does");
    assertThat(proxy(ranked).supporting()).isNotEmpty();
  }

  @Test
  void espTunnelWithExactlyThisMssIsFoundWithItsSum() {
    assertThat(causes.of(Clamp.of(1460, 1398, IPV4)).get(0).supporting())
        .anyMatch(sum -> sum.contains("= 1438 IP; 1438 - 40 = 1398 MSS"));
  }

  @Test
  void espTunnelWithSlightlyMoreRoomIsARuleOfThumb() {
    assertThat(causes.of(to1380))
        .anySatisfy(
            cause -> {
              assertThat(cause.cause())
                  .startsWith("rule of thumb, near: ESP AES-CBC/SHA1 with NAT-T");
              assertThat(cause.supporting()).anyMatch(sum -> sum.contains("= 1382 MSS"));
              assertThat(cause.against()).anyMatch(s -> s.contains("leaves 2 bytes unused"));
            });
  }

  @Test
  void mtu1433IsReadAsAFrameSize() {
    assertThat(causes.ofPathMtu(1433, IPV4).get(0))
        .satisfies(
            cause -> {
              assertThat(cause.cause()).contains("GRE tunnel interface (1476)");
              assertThat(cause.against())
                  .containsExactly("only if the sender counts the Ethernet header");
            });
  }

  @Test
  void everyCauseHasASource() {
    assertThat(causes.of(to1380)).allSatisfy(cause -> assertThat(cause.source()).isNotBlank());
  }

  @Test
  void decidingObservationsAreListedForKnownCandidates() {
    assertThat(causes.decides(to1380)).anyMatch(line -> line.startsWith(WIREGUARD + ": "));
  }

  @Test
  void unchangedMssIsRejected() {
    assertThatThrownBy(() -> causes.of(Clamp.of(1460, 1460, IPV4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("MSS 1460 was not changed");
  }

  private static Cause proxy(List<Cause> ranked) {
    return ranked.stream().filter(c -> c.cause().startsWith("a proxy")).findFirst().orElseThrow();
  }

  private static List<String> names(List<Cause> ranked) {
    return ranked.stream().map(Cause::cause).toList();
  }
}
