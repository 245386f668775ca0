/**
 * The command line: options, the wiring of what they ask for, messages and exit statuses. It
 * decides nothing about packets.
 *
 * <p>Each command is a class of its own. {@code ReportCommand} is what {@code compare} and {@code
 * inspect} share; {@code ReadingOptions} are the options of all commands that read captures; {@code
 * SinkOptions} makes an option of each sink, so that a new sink needs no line here. {@code
 * Complaints} turns each failure into one line on standard error.
 *
 * <p>Promises:
 *
 * <ul>
 *   <li>The report goes to standard output; progress and complaints go to standard error.
 *   <li>A failure is one line that names the file and the way out. A stack trace is shown only
 *       where {@code MSSBRIDGE_DEBUG} is 1.
 *   <li>What cannot work is refused before the first capture is read: a wrong option, an output
 *       that cannot be written or that would replace an input.
 *   <li>The exit status has the meaning that {@link org.mssbridge.cli.Main} documents.
 * </ul>
 *
 * <p>{@link org.mssbridge.cli.Main} is the door; streams and environment are its arguments.
 */
package org.mssbridge.cli;
