/**
 * Findings for readers: text, JSON, ek lines, a page, and comments on packets.
 *
 * <p>{@link org.mssbridge.report.Report} is what every sink draws on; it holds values only, so a
 * report can be written several times and in any order. {@link org.mssbridge.report.ReportFiles} is
 * the door for files: they appear whole or not at all, and never over an input. {@code JsonReport}
 * writes schema {@code mssbridge-report/1}, which only grows: keys are added, never renamed.
 *
 * <p>Sinks know findings by type only, see {@link org.mssbridge.finding}. Text from captures and
 * file names is escaped where it is written, once: for a terminal, in JSON, in a comment. The page
 * holds data as JSON only, which no browser takes for markup.
 */
package org.mssbridge.report;
