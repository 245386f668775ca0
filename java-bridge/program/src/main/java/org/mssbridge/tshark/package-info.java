/**
 * Finds tshark, runs it, and streams what it prints of a capture as frames.
 *
 * <p>tshark prints a line of JSON for each frame ({@code -T ek}). {@code Child} runs the process,
 * {@code EkReader} parses its output as it comes, and {@code Observation} is the one frame that is
 * handed on: it is filled again for the next line, so a sink copies what it needs. {@code
 * CaptureTools} runs capinfos, editcap and mergecap of the same installation; {@code Probe} asks
 * what this Wireshark has and where it looks for files.
 *
 * <p>Promises:
 *
 * <ul>
 *   <li>tshark is run with a configuration of our own: a user's preferences, profiles and plugins
 *       change no report.
 *   <li>A tshark that hangs, is killed, breaks off or did not load the post-dissector is a {@link
 *       org.mssbridge.tshark.TsharkException} with one line that says what to do. A capture that
 *       ends inside a packet is no error: its whole packets are read, and the summary says so.
 *   <li>No process outlives this program.
 *   <li>Output is read in constant memory, whatever the size of the capture.
 * </ul>
 *
 * <p>{@link org.mssbridge.tshark.Tshark} is the door.
 */
package org.mssbridge.tshark;
