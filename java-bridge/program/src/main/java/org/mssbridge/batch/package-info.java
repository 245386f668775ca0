/**
 * Compares many pairs of captures, several at once, and records each in a case file as soon as it
 * is done.
 *
 * <p>A list of pairs comes from a {@code Manifest} or from {@code FolderPairs}, which pairs up
 * files by name and then by time. {@code Batch} leaves out what the case already holds, gives each
 * of the others as a {@code Job} to the pipeline, and hands the report to the case and to the sinks
 * of {@code PairOutputs}. A {@code Policy} names findings that are known and accepted.
 *
 * <p>Promises:
 *
 * <ul>
 *   <li>A batch that was interrupted or killed resumes: run it again, and it repeats no pair whose
 *       files and options are the same.
 *   <li>A pair that cannot be compared is recorded with its reason, and the others go on. Only an
 *       output or a case that cannot be written ends the batch.
 *   <li>A comparison that the case holds is not replaced by a failure because the files are away.
 *   <li>One batch at a time works on a case.
 * </ul>
 *
 * <p>{@link org.mssbridge.batch.Batch} is the door.
 */
package org.mssbridge.batch;
