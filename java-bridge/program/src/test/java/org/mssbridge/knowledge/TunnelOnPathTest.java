package org.mssbridge.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mssbridge.model.IpFamily.IPV4;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.mssbridge.finding.Cause;

/** A tunnel that captures show as the cause of a clamp or a path MTU. */
class TunnelOnPathTest {
  private final Causes causes = new Causes(Knowledge.load());

  @Test
  void seenTunnelThatFitsIsFirstAndOtherSumsAreLeftOut() {
    List<Cause> ranked = causes.ofPathMtu(1450, IPV4, seen("VXLAN", 50));

    assertThat(ranked.get(0).cause()).isEqualTo("the VXLAN tunnel on the path");
    assertThat(ranked.get(0).supporting())
        .containsExactly(
            "packets are inside VXLAN at server, which adds 50 bytes",
            "1450 + 50 (VXLAN) = 1500, Ethernet's MTU");
    assertThat(ranked.get(0).against()).isEmpty();
    assertThat(names(ranked)).noneMatch(name -> name.startsWith("GENEVE"));
    assertThat(names(causes.ofPathMtu(1450, IPV4))).anyMatch(name -> name.startsWith("GENEVE"));
  }

  @Test
  void seenTunnelThatFitsAClampIsFirst() {
    List<Cause> ranked = causes.of(Clamp.of(1460, 1420, IPV4), seen("L2TP", 40));

    assertThat(ranked.get(0).supporting())
        .contains("1420 + 40 = 1460; 1460 + 40 (L2TP) = 1500, Ethernet's MTU");
  }

  @Test
  void sumThatDoesNotFitSpeaksAgainstIt() {
    Cause looser = causes.of(Clamp.of(1460, 1360, IPV4), seen("GTP-U", 36)).get(0);
    Cause tooLarge = causes.ofPathMtu(1480, IPV4, seen("GTP-U", 36)).get(0);

    assertThat(looser.cause()).isEqualTo("the GTP-U tunnel on the path");
    assertThat(looser.supporting()).hasSize(1);
    assertThat(looser.against())
        .containsExactly(
            "1360 + 40 = 1400; 1400 + 36 (GTP-U) = 1436: Ethernet (1500) has room for 64 more");
    assertThat(tooLarge.against())
        .containsExactly("1480 + 36 (GTP-U) = 1516: more than Ethernet carries (1500)");
  }

  @Test
  void raisedMssIsNoTunnel() {
    assertThat(names(causes.of(Clamp.of(1380, 1460, IPV4), seen("VXLAN", 50))))
        .noneMatch(name -> name.contains("VXLAN tunnel on the path"));
  }

  private static Optional<TunnelOnPath> seen(String name, int overheadBytes) {
    return Optional.of(new TunnelOnPath(name, "server", OptionalInt.of(overheadBytes)));
  }

  private static List<String> names(List<Cause> causes) {
    return causes.stream().map(Cause::cause).toList();
  }
}
