package org.mssbridge.knowledge;

import static java.util.Comparator.comparingInt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.mssbridge.knowledge.Encapsulation.Esp;
import org.mssbridge.knowledge.Encapsulation.Fixed;
import org.mssbridge.knowledge.Encapsulation.GreInEsp;
import org.mssbridge.model.IpFamily;

/** Searches common links and encapsulations for sums that yield a number. */
public final class TunnelArithmetic {
  /** The Ethernet header without and with an 802.1Q tag; captures do not show the checksum. */
  static final int ETHERNET_HEADER_BYTES = 14;

  static final int VLAN_HEADER_BYTES = 18;

  /** A link that carries tunnels. */
  private record Link(int mtuBytes, String name) {}

  private static final List<Link> LINKS =
      List.of(
          new Link(1500, "Ethernet"),
          new Link(1492, "PPPoE"),
          new Link(1476, "GRE tunnel interface"),
          new Link(1460, "Google Cloud VPC"),
          new Link(9000, "jumbo Ethernet"),
          new Link(9001, "AWS EC2 jumbo frames"));

  /**
   * Lower is more common: plain Ethernet, then a crypto map on a GRE tunnel interface, then PPPoE.
   */
  private static final Map<Integer, Integer> LINK_RARITY = Map.of(1500, 0, 1476, 1, 1492, 2);

  /**
   * A sum that yields a number.
   *
   * @param linkName the link below the tunnel
   * @param linkMtuBytes its MTU
   * @param encapsulation the tunnel
   * @param innerBytes the largest IP packet inside
   * @param arithmetic the whole sum, ending in the number searched for
   */
  public record Fit(
      String linkName,
      int linkMtuBytes,
      Encapsulation encapsulation,
      int innerBytes,
      String arithmetic) {
    /** Tunnel and link, such as {@code WireGuard over IPv6 on Ethernet (1500)}. */
    public String label() {
      return encapsulation.name() + " on " + linkName + " (" + linkMtuBytes + ")";
    }
  }

  private final List<Encapsulation> encapsulations;

  /** Searches ESP and the overheads in this table. */
  public TunnelArithmetic(Knowledge knowledge) {
    this.encapsulations = encapsulations(knowledge);
  }

  private static List<Encapsulation> encapsulations(Knowledge knowledge) {
    List<Encapsulation> all = new ArrayList<>();
    List<Fixed> gre = new ArrayList<>();
    for (KnowledgeRow row : knowledge.overheads()) {
      Fixed fixed = new Fixed(row, row.families().iterator().next());
      if (row.families().contains(IpFamily.IPV4)) {
        fixed = new Fixed(row, IpFamily.IPV4);
        if (row.title().startsWith("GRE")) {
          gre.add(fixed);
        }
      }
      all.add(fixed);
    }
    for (IpFamily outer : IpFamily.values()) {
      for (EspCipher cipher : EspCipher.values()) {
        for (boolean natTraversal : new boolean[] {false, true}) {
          Esp esp = new Esp(cipher, natTraversal, outer);
          all.add(esp);
          if (outer == IpFamily.IPV4) {
            gre.forEach(g -> all.add(new GreInEsp(g, esp)));
          }
        }
      }
    }
    return List.copyOf(all);
  }

  /** The tunnels whose inner TCP segments have exactly this MSS, the most common first. */
  public List<Fit> byMss(int mssBytes, IpFamily inner) {
    int ipBytes = mssBytes + inner.tcpIpBytes();
    String rest =
        "; "
            + ipBytes
            + " - "
            + inner.tcpIpBytes()
            + " = "
            + mssBytes
            + " MSS ("
            + inner.label()
            + ")";
    return search(ipBytes, sum -> sum + " IP" + rest);
  }

  /** The tunnels whose inner MTU is exactly this. */
  List<Fit> byMtu(int mtuBytes) {
    return search(mtuBytes, sum -> sum + " IP");
  }

  /** The tunnels whose inner packets, with an Ethernet header, make frames of this size. */
  public List<Fit> byFrame(int frameBytes) {
    int ipBytes = frameBytes - ETHERNET_HEADER_BYTES;
    int overhead = IpFamily.IPV4.tcpIpBytes();
    String rest =
        " IP; "
            + ipBytes
            + " - "
            + overhead
            + " = "
            + (ipBytes - overhead)
            + " MSS; "
            + ipBytes
            + " + "
            + ETHERNET_HEADER_BYTES
            + " (Ethernet header) = "
            + frameBytes
            + ": as a frame size";
    return search(ipBytes, sum -> sum + rest).stream()
        .filter(fit -> !(fit.encapsulation() instanceof GreInEsp))
        .toList();
  }

  private List<Fit> search(int ipBytes, Function<String, String> finish) {
    List<Fit> fits = new ArrayList<>();
    if (ipBytes < IpFamily.IPV4.leastMtuBytes()) {
      return fits;
    }
    for (Link link : LINKS) {
      for (Encapsulation encapsulation : encapsulations) {
        if (encapsulation.innerBytes(link.mtuBytes()) == ipBytes) {
          String sum = finish.apply(encapsulation.arithmetic(link.mtuBytes()));
          fits.add(new Fit(link.name(), link.mtuBytes(), encapsulation, ipBytes, sum));
        }
      }
    }
    fits.sort(comparingInt(TunnelArithmetic::rarity));
    return List.copyOf(fits);
  }

  /** How rare a combination is: an exact sum over IPv4 on plain Ethernet is the most common. */
  private static int rarity(Fit fit) {
    Encapsulation encapsulation = fit.encapsulation();
    return LINK_RARITY.getOrDefault(fit.linkMtuBytes(), 3)
        + (encapsulation instanceof GreInEsp ? 3 : 0)
        + (encapsulation.exact() ? 0 : 1)
        + (encapsulation instanceof Esp && encapsulation.outer() == IpFamily.IPV6 ? 2 : 0);
  }
}
