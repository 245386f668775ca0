package org.mssbridge.finding;

import java.util.Locale;

/** What a device between two points does. */
public enum PathFunction {
  NONE,
  ROUTER,
  MSS_CLAMP,
  NAT,
  ISN_RANDOMISER,
  PROXY,
  SYN_PROXY,
  /** Acknowledges data for its receiver, and lets packets pass with their own numbers. */
  ACK_PROXY,
  TUNNEL,
  OPTION_STRIPPER,
  ALG;

  /** The name as reports write it, such as {@code isn-randomiser}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
