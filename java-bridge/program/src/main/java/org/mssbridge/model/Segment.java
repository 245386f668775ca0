package org.mssbridge.model;

/**
 * A SYN or SYN/ACK as one capture point saw it, with all that is compared about it.
 *
 * @param frame the frame number, from 1
 * @param timeNanos nanoseconds since 1970 on the capture's own clock
 * @param sequence the raw sequence number
 * @param acknowledgment the raw acknowledgment number, 0 in a SYN
 * @param payloadBytes bytes of data in it (Fast Open)
 * @param flags the flags of the header, {@link TcpFlags}
 * @param window the window field, not scaled
 * @param ttl TTL or hop limit, -1 where unknown
 * @param ipId the IPv4 identification, -1 for IPv6
 * @param options its options
 */
public record Segment(
    int frame,
    long timeNanos,
    int sequence,
    int acknowledgment,
    int payloadBytes,
    int flags,
    int window,
    int ttl,
    int ipId,
    TcpOptions options) {}
