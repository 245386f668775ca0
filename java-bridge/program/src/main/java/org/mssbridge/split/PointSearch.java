package org.mssbridge.split;

import java.io.IOException;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.capturefile.CaptureRecords;

/**
 * Finds out whether a file holds the same packets at several places, and which places these are.
 */
final class PointSearch {
  /**
   * So many packets of one link, none of which is there at two places, and no more are looked at: a
   * mirror of several places shows them from its first packets on. A file of several interfaces or
   * tags, or of all interfaces of a host, may hold other traffic for long.
   */
  static final int PATIENCE_PACKETS = 8_192;

  /** So many repeats tell everything. */
  private static final int ENOUGH_REPEATS = 50_000;

  private static final int ASK_EVERY = 1024;

  /** A way that tells fewer sightings apart than this part of the best one misses points. */
  private static final double NEAR_BEST = 0.5;

  /**
   * A mirror of both sides of a router holds each packet twice; if fewer than this part of the
   * packets of a direction repeat one with another TTL, something else made them.
   */
  private static final double LEAST_ROUTED = 0.3;

  private final Sightings sightings = new Sightings();
  private final Homes homes = new Homes();
  private final PacketHeaders headers = new PacketHeaders();

  /**
   * Looks at a capture until enough is known.
   *
   * @return empty if it is one point
   * @throws IOException if it cannot be read
   */
  static Optional<Division> of(CaptureRecords records, Splitting wanted) throws IOException {
    if (wanted == Splitting.NONE) {
      return Optional.empty();
    }
    PointSearch search = new PointSearch();
    search.read(records);
    return search.division(wanted);
  }

  private void read(CaptureRecords records) throws IOException {
    int packets = 0;
    while (records.next() && (++packets % ASK_EVERY != 0 || !isEnough(packets))) {
      if (!records.isPacket() || records.timeNanos() == CaptureRecords.NO_TIME) {
        continue;
      }
      if (headers.read(records)) {
        sightings.add(headers, records.interfaceNumber(), records.timeNanos());
        homes.add(headers);
      }
    }
  }

  private boolean isEnough(int packets) {
    boolean isOnePlace =
        !sightings.isAtSeveralPlaces()
            && sightings.labels(Mode.INTERFACE).size() <= 1
            && sightings.labels(Mode.VLAN).size() <= 1
            && sightings.labels(Mode.DIRECTION).size() == 0;
    return sightings.size() >= Sightings.MOST
        || sightings.repeats() > ENOUGH_REPEATS
        || (packets >= PATIENCE_PACKETS && isOnePlace);
  }

  private Optional<Division> division(Splitting wanted) {
    Map<Mode, Places> places = new EnumMap<>(Mode.class);
    for (Mode mode : Mode.values()) {
      if (mode.isAllowed(wanted)) {
        places.put(
            mode, Places.of(sightings.labels(mode), sightings.pairs(mode), mode.leastShare()));
      }
    }
    int best = places.values().stream().mapToInt(Places::shared).max().orElse(0);
    Optional<Division> found =
        places.entrySet().stream()
            .filter(each -> best > 0 && each.getValue().shared() >= NEAR_BEST * best)
            .min(Comparator.comparing(Map.Entry::getKey))
            .flatMap(each -> division(each.getKey(), each.getValue()));
    return found.isEmpty() && wanted != Splitting.AUTO ? each(places) : found;
  }

  private Optional<Division> division(Mode mode, Places places) {
    if (mode == Mode.TTL) {
      sightings.turns().number();
      boolean isRouted = sightings.isRouted(LEAST_ROUTED);
      return sightings.isLooping() || !isRouted
          ? Optional.empty()
          : Optional.of(ByTurn.byTtl(sightings.turns(), homes));
    }
    return places
        .points()
        .map(
            points ->
                mode == Mode.DIRECTION && !places.isOrdered(points)
                    ? ByTurn.byDirection(homes)
                    : new ByPlace(mode, sightings.labels(mode), points, places.leftOut(points)));
  }

  /** The places of a way that the user asks for, although they share no packets. */
  private Optional<Division> each(Map<Mode, Places> places) {
    Mode mode = places.keySet().stream().min(Comparator.naturalOrder()).orElseThrow();
    List<List<Integer>> points = mode.isPlace() ? places.get(mode).each() : List.of();
    return points.size() < 2 || points.size() > Places.MOST_POINTS
        ? Optional.empty()
        : Optional.of(new ByPlace(mode, sightings.labels(mode), points, List.of()));
  }
}
