/**
 * From capture files to a report: reads the captures of a path side by side, pairs and aligns their
 * connections, and asks the rules.
 *
 * <p>A capture goes through four values, each made from the one before. {@code CaptureSource} is
 * what a user named; {@code RotatedFiles} makes an {@code Input} of it, which is one file for
 * tshark, and joins rotated files for that; {@code CaptureReader} makes a {@code ReadCapture} of
 * each input, with the digests of its files, the command line of tshark and who read it; {@code
 * Report} holds these, and what was found.
 *
 * <p>Promises:
 *
 * <ul>
 *   <li>A report is about one state of each file: a file that changes between the moment when it
 *       was found and the end of the reading is an error.
 *   <li>{@code Frames} chooses who reads the frames, never what is said of them. Where the sieve
 *       gives up, tshark reads the whole capture, and the report names the reason.
 *   <li>If one capture fails, the others are ended, and only the first failure is reported.
 *   <li>User files are only read. A joined capture is written to the folder that the caller names.
 * </ul>
 *
 * <p>{@link org.mssbridge.pipeline.Pipeline} is the door.
 */
package org.mssbridge.pipeline;

import org.mssbridge.model.CaptureSource;
import org.mssbridge.model.Input;
import org.mssbridge.report.ReadCapture;
import org.mssbridge.report.Report;
