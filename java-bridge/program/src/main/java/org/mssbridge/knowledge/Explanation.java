package org.mssbridge.knowledge;

import static java.util.Comparator.comparing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mssbridge.knowledge.Knowledge.Fit;
import org.mssbridge.model.IpFamily;

/**
 * The meanings of a number as an MSS, as an MTU and as a frame size.
 *
 * @param number the number explained
 * @param readings the readings that something is known of, the best supported first; if there is
 *     none, the arithmetic alone
 * @param notes remarks that apply to no single reading
 */
public record Explanation(int number, List<Reading> readings, List<String> notes) {
  private static final int SMALLEST = 1;
  private static final int LARGEST = 65_535;
  private static final int SACK_PANIC_MSS_BYTES = 48;

  /** The timestamps option with its padding takes 12 bytes of each segment (RFC 7323 section 3). */
  private static final int TIMESTAMPS_BYTES = 12;

  /**
   * One way to read the number.
   *
   * @param as the quantity that it is read as
   * @param sizes the related sizes, as sums
   * @param fits the known values that fit, exact ones first
   * @param widespread where a fit is met in many networks
   * @param tunnels the tunnel sums that yield it and that no known value covers
   */
  public record Reading(
      As as,
      List<String> sizes,
      List<Fit> fits,
      Map<Fit, String> widespread,
      List<TunnelArithmetic.Fit> tunnels) {
    public Reading {
      widespread = Map.copyOf(widespread);
      sizes = List.copyOf(sizes);
      fits = List.copyOf(fits);
      tunnels = List.copyOf(tunnels);
    }

    /** Whether a known value or a tunnel sum fits. */
    public boolean known() {
      return !fits.isEmpty() || !tunnels.isEmpty();
    }

    private int rank() {
      boolean exact = fits.stream().anyMatch(f -> f.row().kind() == KnowledgeRow.Kind.EXACT);
      return exact ? 0 : !fits.isEmpty() ? 1 : !tunnels.isEmpty() ? 2 : 3;
    }
  }

  /** The quantities that a number can be. */
  public enum As {
    /** The data of a TCP segment. */
    MSS("an MSS"),
    /** An IP packet. */
    MTU("an MTU"),
    /** An Ethernet frame without its checksum, as a capture shows it. */
    FRAME("a frame size");

    private final String label;

    As(String label) {
      this.label = label;
    }

    /** With its article, such as {@code an MSS}. */
    public String label() {
      return label;
    }
  }

  public Explanation {
    readings = List.copyOf(readings);
    notes = List.copyOf(notes);
  }

  /**
   * Explains a number with the built-in table.
   *
   * @throws IllegalArgumentException outside 1 to 65535
   */
  public static Explanation of(int number) {
    return of(number, Knowledge.load());
  }

  /**
   * Explains a number.
   *
   * @throws IllegalArgumentException outside 1 to 65535
   */
  public static Explanation of(int number, Knowledge knowledge) {
    if (number < SMALLEST || number > LARGEST) {
      throw new IllegalArgumentException(
          number + " is neither an MSS nor an MTU: give a whole number from 1 to 65535");
    }
    TunnelArithmetic tunnels = new TunnelArithmetic(knowledge);
    List<Reading> readings = new ArrayList<>();
    readings.add(asMss(number, knowledge, tunnels));
    readings.add(asMtu(number, knowledge, tunnels));
    if (number - TunnelArithmetic.VLAN_HEADER_BYTES >= IpFamily.IPV4.leastMtuBytes()) {
      readings.add(
          new Reading(As.FRAME, frameSizes(number), List.of(), Map.of(), tunnels.byFrame(number)));
    }
    readings.sort(comparing(Reading::rank));
    return new Explanation(number, worthSaying(readings), notes(number, knowledge));
  }

  /** The readings that something is known of; if there is none, the bare arithmetic of two. */
  private static List<Reading> worthSaying(List<Reading> readings) {
    List<Reading> known = readings.stream().filter(Reading::known).toList();
    return known.isEmpty()
        ? readings.stream().filter(r -> r.as() != As.FRAME && !r.sizes().isEmpty()).toList()
        : known;
  }

  /** Whether a known value or a tunnel sum fits any reading. */
  public boolean known() {
    return readings.stream().anyMatch(Reading::known);
  }

  private static Map<Fit, String> widespread(List<Fit> fits, Knowledge knowledge) {
    Map<Fit, String> widespread = new LinkedHashMap<>();
    for (Fit fit : fits) {
      knowledge.behaviour(Knowledge.Behaviour.WIDESPREAD, fit.row()).stream()
          .findFirst()
          .ifPresent(row -> widespread.put(fit, row.decides()));
    }
    return widespread;
  }

