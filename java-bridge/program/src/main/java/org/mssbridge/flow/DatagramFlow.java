package org.mssbridge.flow;

import org.mssbridge.model.Datagram;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.IpAddress;

/**
 * The packets of one IP protocol between two ends at one point. The client is the end with the
 * higher port; where both are equal, or the protocol has none, the end that sent the first packet.
 *
 * @param number its place in the table
 * @param protocol the number of the IP protocol
 * @param client one end; its port is 0 where the protocol has none
 * @param server the other end
 * @param firstFrame the number of the first frame
 */
public record DatagramFlow(
    int number, int protocol, Endpoint client, Endpoint server, int firstFrame) {

  /** The end that sends in a direction. */
  public Endpoint sender(Direction direction) {
    return direction == Direction.C2S ? client : server;
  }

  /** What people call the protocol, such as {@code UDP} or {@code IP protocol 89}. */
  public String protocolName() {
    return switch (protocol) {
      case Datagram.ICMP -> "ICMP echo";
      case Datagram.ICMPV6 -> "ICMPv6 echo";
      case Datagram.UDP -> "UDP";
      case Datagram.GRE -> "GRE";
      case Datagram.ESP -> "ESP";
      case Datagram.SCTP -> "SCTP";
      default -> "IP protocol " + protocol;
    };
  }

  /** Such as {@code UDP 192.0.2.10:5004 to 198.51.100.20:5004}, for what is sent in a direction. */
  public String name(Direction direction) {
    return protocolName()
        + " "
        + text(sender(direction))
        + " to "
        + text(sender(direction.reverse()));
  }

  /** An end as reports write it: without a port where the protocol has none. */
  public String text(Endpoint end) {
    return hasPorts() ? end.toString() : end.address();
  }

  /**
   * Whether no router forwards it, or a multicast group receives it: nobody misses it elsewhere.
   */
  public boolean isLocal() {
    return IpAddress.staysLocal(client.address()) || IpAddress.staysLocal(server.address());
  }

  /** Whether it goes to or from the port of DNS. */
  public boolean mayBeDns() {
    return protocol == Datagram.UDP
        && (client.port() == DnsMessages.PORT || server.port() == DnsMessages.PORT);
  }

  /** Whether its server end has the port of DNS. */
  public boolean isDnsServer() {
    return server.port() == DnsMessages.PORT;
  }

  /** Whether the protocol has ports. */
  public boolean hasPorts() {
    return protocol == Datagram.UDP || protocol == Datagram.SCTP;
  }
}
