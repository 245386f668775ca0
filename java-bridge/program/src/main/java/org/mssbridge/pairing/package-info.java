/**
 * Finds which connection of one capture is which connection of another, through devices that
 * rewrite packets.
 *
 * <p>A connection is recognised by its features and by time: addresses, ISNs, timestamps, the TLS
 * random, digests, sums and sizes of the payload, and the times of its events. Evidence is counted
 * in bits. A value that few connections share is strong evidence, a value that many share or that a
 * scanner writes ({@code ToolMarks}) is weak, and contradictions count against a pair. What the
 * agreement rests on is its {@code Proof}. The sure pairs show how the clocks differ, which
 * features the devices keep, and what they do to addresses and TTLs ({@code Habits}); with that,
 * the others are scored again, and those that prove nothing themselves have to be like the sure
 * ones.
 *
 * <p>A pair must be the best of both its members by a margin; otherwise both stay unpaired, and the
 * result reports them as ambiguous. Nothing is guessed. The result does not depend on the order of
 * the two captures or on their clocks. The work grows with the number of connections, not with its
 * square: candidates come from sorted keys, in arrays of primitives. There is no direction here, so
 * the two captures and their values are {@code first} and {@code second}.
 *
 * <p>{@link org.mssbridge.pairing.ConnectionMatcher} is the door, and {@link
 * org.mssbridge.pairing.PathOrder} finds from the result which capture is nearer the client of each
 * connection. {@code Fingerprints} holds the features of a capture's connections, {@code
 * FeatureIndex} and {@code CandidatePairs} find the pairs worth comparing, {@code PairScorer}
 * scores them, with {@code FeatureTally} and {@code TimeScorer}, and {@code PairChoice} chooses.
 * {@code CommonTime} and {@code OffsetSearch} make the times of both captures comparable.
 */
package org.mssbridge.pairing;
