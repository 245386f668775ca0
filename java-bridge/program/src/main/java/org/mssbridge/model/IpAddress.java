package org.mssbridge.model;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Reads IP addresses as tshark prints them. */
public final class IpAddress {
  private static final byte[] NONE = {};

  private IpAddress() {}

  /**
   * The 4 or 16 bytes of a numeric address; none where the text is not one. Names are never looked
   * up: text from a capture must not cause traffic.
   */
  public static byte[] bytes(String address) {
    for (int i = 0; i < address.length(); i++) {
      char c = address.charAt(i);
      if (c != ':' && c != '.' && Character.digit(c, 16) < 0) {
        return NONE;
      }
    }
    try {
      return InetAddress.getByName(address).getAddress();
    } catch (UnknownHostException e) {
      return NONE;
    }
  }
}
