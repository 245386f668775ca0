package org.mssbridge.model;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;

/**
 * An IP address and a TCP port.
 *
 * @param address the address as tshark prints it, such as {@code 192.0.2.1} or {@code 2001:db8::1}
 * @param port 0 to 65535
 */
public record Endpoint(String address, int port) implements Comparable<Endpoint> {
  private static final Comparator<Endpoint> ORDER =
      Comparator.comparing(Endpoint::address).thenComparingInt(Endpoint::port);

  public Endpoint {
    requireNonNull(address);
  }

  /** Whether the address is an IPv6 address. */
  public boolean isIpv6() {
    return address.indexOf(':') >= 0;
  }

  /** By the text of the address, then by port: any order, for maps. */
  @Override
  public int compareTo(Endpoint other) {
    return ORDER.compare(this, other);
  }

  /** {@code 192.0.2.1:443} or {@code [2001:db8::1]:443} (RFC 3986, section 3.2.2). */
  @Override
  public String toString() {
    return isIpv6() ? "[" + address + "]:" + port : address + ":" + port;
  }
}
