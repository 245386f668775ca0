/**
 * Reads the TCP segments of a capture as tshark would, and gives tshark the rest. tshark takes a
 * hundred times as long for a segment.
 *
 * <p>tshark remains the authority on what is in a packet. The sieve reads a segment only where all
 * versions of tshark are proven to say the same of it: TCP directly in IPv4 or IPv6 on a known link
 * layer, complete headers with consistent lengths, no fragment, options that are well-formed and of
 * kinds that all dissect alike ({@code OptionList}), and data whose start is neither TLS nor HTTP
 * or surely one of them ({@code Payload}). Everything else is tshark's, byte for byte as it is in
 * the file: tunnels, fragments, ICMP errors, malformed segments, MPTCP. With or without the sieve,
 * tshark does not look into the data of a connection, but for how a segment starts (see {@code
 * Tshark}); otherwise any segment could contain a packet, or tell what the next one is.
 *
 * <p>What a capture holds besides TCP, the sieve alone reads ({@code DatagramScan}), for the tables
 * of flows. tshark is given it too, for the tunnels, errors and fragments with TCP that it may be,
 * unless it is UDP in whose data tshark can find no packet ({@code EmbeddedPackets}).
 *
 * <p>What depends on earlier frames is worked out from all of them, whoever has read them: the
 * number of a connection, by the rule of this version of tshark ({@code StreamRule}), and which
 * data is the first of its direction ({@code StreamState}).
 *
 * <p>The proof is kept up while the sieve runs. The {@code Referee} shows tshark the first segments
 * of each kind, some conversations from their start, and a fixed sample of all others; what both
 * say is compared. The captures of a run can share what was compared ({@link
 * org.mssbridge.sieve.Refereeing}), and one of which tshark need not be given anything needs no
 * tshark. If they differ, if tshark reports more or fewer frames than it was given, or if the file
 * deviates from its format, {@link org.mssbridge.sieve.NotSiftedException} ends the sifting, and
 * tshark must read the whole capture. So the sieve can cost time, but it cannot change a report.
 *
 * <p>{@link org.mssbridge.sieve.Sieve} is the entry point. {@code CaptureSift} iterates over the
 * records, which package {@code capturefile} reads; {@code FrameSorter} decides, with {@code
 * LinkLayer}, {@code TcpHeaders}, {@code OptionList} and {@code Payload}; the {@code Ledger} passes
 * rows to {@code FrameMerge} on the other thread, which merges both kinds of frames in the order of
 * the capture.
 */
package org.mssbridge.sieve;
