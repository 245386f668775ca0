package org.mssbridge.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mssbridge.model.Unreachable.Meaning;

/** What the types and codes of ICMP errors say. */
class UnreachableTest {
  @ParameterizedTest
  @CsvSource({
    "3, 0, ICMP network unreachable, NETWORK",
    "3, 1, ICMP host unreachable, HOST",
    "3, 2, ICMP protocol unreachable, PROTOCOL",
    "3, 3, ICMP port unreachable, PORT",
    "3, 5, ICMP source route failed, HEADER",
    "3, 6, ICMP network unknown, NETWORK",
    "3, 7, ICMP host unknown, HOST",
    "3, 9, ICMP network administratively prohibited, PROHIBITED",
    "3, 10, ICMP host administratively prohibited, PROHIBITED",
    "3, 13, ICMP administratively prohibited, PROHIBITED",
    "3, 15, ICMP precedence cutoff in effect, PROHIBITED",
    "3, 99, 'ICMP unreachable, code 99', OTHER",
    "11, 0, ICMP time exceeded in transit, TRANSIT",
    "11, 1, ICMP fragment reassembly time exceeded, REASSEMBLY",
    "12, 0, ICMP parameter problem, HEADER"
  })
  void icmp(int type, int code, String text, Meaning meaning) {
    assertSays(Unreachable.Type.of(type, -1), /* ipv6= */ false, code, text, meaning);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, ICMPv6 no route, NETWORK",
    "1, 1, ICMPv6 administratively prohibited, PROHIBITED",
    "1, 2, ICMPv6 beyond scope of the source address, NETWORK",
    "1, 3, ICMPv6 address unreachable, HOST",
    "1, 4, ICMPv6 port unreachable, PORT",
    "1, 5, ICMPv6 source address failed policy, PROHIBITED",
    "1, 6, ICMPv6 reject route, PROHIBITED",
    "1, 7, ICMPv6 error in source routing header, HEADER",
    "3, 0, ICMPv6 time exceeded in transit, TRANSIT",
    "3, 1, ICMPv6 fragment reassembly time exceeded, REASSEMBLY",
    "4, 0, 'ICMPv6 parameter problem, erroneous header field', HEADER",
    "4, 1, 'ICMPv6 parameter problem, unrecognized next header', PROTOCOL",
    "4, 9, 'ICMPv6 parameter problem, code 9', HEADER"
  })
  void icmpv6(int type, int code, String text, Meaning meaning) {
    assertSays(Unreachable.Type.of(-1, type), /* ipv6= */ true, code, text, meaning);
  }

  private static void assertSays(
      Unreachable.Type type, boolean ipv6, int code, String text, Meaning meaning) {
    Unreachable error =
        new Unreachable(1, 0, "192.0.2.1", ipv6, type, code, 64, -1, OptionalInt.empty());
    assertThat(error.text()).isEqualTo(text);
    assertThat(error.meaning()).isEqualTo(meaning);
    assertThat(error.isRefusal()).isEqualTo(type != Unreachable.Type.TIME_EXCEEDED);
  }
}
