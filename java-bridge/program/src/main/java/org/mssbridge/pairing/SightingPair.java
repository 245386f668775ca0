package org.mssbridge.pairing;

import java.util.List;

/**
 * Two sightings of the same connection, by their numbers in the fingerprints of two captures.
 *
 * @param first its number in the first capture
 * @param second its number in the second capture
 * @param swapsFirst whether the client of the first sighting is the connection's server
 * @param swapsSecond whether that of the second is
 * @param matchedBy the evidence, strongest first
 * @param proof what the pair rests on
 * @param keepsNumbers whether random numbers of the headers agree: the packets themselves passed
 *     both points, and no proxy or repetition made them again
 * @param confidence the confidence, 0 to 1
 */
record SightingPair(
    int first,
    int second,
    boolean swapsFirst,
    boolean swapsSecond,
    List<String> matchedBy,
    Proof proof,
    boolean keepsNumbers,
    double confidence) {}
