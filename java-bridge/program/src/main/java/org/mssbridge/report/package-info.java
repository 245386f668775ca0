/**
 * The output formats: text, JSON, ek lines, an HTML page, and comments on packets.
 *
 * <p>Every sink writes a {@link org.mssbridge.report.Report}; it holds values only, so it can be
 * written several times and in any order. {@link org.mssbridge.report.Sinks} lists the sinks; their
 * files appear whole or not at all, and never over an input. {@code JsonReport} writes schema
 * {@code mssbridge-report/1}, which only grows: keys are added, never renamed.
 *
 * <p>Sinks know findings by type only, see {@link org.mssbridge.finding}. Text from captures and
 * file names is escaped where it is written, once: for a terminal, in JSON, in a comment. The page
 * holds its data as JSON only, which no browser takes for markup.
 */
package org.mssbridge.report;
