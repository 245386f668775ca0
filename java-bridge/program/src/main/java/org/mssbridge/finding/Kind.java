package org.mssbridge.finding;

import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/**
 * What the catalogue says of a kind of finding.
 *
 * @param code its name, such as {@code mss.clamped}
 * @param severity how much it matters, unless a finding says otherwise of itself
 * @param group what it is about
 * @param meaning what it says, in a few words
 */
public record Kind(String code, Severity severity, Group group, String meaning) {}
