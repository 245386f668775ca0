/**
 * Sorts the frames of one capture into TCP connections, and keeps the values of each segment that
 * the comparison needs.
 *
 * <p>Frames belong together if they have the same tshark stream number. A frame object may be
 * reused as soon as it was added: its numbers are copied into columns of primitives, 43 bytes per
 * segment, and a SYN or SYN/ACK is kept with all its options. No payload is kept, only its sum and
 * a digest. The client is the sender of the first SYN; where no handshake was seen, the end with
 * the higher port. A finished capture is immutable.
 *
 * <p>{@link org.mssbridge.flow.ConnectionTable} is the door: frames in, a {@link
 * org.mssbridge.flow.PointCapture} out. Its {@link org.mssbridge.flow.Connection connections} have
 * a {@link org.mssbridge.flow.Flow} for each direction, whose segments are rows of the capture's
 * {@link org.mssbridge.flow.SegmentTable}.
 */
package org.mssbridge.flow;
