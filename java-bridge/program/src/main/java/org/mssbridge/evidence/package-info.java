/**
 * What rules ask of a comparison, each question answered in one place.
 *
 * <p>{@link org.mssbridge.evidence.Evidence} is the door. It answers what is between two points
 * ({@link org.mssbridge.evidence.Middlebox}), which connections pass a leg and in which direction
 * ({@link org.mssbridge.evidence.Passage}), which ICMP messages quote a connection ({@link
 * org.mssbridge.evidence.TooBigMessage}) and in whose numbers SACK blocks are ({@link
 * org.mssbridge.evidence.SackSpace}). The other public types answer about a single pair: {@link
 * org.mssbridge.evidence.Handshakes}, {@link org.mssbridge.evidence.SegmentSizes}, {@link
 * org.mssbridge.evidence.SizeLimit} and so on.
 *
 * <p>An answer that needs all connections is computed once, when the evidence is made; all answers
 * are values that do not change, so rules may ask from several threads. Evidence is not a verdict:
 * it has no severity and writes no sentence but the grounds for and against a middlebox.
 */
package org.mssbridge.evidence;
