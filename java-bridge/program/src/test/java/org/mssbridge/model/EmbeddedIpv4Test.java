package org.mssbridge.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of RFC 6052, section 2.4. */
class EmbeddedIpv4Test {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2001:db8:c000:221::",
        "2001:db8:1c0:2:21::",
        "2001:db8:122:c000:2:2100::",
        "2001:db8:122:3c0:0:221::",
        "2001:db8:122:344:c0:2:2100::",
        "2001:db8:122:344::192.0.2.33",
        "64:ff9b::c000:221"
      })
  void isInEveryForm(String ipv6) {
    assertThat(EmbeddedIpv4.isIn(ipv6, "192.0.2.33")).isTrue();
    assertThat(EmbeddedIpv4.isIn(ipv6, "192.0.2.34")).isFalse();
  }

  @Test
  void isNotWhereASuffixFollowsOrTheReservedByteIsSet() {
    assertThat(EmbeddedIpv4.isIn("2001:db8:c000:221::1", "192.0.2.33")).isFalse();
    assertThat(EmbeddedIpv4.isIn("2001:db8:122:344:100:0:c000:221", "192.0.2.33")).isFalse();
    assertThat(EmbeddedIpv4.isIn("192.0.2.33", "192.0.2.33")).isFalse();
  }
}
