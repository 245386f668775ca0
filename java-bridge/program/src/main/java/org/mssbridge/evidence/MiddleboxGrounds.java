package org.mssbridge.evidence;

import java.util.Map;
import org.mssbridge.finding.PathFunction;

/**
 * What a {@link Middlebox verdict} on one connection rests on.
 *
 * @param functions the functions of the verdict, each with the evidence for and against it
 * @param proxy the evidence for and against a proxy
 * @param difference how the sequence numbers differ, in words; of use where they do
 */
public record MiddleboxGrounds(
    Map<PathFunction, Grounds> functions, Grounds proxy, String difference) {}
