/**
 * The case: one SQLite database that holds many comparisons, what fills it, and what it reports.
 *
 * <p>A pair is recorded in one transaction: after a crash or a full disk it is there whole or not
 * at all, and what an earlier run recorded of it is replaced. No row is left out. The database
 * refuses a second row with the same key and a column that it does not know, and then the pair is
 * not recorded and the complaint names the case. Rows depend on the captures and the program alone;
 * what differs from run to run is in {@code run} and {@code attempt}. Others may read while a batch
 * writes, and all that one reader gets comes from one state of the case.
 *
 * <p>Nothing here knows a rule. Of a {@link org.mssbridge.finding.Finding} the case holds the leg,
 * the direction, the change with its subject, and the facts as they are; so a new rule has its
 * boundary, its share of connections and its trend without a line in this package. Only the scripts
 * that migrate older cases name codes and facts, since older versions did not hold these apart.
 *
 * <p>The tables are in {@code schema.sql}, the views in {@code views.sql}, and {@code
 * java-bridge/docs/case-file.md} explains both. {@code Schema} makes them and migrates: a change of
 * a table raises its version and adds a script {@code migrate-N-to-M.sql}, which is never changed
 * again. Old cases are kept among the tests.
 *
 * <p>{@link org.mssbridge.casefile.CaseFile} is the door, for writing or for reading. {@link
 * org.mssbridge.casefile.CaseWriter} records pairs by way of {@code PairRows} and {@code
 * CaptureRows}; {@link org.mssbridge.casefile.Recorded} says what need not be done again, and
 * {@link org.mssbridge.casefile.Expectations} marks what is known and accepted. {@link
 * org.mssbridge.casefile.CaseSummary} is drawn by {@code SummaryQuery} and {@code ChangeQuery} from
 * the temporary tables of {@code summary.sql}, and shown by {@link org.mssbridge.casefile.CaseText}
 * and {@link org.mssbridge.casefile.CasePage}. {@code FindingRows} gives the findings one after
 * another to the exports: CSV, NDJSON and ek. {@link org.mssbridge.casefile.Verification} holds the
 * captures against their recorded digests.
 */
package org.mssbridge.casefile;
