package org.mssbridge.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a translator makes of ICMP errors (RFC 7915, sections 4.2 and 5.2). */
class IcmpCodeTest {
  @ParameterizedTest
  @CsvSource({
    "3, 0, 1, 0", "3, 1, 1, 0", "3, 2, 4, 1", "3, 3, 1, 4", "3, 4, 2, 0", "3, 5, 1, 0",
    "3, 6, 1, 0", "3, 7, 1, 0", "3, 8, 1, 0", "3, 9, 1, 1", "3, 10, 1, 1", "3, 11, 1, 0",
    "3, 12, 1, 0", "3, 13, 1, 1", "3, 15, 1, 1", "11, 0, 3, 0", "11, 1, 3, 1", "12, 0, 4, 0",
    "12, 2, 4, 0"
  })
  void fromIpv4(int type, int code, int type6, int code6) {
    assertThat(new IcmpCode(false, type, code).translated())
        .contains(new IcmpCode(true, type6, code6));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, 3, 1",
    "1, 1, 3, 10",
    "1, 2, 3, 1",
    "1, 3, 3, 1",
    "1, 4, 3, 3",
    "2, 0, 3, 4",
    "3, 0, 11, 0",
    "3, 1, 11, 1",
    "4, 0, 12, 0",
    "4, 1, 3, 2"
  })
  void fromIpv6(int type, int code, int type4, int code4) {
    assertThat(new IcmpCode(true, type, code).translated())
        .contains(new IcmpCode(false, type4, code4));
  }

  @ParameterizedTest
  @CsvSource({
    "false, 3, 14",
    "false, 3, 99",
    "false, 12, 1",
    "false, 5, 0",
    "true, 1, 5",
    "true, 1, 6",
    "true, 4, 2",
    "true, 100, 0"
  })
  void dropped(boolean ipv6, int type, int code) {
    assertThat(new IcmpCode(ipv6, type, code).translated()).isEqualTo(Optional.empty());
  }
}
