/**
 * Writes files so that nobody ever sees half of one.
 *
 * <p>A file appears at its place whole, in one step, or not at all, also where the disk is full,
 * the thread is interrupted or the program is told to end; an older file there stays until then.
 * Inputs of the program are never written to, by whatever name or link an output reaches them. What
 * goes wrong becomes an {@link org.mssbridge.output.OutputException}, whose message is one line for
 * the user: the file, what is wrong with it, what to do.
 *
 * <p>{@link org.mssbridge.output.WholeFile} is the door: one output. {@link
 * org.mssbridge.output.ScratchFolder} holds what is needed on the way to one, on the same disk.
 * {@link org.mssbridge.output.FileTrouble} puts exceptions of {@code java.nio} into words.
 */
package org.mssbridge.output;
