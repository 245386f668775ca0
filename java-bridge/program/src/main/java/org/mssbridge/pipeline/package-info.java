/**
 * From capture files to a report: reads the captures of a path in parallel, pairs and aligns their
 * connections, and runs the rules.
 *
 * <p>A capture passes through four values, each made from the one before. {@code CaptureSource} is
 * what the user named; {@code RotatedFiles} makes an {@code Input} from it, one file for tshark,
 * and joins rotated files if needed; {@code SplitInputs} makes several of one that holds several
 * points; {@code CaptureReader} makes a {@code ReadCapture} from each input, with the digests of
 * its files, the command line of tshark, and whether the sieve was used; {@code Report} holds these
 * and the findings.
 *
 * <p>Promises:
 *
 * <ul>
 *   <li>A report is about one state of each file: it is an error if a file changes after its state
 *       was taken and before it is read to the end.
 *   <li>{@code Frames} chooses who reads the frames; this never changes the result. If the sieve
 *       gives up, tshark reads the whole capture, and the report names the reason.
 *   <li>If one capture fails, the others are stopped, and only the first failure is reported.
 *   <li>User files are only read. A joined capture is written to the folder that the caller names.
 * </ul>
 *
 * <p>{@link org.mssbridge.pipeline.Pipeline} is the entry point.
 */
package org.mssbridge.pipeline;
