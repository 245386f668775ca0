package org.mssbridge.pairing;

import org.mssbridge.flow.Connection;
import org.mssbridge.model.CapturePoint;

/**
 * A sighting that matches several connections at a neighbouring point, none of them clearly.
 *
 * @param point where it was seen
 * @param other the point where its counterpart is not clear
 * @param connection the sighting
 */
public record AmbiguousConnection(CapturePoint point, CapturePoint other, Connection connection) {}
