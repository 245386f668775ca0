package org.mssbridge.model;

/**
 * A UDP header (RFC 768).
 *
 * @param sourcePort 16 bits
 * @param destinationPort 16 bits
 * @param bytes length of header and data
 * @param checksum the field, whatever is in it
 */
public record UdpHeader(int sourcePort, int destinationPort, int bytes, int checksum) {}
