/**
 * What rules find, as values: the vocabulary shared by rules and sinks.
 *
 * <p>A {@link org.mssbridge.finding.Finding} has a {@link org.mssbridge.finding.Kind} from the
 * catalogue, one line for readers, facts with units, ranked causes and a next step. Equal findings
 * are one finding with several {@link org.mssbridge.finding.Occurrence occurrences}; each has a
 * connection, frames from every point, and what differs between occurrences. {@link
 * org.mssbridge.finding.Findings} collects them.
 *
 * <p>Everything a sink or the case file needs is typed: the {@link org.mssbridge.finding.Leg} of
 * the path, the {@link org.mssbridge.finding.Change}, the {@link
 * org.mssbridge.finding.MiddleboxVerdict}. No sink, no SQL and no summary compares a code, and none
 * looks up a fact by its name: facts are for readers and are written unchanged. A finding does not
 * know how it was found: it has the names and numbers of connections and captures, not the objects.
 *
 * <p>Start with {@link org.mssbridge.finding.Finding}.
 */
package org.mssbridge.finding;
