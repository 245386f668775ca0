/**
 * Answers to the questions that rules ask about a comparison, each in one place.
 *
 * <p>Start with {@link org.mssbridge.evidence.Evidence}. It answers what is between two points
 * ({@link org.mssbridge.evidence.Middlebox}), which connections pass a leg and in which direction
 * ({@link org.mssbridge.evidence.Passage}), which ICMP messages quote a connection ({@link
 * org.mssbridge.evidence.TooBigMessage}) and which sequence number space SACK blocks use ({@link
 * org.mssbridge.evidence.SackSpace}). The other public types answer about a single pair: {@link
 * org.mssbridge.evidence.Handshakes}, {@link org.mssbridge.evidence.SegmentSizes}, {@link
 * org.mssbridge.evidence.SizeLimit} and so on.
 *
 * <p>An answer that needs all connections is computed once, when the evidence is created; only
 * {@link org.mssbridge.evidence.OverTime}, which no rule asks for, when a report does. All answers
 * are immutable, so rules may run in several threads. Evidence is not a verdict: it has no
 * severity, and its only texts are the grounds for and against a middlebox.
 */
package org.mssbridge.evidence;
