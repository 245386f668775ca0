/**
 * Finds the capture points in a file that holds the same packets at several of them, such as one of
 * {@code tcpdump -i any} on a firewall or a mirror of both sides of a device, and splits it.
 *
 * <p>A look at the start of a file ({@code FirstLook}) tells most files that are one point. Of the
 * others, it finds out which packets are in the file more than once, and what differs between their
 * sightings: the interface, the VLAN or tunnel, the MAC addresses, the direction at the capturing
 * host, the TTL ({@code Mode}). The first of these that tells the sightings apart divides the file;
 * places that share no packets with each other can be one point ({@code Places}), and handshakes,
 * TTLs and times tell their order. Then the file is copied, each packet to its point's part.
 *
 * <p>Promises:
 *
 * <ul>
 *   <li>A file without packets that are at several places is not split. At most {@code
 *       Sightings.MOST} packets are looked at to find out, and far fewer of an ordinary file.
 *   <li>The user's file is only read. A part holds its packets as they are, with the numbers that
 *       they have in the whole file beside it.
 *   <li>Only which packets are alike is judged here, and which of those that belong to no point are
 *       encrypted; what is in all others is tshark's to say.
 *   <li>Memory is bounded, whatever is in the file.
 * </ul>
 *
 * <p>{@link org.mssbridge.split.CaptureSplitter} is the entry point.
 */
package org.mssbridge.split;
