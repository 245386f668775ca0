/**
 * What a rule says, as values: the vocabulary between rules and sinks.
 *
 * <p>A {@link org.mssbridge.finding.Finding} has a {@link org.mssbridge.finding.Kind} from the
 * catalogue, one line for people, facts with units, ranked causes and a next step. Two findings
 * that are equal are one, with several {@link org.mssbridge.finding.Occurrence occurrences}:
 * connection, frames at every point, and what differs from place to place. {@link
 * org.mssbridge.finding.Findings} collects them.
 *
 * <p>What a sink or the case file may ask is typed: the {@link org.mssbridge.finding.Leg} of the
 * path, the {@link org.mssbridge.finding.Change}, the {@link
 * org.mssbridge.finding.MiddleboxVerdict}. No sink, no SQL and no summary compares a code, and none
 * looks up a fact by its name: facts are for readers, and are written out as they are. A finding
 * does not know how it was found, so it knows neither connections nor captures, only their names
 * and numbers.
 *
 * <p>{@link org.mssbridge.finding.Finding} is the door.
 */
package org.mssbridge.finding;
