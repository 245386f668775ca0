package org.mssbridge.pairing;

import org.mssbridge.flow.Connection;
import org.mssbridge.model.CapturePoint;

/**
 * A sighting that may belong to several connections at a neighbouring point, none of them clearly.
 *
 * @param point where it was seen
 * @param other the point at which its other half could not be told
 * @param connection what was seen
 */
public record AmbiguousConnection(CapturePoint point, CapturePoint other, Connection connection) {}
