package org.mssbridge.model;

/**
 * A SYN or SYN/ACK as one capture point saw it, with all values that are compared.
 *
 * @param frame the frame number, from 1
 * @param timeNanos nanoseconds since 1970 on the capture's own clock
 * @param sequence the raw sequence number
 * @param acknowledgment the raw acknowledgment number, 0 in a SYN
 * @param flags the flags of the header, {@link TcpFlags}
 * @param ipId the IPv4 identification, -1 for IPv6
 * @param options its options
 */
public record Segment(
    int frame,
    long timeNanos,
    int sequence,
    int acknowledgment,
    int flags,
    int ipId,
    TcpOptions options) {}
