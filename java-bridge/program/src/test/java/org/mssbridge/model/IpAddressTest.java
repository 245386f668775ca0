package org.mssbridge.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "192.0.2.1",
        "255.255.255.255",
        "2001:db8::1",
        "::",
        "::1",
        "fe80::",
        "2001:db8:0:1::2:0",
        "1:2:3:4:5:6:7:8"
      })
  void isReadAndWrittenAlike(String address) {
    assertThat(IpAddress.text(IpAddress.bytes(address))).isEqualTo(address);
  }

  @ParameterizedTest
  @CsvSource({
    "2001:DB8::1,2001:db8::1",
    "1:0:0:2:0:0:0:3,1:0:0:2::3",
    "1:0:2:3:4:5:6:7,1:0:2:3:4:5:6:7"
  })
  void isWrittenAsTsharkDoes(String address, String text) {
    assertThat(IpAddress.text(IpAddress.bytes(address))).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"host.example", "300.1.1.1", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "g::1"})
  void otherTextIsNone(String text) {
    assertThat(IpAddress.bytes(text)).isEmpty();
  }
}
