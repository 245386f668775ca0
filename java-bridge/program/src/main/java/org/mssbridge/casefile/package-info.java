/**
 * The case, one SQLite database that holds many comparisons: writing it, summing it up and
 * exporting it.
 *
 * <p>A pair is recorded in one transaction: after a crash or a full disk it is there completely or
 * not at all. It replaces what an earlier run recorded. No row is dropped silently: the database
 * refuses a duplicate key and an unknown column; then the pair is not recorded, and the error
 * message names the case. Rows depend only on the captures and the program; what differs from run
 * to run is in {@code run} and {@code attempt}. Other programs may read while a batch writes; all
 * that one reader sees comes from one state of the case.
 *
 * <p>Nothing here knows a rule. For a {@link org.mssbridge.finding.Finding} the case holds the leg,
 * the direction, the change with its subject, and the unmodified facts. So a new rule gets its
 * boundary, its share of connections and its trend without a change in this package. Only the
 * scripts that migrate older cases name codes and facts, because older versions had no columns for
 * them.
 *
 * <p>The tables are in {@code schema.sql}, the views in {@code views.sql}, and {@code
 * java-bridge/docs/case-file.md} explains both. {@code Schema} creates and migrates them: a change
 * of a table raises its version and adds a script {@code migrate-N-to-M.sql}, whose statements are
 * never changed afterwards. The tests keep old cases.
 *
 * <p>{@link org.mssbridge.casefile.CaseFile} is the entry point, for writing and for reading.
 * {@link org.mssbridge.casefile.CaseWriter} records pairs with {@code PairRows} and {@code
 * CaptureRows}; {@link org.mssbridge.casefile.Recorded} knows which pairs need not be compared
 * again, and {@link org.mssbridge.casefile.Expectations} marks known and accepted findings. {@link
 * org.mssbridge.casefile.CaseSummary} is read by {@code SummaryQuery} and {@code ChangeQuery} from
 * the temporary tables of {@code summary.sql}, and shown by {@link org.mssbridge.casefile.CaseText}
 * and {@link org.mssbridge.casefile.CasePage}. {@code FindingRows} passes the findings one after
 * another to the exports: CSV, NDJSON and ek. {@link org.mssbridge.casefile.CaseTable} says which
 * tables, columns and types there are, as {@code schema.sql} has them; {@link
 * org.mssbridge.casefile.CaseParquet} writes them all. {@link org.mssbridge.casefile.Verification}
 * compares the captures with their recorded digests.
 */
package org.mssbridge.casefile;
