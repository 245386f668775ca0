/**
 * Finds tshark, runs it, and streams its output for a capture as frames.
 *
 * <p>tshark prints a line of JSON for each frame ({@code -T ek}). {@code Child} runs the process,
 * {@code EkReader} parses its output as it arrives, and {@code Observation} is the frame that a
 * sink receives: the same object is reused for the next line, so a sink copies what it needs.
 * {@code CaptureTools} runs capinfos, editcap and mergecap of the same installation; {@code Probe}
 * queries the features of this Wireshark and the folders it uses.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>tshark runs with its own empty configuration, so a user's preferences, profiles and plugins
 *       cannot change a report.
 *   <li>If tshark hangs, is killed, stops early or did not load the post-dissector, a {@link
 *       org.mssbridge.tshark.TsharkException} says in one line what to do. A capture that ends
 *       inside a packet is not an error: its whole packets are read, and the summary says that it
 *       is incomplete.
 *   <li>No process outlives this program.
 *   <li>Output is read in constant memory, whatever the size of the capture.
 * </ul>
 *
 * <p>{@link org.mssbridge.tshark.Tshark} is the entry point.
 */
package org.mssbridge.tshark;
