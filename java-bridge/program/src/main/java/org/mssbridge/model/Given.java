package org.mssbridge.model;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What the user knows and the captures need not show.
 *
 * @param offsetNanos by the name of a capture point: what to add to a time of the first capture to
 *     get this point's time, in ns
 * @param addresses addresses and ports that are others at the next point
 * @param tuples connections that are others at the next point
 */
public record Given(
    Map<String, Long> offsetNanos, List<Renamed> addresses, List<RenamedTuple> tuples) {
  /** Nothing is known. */
  public static final Given NOTHING = new Given(Map.of(), List.of(), List.of());

  public Given {
    offsetNanos = Map.copyOf(offsetNanos);
    addresses = List.copyOf(addresses);
    tuples = List.copyOf(tuples);
  }

  /**
   * An address, or an address and a port.
   *
   * @param address as tshark prints it
   * @param port empty for all ports
   */
  public record End(String address, OptionalInt port) {
    boolean is(Endpoint endpoint) {
      return endpoint.address().equals(address)
          && (port.isEmpty() || port.getAsInt() == endpoint.port());
    }

    @Override
    public String toString() {
      return port.isEmpty() ? address : new Endpoint(address, port.getAsInt()).toString();
    }
  }

  /** An end that is another at the next point; in which direction along the path is left open. */
  public record Renamed(End here, End there) {
    @Override
    public String toString() {
      return here + "=" + there;
    }
  }

  /** The ends of a connection. */
  public record Tuple(Endpoint client, Endpoint server) {
    /** The same seen from the other end. */
    public Tuple reversed() {
      return new Tuple(/* client= */ server, /* server= */ client);
    }

    @Override
    public String toString() {
      return client + "-" + server;
    }
  }

  /** A connection whose ends are others at the next point. */
  public record RenamedTuple(Tuple here, Tuple there) {
    @Override
    public String toString() {
      return here + "=" + there;
    }
  }

  /** Whether nothing is given about connections. */
  public boolean namesNoConnection() {
    return addresses.isEmpty() && tuples.isEmpty();
  }

  /**
   * The ends of a connection at the neighbouring point.
   *
   * @param isForth whether that is the point of the right sides
   * @return the same where nothing is given about it
   */
  public Tuple renamed(Tuple tuple, boolean isForth) {
    for (RenamedTuple given : tuples) {
      Tuple from = isForth ? given.here : given.there;
      Tuple to = isForth ? given.there : given.here;
      if (from.equals(tuple)) {
        return to;
      }
      if (from.equals(tuple.reversed())) {
        return to.reversed();
      }
    }
    return new Tuple(renamed(tuple.client, isForth), renamed(tuple.server, isForth));
  }

  private Endpoint renamed(Endpoint endpoint, boolean isForth) {
    for (Renamed given : addresses) {
      End from = isForth ? given.here : given.there;
      End to = isForth ? given.there : given.here;
      if (from.is(endpoint)) {
        return new Endpoint(to.address, to.port.orElse(endpoint.port()));
      }
    }
    return endpoint;
  }
}
