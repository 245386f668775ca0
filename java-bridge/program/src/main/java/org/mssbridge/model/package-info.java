/**
 * The words that all packages share: capture points and directions, endpoints and frames, what TCP
 * and IP headers say, severities and groups of findings.
 *
 * <p>Values do not change and know nothing of captures, rules or reports; only a {@link
 * org.mssbridge.model.Frame} may be filled again by the reader that made it. Numbers are those of
 * the wire, raw, and -1 or an empty optional where they are unknown; units and ranges are in the
 * names or beside them, with the RFC. What belongs to a capture point is keyed by the point, in a
 * {@link org.mssbridge.model.PerPoint}, and never by its position. Text that comes from a capture,
 * a file name or another program goes through {@link org.mssbridge.model.Printable} before it is
 * shown.
 *
 * <p>There is no single door. {@link org.mssbridge.model.Frame} is what readers hand on, {@link
 * org.mssbridge.model.CapturePoint} and {@link org.mssbridge.model.Direction} are what nearly
 * everything else is said about.
 */
package org.mssbridge.model;
