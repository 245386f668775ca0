package org.mssbridge.finding;

/**
 * Another kind of finding that explains one.
 *
 * @param by the kind that explains it
 * @param how what connects the two, in words
 */
public record Explanation(Kind by, String how) {}
