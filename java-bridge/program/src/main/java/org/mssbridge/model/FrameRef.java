package org.mssbridge.model;

/**
 * A frame of a capture.
 *
 * @param point where it was captured
 * @param frame its number, from 1
 */
public record FrameRef(CapturePoint point, int frame) {}
