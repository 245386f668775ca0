/**
 * The terms that all packages share: capture points and directions, endpoints and frames, fields of
 * TCP and IP headers, severities and groups of findings.
 *
 * <p>Values are immutable and do not depend on captures, rules or reports; only a {@link
 * org.mssbridge.model.Frame} may be reused by the reader that made it, and {@link
 * org.mssbridge.model.LongIndex}, a table for readers and pairing alike, grows. Numbers are raw, as
 * on the wire, and -1 or an empty optional where unknown; units and ranges are in the names or in
 * the javadoc, with the RFC. Values per capture point are keyed by the point, in a {@link
 * org.mssbridge.model.PerPoint}, and never by its position. Text that comes from a capture, a file
 * name or another program goes through {@link org.mssbridge.model.Printable} before it is shown.
 *
 * <p>There is no single door. Readers pass on a {@link org.mssbridge.model.Frame}; nearly
 * everything else refers to a {@link org.mssbridge.model.CapturePoint} and a {@link
 * org.mssbridge.model.Direction}.
 */
package org.mssbridge.model;
