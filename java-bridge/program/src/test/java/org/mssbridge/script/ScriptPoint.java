package org.mssbridge.script;

/**
 * A capture point: how and when it captures, without the packets that pass it.
 *
 * @param position position on the path, 0 nearest the client
 * @param offsetNanos offset of its clock from the true time
 * @param driftPpm how much faster its clock runs, in parts per million
 * @param setNanos by how much its clock is set forward while it captures
 * @param setAtNanos the true time at which it is set
 * @param setBackAtNanos the true time from which it is right again
 * @param snapLength bytes kept of each frame
 * @param vlan VLAN identifier, 0 for no tag
 * @param tunnel the encapsulation of connections' packets at this point
 * @param fromNanos true time at which the capture starts
 * @param untilNanos true time at which it stops
 * @param cutBytes number of bytes missing at the end of the file
 * @param padded whether short frames are padded to Ethernet's minimum length
 * @param link the link layer that its frames have
 */
record ScriptPoint(
    String name,
    int position,
    Format format,
    long offsetNanos,
    long driftPpm,
    long setNanos,
    long setAtNanos,
    long setBackAtNanos,
    int snapLength,
    int vlan,
    Tunnel tunnel,
    long fromNanos,
    long untilNanos,
    int cutBytes,
    boolean padded,
    Link link) {

  /** File formats; pcap-ns and pcapng have nanosecond timestamps. */
  enum Format {
    PCAP("pcap"),
    PCAP_NS("pcap"),
    PCAPNG("pcapng");

    final String extension;

    Format(String extension) {
      this.extension = extension;
    }
  }

  /** Link layers, by their numbers in pcap's LINKTYPE registry. */
  enum Link {
    ETHERNET(1),
    RAW(101),
    SLL(113),
    SLL2(276);

    final int type;

    Link(int type) {
      this.type = type;
    }
  }

  /** The encapsulation of packets at a capture point. */
  enum Tunnel {
    NONE,
    GRE,
    IPIP,
    VXLAN,
    GENEVE,
    /** VXLAN from one device, which copies both directions to the capture. */
    MIRROR,
    MPLS,
    PPPOE,
    ESP,
    WIREGUARD
  }

  /** {@code point NAME [format F] [clock D] …}, without its first word. */
  static ScriptPoint take(ScriptWords words, int position) {
    String name = words.take("the name of a capture point");
    Format format = Format.PCAP;
    Tunnel tunnel = Tunnel.NONE;
    long offsetNanos = 0;
    long driftPpm = 0;
    long setNanos = 0;
    long setAtNanos = 0;
    long setBackAtNanos = Long.MAX_VALUE;
    long fromNanos = Long.MIN_VALUE;
    long untilNanos = Long.MAX_VALUE;
    int snapLength = 262_144;
    int vlan = 0;
    int cutBytes = 0;
    boolean padded = false;
    Link link = Link.ETHERNET;
    while (!words.atEnd()) {
      String word = words.take("a property of the point");
      switch (word) {
        case "format" -> format = takeEnum(words, Format.class, "pcap, pcap-ns or pcapng");
        case "clock" -> offsetNanos = words.takeDurationNanos();
        case "drift" -> driftPpm = words.takeLong("parts per million");
        case "set" -> {
          setNanos = words.takeDurationNanos();
          words.expect("at");
          setAtNanos = words.takeTimeNanos();
        }
        case "back" -> setBackAtNanos = words.takeTimeNanos();
        case "snaplen" -> snapLength = words.takeInt("a snapshot length in bytes");
        case "vlan" -> vlan = words.takeInt("a VLAN identifier");
        case "tunnel" -> tunnel = takeEnum(words, Tunnel.class, "a kind of tunnel");
        case "from" -> fromNanos = words.takeTimeNanos();
        case "until" -> untilNanos = words.takeTimeNanos();
        case "cut" -> cutBytes = words.takeInt("the number of bytes missing at the end");
        case "padded" -> padded = true;
        case "link" -> link = takeEnum(words, Link.class, "ethernet, raw, sll or sll2");
        default -> throw words.error("a point has no property '" + word + "'");
      }
    }
    return new ScriptPoint(
        name,
        position,
        format,
        offsetNanos,
        driftPpm,
        setNanos,
        setAtNanos,
        setBackAtNanos,
        snapLength,
        vlan,
        tunnel,
        fromNanos,
        untilNanos,
        cutBytes,
        padded,
        link);
  }

  private static <E extends Enum<E>> E takeEnum(ScriptWords words, Class<E> type, String choice) {
    for (E value : type.getEnumConstants()) {
      if (words.accept(value.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'))) {
        return value;
      }
    }
    throw words.expected(choice);
  }

  /** The time of this point's clock at a true time. */
  long clockNanos(long trueNanos) {
    long set = trueNanos >= setAtNanos && trueNanos < setBackAtNanos ? setNanos : 0;
    return trueNanos + trueNanos / 1_000_000 * driftPpm + offsetNanos + set;
  }

  boolean captures(long trueNanos) {
    return trueNanos >= fromNanos && trueNanos < untilNanos;
  }

  String fileName() {
    return name + "." + format.extension;
  }
}
