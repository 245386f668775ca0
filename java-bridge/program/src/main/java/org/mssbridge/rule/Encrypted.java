package org.mssbridge.rule;

import java.util.List;
import java.util.Optional;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.EncryptedTunnel;
import org.mssbridge.model.TunnelKind;

/**
 * The encrypted tunnels in a capture, in which connections may be that it does not show.
 *
 * @param point where it was taken
 * @param kind that of the tunnel with most packets
 * @param between the ends of that one
 * @param packets the packets of all tunnels
 * @param tunnels their number
 * @param connections TCP connections that the capture shows outside
 * @param firstFrame the first packet of that tunnel
 */
record Encrypted(
    CapturePoint point,
    TunnelKind kind,
    String between,
    long packets,
    int tunnels,
    int connections,
    int firstFrame) {
  /** Fewer packets are a keep-alive or chance. */
  static final int MIN_PACKETS = 3;

  static Optional<Encrypted> of(PointCapture capture) {
    List<EncryptedTunnel> tunnels = capture.encrypted();
    if (tunnels.isEmpty() || tunnels.get(0).packets() < MIN_PACKETS) {
      return Optional.empty();
    }
    EncryptedTunnel most = tunnels.get(0);
    return Optional.of(
        new Encrypted(
            capture.point(),
            most.kind(),
            most.one() + " and " + most.other(),
            tunnels.stream().mapToLong(EncryptedTunnel::packets).sum(),
            tunnels.size(),
            capture.connections().size(),
            most.firstFrame()));
  }

  /** Such as {@code server holds only ESP (200 packets between 203.0.113.1 and 203.0.113.2)}. */
  String words() {
    return String.format(
        "%s holds %s%s (%s%s%s)",
        point,
        connections == 0
            ? "only "
            : "besides " + Words.count(connections, "connection") + " of its own ",
        kind.label(),
        Words.count(packets, "packet"),
        tunnels == 1 ? " between " : ", most between ",
        between);
  }
}
