package org.mssbridge.split;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.mssbridge.model.EncryptedTunnel;
import org.mssbridge.model.LongIndex;
import org.mssbridge.model.PlacedTunnel;
import org.mssbridge.model.TunnelKind;

/** Collects the encrypted packets that belong to no point, by tunnel and place. */
final class EncryptedTunnels {
  /** A hostile file can have any number of tunnels; those above this limit are not named. */
  private static final int MOST = 1024;

  private final LongIndex index = new LongIndex();
  private final List<PlacedTunnel> tunnels = new ArrayList<>();

  /**
   * Adds a packet if it is one of a tunnel.
   *
   * @param division names its place
   * @param frame its number in the file
   * @param nanos its time, nanoseconds since 1970
   */
  void add(PacketHeaders headers, Division division, int frame, long nanos) {
    headers.encrypted().ifPresent(kind -> add(kind, headers, division, frame, nanos));
  }

  private void add(
      TunnelKind kind, PacketHeaders headers, Division division, int frame, long nanos) {
    long place = Hash.of(headers.interfaceKey(), headers.encapsulation().key());
    long ends = headers.senderAddress() + headers.receiverAddress();
    long key = Hash.of(Hash.of(place, ends), kind.label().hashCode()) | 1;
    int number = index.get(key);
    if (number >= 0) {
      PlacedTunnel known = tunnels.get(number);
      tunnels.set(number, new PlacedTunnel(known.place(), known.tunnel().plus(nanos)));
    } else if (tunnels.size() < MOST) {
      index.put(key, tunnels.size());
      tunnels.add(
          new PlacedTunnel(
              division.place(headers),
              new EncryptedTunnel(
                  kind, headers.senderText(), headers.receiverText(), 1, frame, nanos, nanos)));
    }
  }

  /** Those with most packets first. */
  List<PlacedTunnel> all() {
    return tunnels.stream()
        .sorted(
            Comparator.comparingInt((PlacedTunnel placed) -> -placed.tunnel().packets())
                .thenComparingInt(placed -> placed.tunnel().firstFrame()))
        .toList();
  }
}
