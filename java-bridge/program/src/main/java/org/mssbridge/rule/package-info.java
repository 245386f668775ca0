/**
 * The rules: a file for each, with its kinds, its finding and its logic.
 *
 * <p>A {@link org.mssbridge.rule.Rule} has no state, asks {@link org.mssbridge.evidence.Evidence}
 * and no other rule, and reports findings or nothing. What it looked for in vain it says with
 * {@link org.mssbridge.finding.Findings#checked}, as far as the captures can show it. The text of a
 * code stands here and in the catalogue ({@code java-bridge/docs/findings}), nowhere else.
 *
 * <p>{@link org.mssbridge.rule.Rules} is the door: the sorted list, and the run over all of them,
 * side by side, with findings in the order of the list. {@code CONTRIBUTING.md} says how to add
 * one.
 */
package org.mssbridge.rule;
