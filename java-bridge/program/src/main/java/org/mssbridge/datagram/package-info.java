/**
 * Which packets of other protocols than TCP are the same at several points of a path: UDP, ICMP
 * echo, ESP, GRE, SCTP and any other.
 *
 * <p>Flows are paired by the contents that both have and no other ({@code FlowPairing}), or by
 * equal ends; packets of a pair by content, and equal contents by IP ID or order ({@code
 * PacketMatch}). What cannot be told is unknown. A packet counts as lost only where the far capture
 * surely runs, others of its flow arrive, or others of its hosts, and nothing else explains that it
 * is not at the far point ({@code FlowPassage}).
 *
 * <p>{@link org.mssbridge.datagram.Datagrams} is the entry point.
 */
package org.mssbridge.datagram;
