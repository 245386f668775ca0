/**
 * Known MSS and MTU values, and what they may come from.
 *
 * <p>{@link org.mssbridge.knowledge.Knowledge} is {@code lua/knowledge.tsv}, the table that the
 * post-dissector reads too; a row that is wrong is refused by its line. {@link
 * org.mssbridge.knowledge.TunnelArithmetic} adds up links and encapsulations, {@link
 * org.mssbridge.knowledge.Causes} ranks rows and sums for a rule, and {@link
 * org.mssbridge.knowledge.Explanation} does the same for {@code mssbridge explain}.
 *
 * <p>No number has one cause: all that fit are ranked, each with what speaks for and against it and
 * its source. A sum that hits a number by chance is no cause.
 */
package org.mssbridge.knowledge;
