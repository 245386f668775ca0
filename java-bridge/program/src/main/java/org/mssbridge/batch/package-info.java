/**
 * Compares many pairs of captures in parallel, and records each in a case file as soon as it is
 * done.
 *
 * <p>A list of pairs comes from a {@code Manifest} or from {@code FolderPairs}, which pairs up
 * files by name and then by time. {@code Batch} skips the pairs that the case already holds, passes
 * each of the others as a {@code Job} to the pipeline, and hands the report to the case and to the
 * sinks of {@code PairOutputs}. A {@code Policy} lists known and accepted findings.
 *
 * <p>Promises:
 *
 * <ul>
 *   <li>A batch that was interrupted or killed resumes: run it again, and it repeats no pair whose
 *       files and options are the same.
 *   <li>A pair that cannot be compared is recorded with its reason, and the batch continues. It
 *       continues also if an output cannot be written, and reports that at the end. Only a case
 *       that cannot be written ends it.
 *   <li>Missing files do not replace an earlier comparison in the case by a failure.
 *   <li>One batch at a time works on a case.
 * </ul>
 *
 * <p>{@link org.mssbridge.batch.Batch} is the entry point.
 */
package org.mssbridge.batch;