  private static Reading asMss(int mss, Knowledge knowledge, TunnelArithmetic tunnels) {
    List<Fit> fits = new ArrayList<>();
    List<TunnelArithmetic.Fit> sums = new ArrayList<>();
    List<String> sizes = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      List<Fit> ofFamily = knowledge.byMss(mss, family);
      fits.addAll(ofFamily);
      tunnels.byMss(mss, family).stream()
          .filter(t -> TunnelCauses.isNew(t, ofFamily))
          .forEach(sums::add);
      sizes.add(packetSize(mss, family));
    }
    if (mss > TIMESTAMPS_BYTES) {
      sizes.add("with timestamps a segment carries " + mss + " - 12 = " + (mss - 12) + " of data");
    }
    List<Fit> merged = merged(fits);
    return new Reading(As.MSS, sizes, merged, widespread(merged, knowledge), sums);
  }

  private static String packetSize(int mss, IpFamily family) {
    int packet = mss + family.tcpIpBytes();
    String sum = family.label() + ": " + mss + " + " + family.tcpIpBytes() + " = " + packet;
    if (packet > family.largestPacketBytes()) {
      return sum + ", more than any " + family.label() + " packet holds";
    }
    return sum
        + (" IP packet, + 14 (Ethernet header) = " + (packet + 14) + " frame")
        + (", room below 1500: " + (1500 - packet)).repeat(packet < 1500 && packet > 576 ? 1 : 0);
  }

  private static Reading asMtu(int mtu, Knowledge knowledge, TunnelArithmetic tunnels) {
    List<Fit> fits = new ArrayList<>();
    List<String> sizes = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      fits.addAll(knowledge.byMtu(mtu, family));
      if (mtu > family.tcpIpBytes()) {
        sizes.add(family.label() + ": " + mssOf(mtu, family));
      }
    }
    List<TunnelArithmetic.Fit> sums =
        tunnels.byMtu(mtu).stream().filter(t -> TunnelCauses.isNew(t, fits)).toList();
    List<Fit> merged = merged(fits);
    return new Reading(As.MTU, sizes, merged, widespread(merged, knowledge), sums);
  }

  private static String mssOf(int mtu, IpFamily family) {
    int mss = mtu - family.tcpIpBytes();
    String sum = mtu + " - " + family.tcpIpBytes() + " = " + mss + " MSS";
    return mtu < family.leastMtuBytes()
        ? sum
            + "; below the least MTU of "
            + family.leastMtuBytes()
            + ", an ICMP naming it is bogus"
        : sum;
  }

  private static List<String> frameSizes(int frame) {
    List<String> sizes = new ArrayList<>();
    for (int header :
        new int[] {TunnelArithmetic.ETHERNET_HEADER_BYTES, TunnelArithmetic.VLAN_HEADER_BYTES}) {
      int ip = frame - header;
      boolean plain = header == TunnelArithmetic.ETHERNET_HEADER_BYTES;
      String name = plain ? "Ethernet header" : "with a VLAN tag";
      sizes.add(
          (frame + " - " + header + " (" + name + ") = " + ip + " IP packet")
              + (", MSS " + (ip - 40) + " (IPv4)")
              + (ip > 60 ? " or " + (ip - 60) + " (IPv6)" : ""));
    }
    return sizes;
  }

  /** Each row once: one that fits both IP versions keeps the first fit. Exact rows come first. */
  private static List<Fit> merged(List<Fit> fits) {
    Map<KnowledgeRow, Fit> first = new LinkedHashMap<>();
    fits.forEach(fit -> first.putIfAbsent(fit.row(), fit));
    return first.values().stream().sorted(comparing(fit -> fit.row().kind())).toList();
  }

  private static List<String> notes(int number, Knowledge knowledge) {
    List<String> notes = new ArrayList<>();
    for (KnowledgeRow row : knowledge.notes(number)) {
      notes.add(row.title() + " [" + row.source() + "]");
    }
    if (number <= SACK_PANIC_MSS_BYTES) {
      notes.add(
          "an MSS of 48 or less leaves 8 bytes of data beside full options: the SACK-panic family"
              + " of attacks announces such values [CVE-2019-11477 to CVE-2019-11479]");
    } else if (number < IpFamily.IPV4.defaultMssBytes()) {
      notes.add(
          "as an MSS it is below 536, the default where the option is absent"
              + " [RFC 9293 3.7.1]");
    }
    return notes;
  }
}
