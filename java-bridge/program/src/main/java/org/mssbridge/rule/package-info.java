/**
 * The rules, one per file with its kinds, its finding and its logic.
 *
 * <p>A {@link org.mssbridge.rule.Rule} has no state, uses {@link org.mssbridge.evidence.Evidence}
 * and no other rule, and reports findings or nothing. With {@link
 * org.mssbridge.finding.Findings#checked} it notes what the captures show to be absent. The text of
 * a code is here and in the catalogue ({@code java-bridge/docs/findings}), nowhere else.
 *
 * <p>Start with {@link org.mssbridge.rule.Rules}: it has the sorted list and runs all rules in
 * parallel, with findings in the order of the list. {@code CONTRIBUTING.md} describes how to add a
 * rule.
 */
package org.mssbridge.rule;
