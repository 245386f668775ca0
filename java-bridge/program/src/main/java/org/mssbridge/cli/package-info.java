/**
 * The command line: options, wiring, messages and exit statuses. It makes no decision about
 * packets.
 *
 * <p>Each command has its own class. {@code ReportCommand} is the base of {@code compare} and
 * {@code inspect}; {@code ReadingOptions} are the options of all commands that read captures;
 * {@code SinkOptions} adds an option for each sink, so that a new sink needs no change here. {@code
 * Complaints} turns each failure into one line on standard error; {@code Launcher} is the shell
 * script that started the program.
 *
 * <p>Promises:
 *
 * <ul>
 *   <li>The report goes to standard output; progress and error messages go to standard error.
 *   <li>A failure is one line that names the file and what to do. A stack trace is shown only if
 *       {@code MSSBRIDGE_DEBUG} is 1.
 *   <li>Errors that can be known early are reported before the first capture is read: a wrong
 *       option, or an output that cannot be written or would replace an input.
 *   <li>{@link org.mssbridge.cli.Main} documents the exit statuses.
 * </ul>
 *
 * <p>{@link org.mssbridge.cli.Main} is the entry point; streams and environment are its arguments.
 */
package org.mssbridge.cli;
