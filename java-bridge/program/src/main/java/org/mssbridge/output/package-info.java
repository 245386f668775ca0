/**
 * Writes files so that an incomplete file is never visible.
 *
 * <p>A file appears whole, in one step, or not at all, even if the disk is full, the thread is
 * interrupted or the program is stopped; an existing file stays until then. Inputs of the program
 * are never written to, even if an output is another name or a link for one of them. Every failure
 * is an {@link org.mssbridge.output.OutputException}, whose message is one line for the user: the
 * file, what is wrong with it, what to do.
 *
 * <p>{@link org.mssbridge.output.WholeFile} is the entry point: one output. {@link
 * org.mssbridge.output.OutputPlaces} keeps all files of a run apart before the work, and {@link
 * org.mssbridge.output.Outputs} writes the others if one fails. {@link
 * org.mssbridge.output.ScratchFolder} holds intermediate files on the same disk.
 */
package org.mssbridge.output;
