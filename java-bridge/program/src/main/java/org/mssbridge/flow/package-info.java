/**
 * Sorts the frames of one capture into TCP connections, and keeps of each segment what the
 * comparison asks for.
 *
 * <p>Which frames belong together tshark says by its stream number. A frame may be filled again as
 * soon as it was added: its numbers are copied into columns of primitives, 43 bytes a segment, and
 * what a SYN or SYN/ACK says is kept whole. No payload is kept, only its sum and a digest. The
 * client is the sender of the first SYN; where no handshake was seen, the end with the higher port.
 * When the capture is finished, nothing of it changes any more.
 *
 * <p>{@link org.mssbridge.flow.ConnectionTable} is the door: frames in, a {@link
 * org.mssbridge.flow.PointCapture} out. Its {@link org.mssbridge.flow.Connection connections} have
 * a {@link org.mssbridge.flow.Flow} for each direction, whose segments are rows of the capture's
 * {@link org.mssbridge.flow.SegmentTable}.
 */
package org.mssbridge.flow;
