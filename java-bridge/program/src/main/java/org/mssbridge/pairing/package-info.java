/**
 * Finds which connection of one capture is which of another, whatever the devices between rewrite.
 *
 * <p>A connection is recognised by what it carries and by when: addresses, ISNs, timestamps, the
 * TLS random, digests, sums and sizes of the payload, and the times of its events. Evidence is
 * counted in bits. What few connections share says much, what many share says little, and what a
 * pair contradicts itself in counts against it. The pairs that are clear tell how the clocks differ
 * and what the devices leave alone, and with that the rest is scored again.
 *
 * <p>A pair is the best of both its members by a margin; otherwise both stay unpaired, and the
 * result says that they are ambiguous. Nothing is guessed. The result does not depend on the order
 * of the two captures or on their clocks, and the work grows with the connections and not with
 * their square: candidates come from sorted keys, in arrays of primitives. Without a direction, the
 * two captures and all that belongs to them are {@code first} and {@code second}.
 *
 * <p>{@link org.mssbridge.pairing.ConnectionMatcher} is the door, and {@link
 * org.mssbridge.pairing.PathOrder} says from the result which capture is nearer the client. {@code
 * Fingerprints} holds what a capture's connections are recognised by, {@code FeatureIndex} and
 * {@code CandidatePairs} find what is worth comparing, {@code PairScorer} scores it, with {@code
 * FeatureTally} and {@code TimeScorer}, and {@code PairChoice} chooses. {@code CommonTime} and
 * {@code OffsetSearch} make times of both captures comparable.
 */
package org.mssbridge.pairing;
