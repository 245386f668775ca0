/**
 * Follows connections along the path, and finds which transmission at one capture point became
 * which arrival at the next, by byte range.
 *
 * <p>Positions are counted from the ISN of each point, so that devices may rewrite sequence numbers
 * and cut segments into other pieces. Each byte range is assigned on its own: it arrived, it was
 * lost on the path, or the far capture missed it although the receiver acknowledged it. Where a
 * range was sent several times, IP IDs or times tell which copy arrived. What a capture holds twice
 * though it passed once, and keep-alives, take no part. All is known for each direction, in which
 * the point nearer the sender is {@code near} and the other {@code far}; without a direction, the
 * point nearer the client is the first.
 *
 * <p>{@link org.mssbridge.alignment.Comparison} is the door: captures in, {@link
 * org.mssbridge.alignment.TracedConnection traced connections} and the clocks of all points out. A
 * {@link org.mssbridge.alignment.PairedConnection} is one connection at two neighbouring points,
 * with an {@link org.mssbridge.alignment.Alignment} for each direction, which {@code
 * SegmentAligner} makes. {@link org.mssbridge.alignment.CaptureGaps} needs one capture only.
 */
package org.mssbridge.alignment;
