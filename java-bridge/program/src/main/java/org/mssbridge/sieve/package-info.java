/**
 * Gives tshark those frames of a capture that carry evidence, and reads the plain TCP segments
 * between them itself, which are most of a bulk transfer and cost tshark a hundred times as much.
 *
 * <p>tshark stays the authority on what is in a packet. A segment is plain only where its headers
 * leave tshark nothing to say: TCP directly in IPv4 or IPv6 on a known link layer, whole headers
 * whose lengths agree, no fragment, no option but timestamps, no flags but ACK, PSH and FIN, the
 * next bytes of a conversation whose handshake and first data tshark was given. All else is
 * evidence: what is not TCP, SYN, RST, SACK, what may start TLS or HTTP, the first segments above
 * the announced MSS, retransmissions and what follows a hole. tshark reads evidence byte for byte
 * as it stands in the file. It looks for no packets in the data of a connection (see {@code
 * Tshark}), with or without the sieve; else each segment could hold one.
 *
 * <p>Whatever tshark says of evidence that the sieve has read too is compared. Where they differ,
 * where tshark tells of more or fewer frames than it was given, or where the file is not built as
 * its format has it, {@link org.mssbridge.sieve.NotSiftedException} ends the sifting, and tshark is
 * to read the whole capture. So the sieve can cost time, but not change a report.
 *
 * <p>{@link org.mssbridge.sieve.Sieve} is the door. {@code CaptureSift} walks the records, which
 * package {@code capturefile} reads; {@code FrameSorter} decides, with {@code LinkLayer}, {@code
 * TcpHeaders} and {@code Conversation}; the {@code Ledger} hands rows to {@code FrameMerge} on the
 * other thread, which puts both kinds of frames into one, in the order of the capture.
 */
package org.mssbridge.sieve;

import org.mssbridge.tshark.Tshark;


