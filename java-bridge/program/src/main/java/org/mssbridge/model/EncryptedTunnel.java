package org.mssbridge.model;

/**
 * The packets of a tunnel whose content cannot be read, in both directions.
 *
 * @param kind what they are
 * @param one address of one end, that of the sender of the first packet
 * @param other address of the other end
 * @param packets their number
 * @param firstFrame frame of the first one
 * @param firstNanos its time, nanoseconds since 1970
 * @param lastNanos time of the last one
 */
public record EncryptedTunnel(
    TunnelKind kind,
    String one,
    String other,
    int packets,
    int firstFrame,
    long firstNanos,
    long lastNanos) {
  /** The same with another packet. */
  public EncryptedTunnel plus(long nanos) {
    return new EncryptedTunnel(
        kind, one, other, packets + 1, firstFrame, firstNanos, Math.max(lastNanos, nanos));
  }
}
