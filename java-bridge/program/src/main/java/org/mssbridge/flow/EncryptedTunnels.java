package org.mssbridge.flow;

import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.mssbridge.model.EncryptedTunnel;
import org.mssbridge.model.Frame;
import org.mssbridge.model.TunnelKind;

/** Collects the packets of encrypted tunnels in one capture, by the addresses of their ends. */
final class EncryptedTunnels {
  /** In an order, so that a file cannot choose how long a search takes. */
  private record Ends(TunnelKind kind, String one, String other) implements Comparable<Ends> {
    private static final Comparator<Ends> ORDER =
        Comparator.comparing(Ends::kind).thenComparing(Ends::one).thenComparing(Ends::other);

    static Ends of(TunnelKind kind, String source, String destination) {
      return source.compareTo(destination) < 0
          ? new Ends(kind, source, destination)
          : new Ends(kind, destination, source);
    }

    @Override
    public int compareTo(Ends that) {
      return ORDER.compare(this, that);
    }
  }

  private final TreeMap<Ends, EncryptedTunnel> tunnels = new TreeMap<>();

  void add(int number, long nanos, Frame frame, TunnelKind kind) {
    String source = frame.sourceAddress();
    String destination = frame.destinationAddress();
    tunnels.merge(
        Ends.of(kind, source, destination),
        new EncryptedTunnel(kind, source, destination, 1, number, nanos, nanos),
        (known, one) -> known.plus(nanos));
  }

  /** Those with most packets first. */
  List<EncryptedTunnel> finish() {
    return tunnels.values().stream()
        .sorted(
            Comparator.comparingInt(EncryptedTunnel::packets)
                .reversed()
                .thenComparingInt(EncryptedTunnel::firstFrame))
        .toList();
  }
}
