package org.mssbridge.tshark;

/**
 * How the reading of a capture ended.
 *
 * @param complete false where the file ends inside a packet or is damaged: the packets before that
 *     place were read
 * @param complaint what tshark said about it, in one line; empty where it said nothing
 */
public record CaptureSummary(boolean complete, String complaint) {}
