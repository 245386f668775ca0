/**
 * Gives tshark only the frames of a capture that carry evidence, and reads the plain TCP segments
 * between them itself. Those are most of a bulk transfer, and tshark takes a hundred times as long
 * for them.
 *
 * <p>tshark remains the authority on what is in a packet. A segment is plain only if tshark could
 * add nothing to its headers: TCP directly in IPv4 or IPv6 on a known link layer, complete headers
 * with consistent lengths, no fragment, no options except timestamps, no flags except ACK, PSH and
 * FIN, and the next bytes of a conversation whose handshake and first data tshark was given.
 * Everything else is evidence: non-TCP packets, SYN, RST, SACK, data that may start with a TLS
 * hello, the first segments above the announced MSS, retransmissions, and segments after a gap.
 * tshark reads evidence byte for byte as it is in the file. With or without the sieve, tshark does
 * not look into the data of a connection, but for how a segment starts (see {@code Tshark});
 * otherwise any segment could contain a packet, or tell what the next one is.
 *
 * <p>Where tshark and the sieve have both read an evidence frame, their values are compared. If
 * they differ, if tshark reports more or fewer frames than it was given, or if the file deviates
 * from its format, {@link org.mssbridge.sieve.NotSiftedException} ends the sifting, and tshark must
 * read the whole capture. So the sieve can cost time, but it cannot change a report.
 *
 * <p>{@link org.mssbridge.sieve.Sieve} is the entry point. {@code CaptureSift} iterates over the
 * records, which package {@code capturefile} reads; {@code FrameSorter} decides, with {@code
 * LinkLayer}, {@code TcpHeaders} and {@code Conversation}; the {@code Ledger} passes rows to {@code
 * FrameMerge} on the other thread, which merges both kinds of frames in the order of the capture.
 */
package org.mssbridge.sieve;
