package org.mssbridge.finding;

import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/**
 * A kind of finding, as the catalogue lists it.
 *
 * @param code its name, such as {@code mss.clamped}
 * @param severity how much it matters, unless a finding overrides it
 * @param group what it is about
 * @param meaning its meaning in a few words
 */
public record Kind(String code, Severity severity, Group group, String meaning) {}
