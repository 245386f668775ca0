/**
 * Known MSS and MTU values and their possible causes.
 *
 * <p>{@link org.mssbridge.knowledge.Knowledge} is {@code lua/knowledge.tsv}, the table that the
 * post-dissector also reads; a wrong row is rejected with its line number. {@link
 * org.mssbridge.knowledge.TunnelArithmetic} adds up links and encapsulations, {@link
 * org.mssbridge.knowledge.Causes} ranks rows and sums for a rule, and {@link
 * org.mssbridge.knowledge.Explanation} does the same for {@code mssbridge explain}.
 *
 * <p>No number has a single cause: all that fit are ranked, each with its source and the evidence
 * for and against it. A sum that matches a number by chance is not a cause.
 */
package org.mssbridge.knowledge;
