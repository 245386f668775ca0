/**
 * Follows connections along the path, and finds by byte range which transmission at one capture
 * point became which arrival at the next.
 *
 * <p>Positions are counted from the ISN of each point, so devices may rewrite sequence numbers and
 * cut segments differently. Each byte range is assigned separately: it arrived, it was lost on the
 * path, or the far capture missed it although the receiver acknowledged it. Where a range was sent
 * several times, IP IDs or times show which copy arrived. Keep-alives, and second copies of
 * segments that passed once, are ignored. Each direction is aligned separately: the point nearer
 * the sender is {@code near} and the other {@code far}. Without a direction, the point nearer the
 * client is the first.
 *
 * <p>{@link org.mssbridge.alignment.Comparison} is the door: captures in, {@link
 * org.mssbridge.alignment.TracedConnection traced connections} and the clocks of all points out. A
 * {@link org.mssbridge.alignment.PairedConnection} is one connection at two neighbouring points,
 * with an {@link org.mssbridge.alignment.Alignment} for each direction, which {@code
 * SegmentAligner} makes. {@link org.mssbridge.alignment.CaptureGaps} needs one capture only.
 */
package org.mssbridge.alignment;
