package org.mssbridge.split;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Points that are told apart by something that both directions of a connection have there. */
final class ByPlace implements Division {
  private static final int MOST_NAMES = 3;

  private final Mode mode;
  private final Labels labels;
  private final int[] pointOfLabel;
  private final List<String> names;
  private final List<String> leftOut;

  /** For each Ethernet address the point where it is; {@link #NOWHERE} if it is at several. */
  private final Map<Long, Integer> pointOfMac = new HashMap<>();

  /**
   * Points of places.
   *
   * @param points for each point the numbers of its places
   */
  ByPlace(Mode mode, Labels labels, List<List<Integer>> points, List<String> leftOut) {
    this.mode = mode;
    this.labels = labels;
    pointOfLabel = new int[labels.size()];
    Arrays.fill(pointOfLabel, NOWHERE);
    for (int point = 0; point < points.size(); point++) {
      for (int place : points.get(point)) {
        pointOfLabel[place] = point;
        if (mode == Mode.MAC) {
          place(labels.label(place).source(), point);
          place(labels.label(place).destination(), point);
        }
      }
    }
    names = mode == Mode.DIRECTION ? ByTurn.names(points.size()) : names(points);
    // A link without a counterpart belongs to the point of its addresses.
    this.leftOut = mode == Mode.MAC ? List.of() : List.copyOf(leftOut);
  }

  private void place(long mac, int point) {
    pointOfMac.merge(mac, point, (one, other) -> one.equals(other) ? one : NOWHERE);
  }

  private List<String> names(List<List<Integer>> points) {
    List<String> all = new ArrayList<>();
    for (int point = 0; point < points.size(); point++) {
      all.add(mode == Mode.MAC ? macs(points.get(point), point) : name(points.get(point)));
    }
    return all;
  }

  private String name(List<Integer> places) {
    List<String> some = places.stream().limit(MOST_NAMES).map(this::nameOfPlace).toList();
    String kind = some.get(0).contains(" ") ? some.get(0).split(" ", 2)[0] + " " : "";
    String joined =
        some.get(0)
            + some.stream()
                .skip(1)
                .map(name -> "+" + (name.startsWith(kind) ? name.substring(kind.length()) : name))
                .collect(Collectors.joining());
    return places.size() > MOST_NAMES ? joined + "+…" : joined;
  }

  /** Where TCP passes in one direction only, as beside an IPsec policy, the name says which. */
  private String nameOfPlace(int place) {
    String name = labels.label(place).name();
    int only = mode == Mode.INTERFACE ? labels.onlyDirection(place) : PacketHeaders.NO_DIRECTION;
    return only == PacketHeaders.NO_DIRECTION ? name : name + " " + Mode.directionName(only);
  }

  /** Named by an address that all its links have, and no other point has. */
  private String macs(List<Integer> places, int point) {
    Set<Long> common = null;
    for (int place : places) {
      Set<Long> both = new HashSet<>(Set.of(labels.label(place).source()));
      both.add(labels.label(place).destination());
      if (common == null) {
        common = both;
      } else {
        common.retainAll(both);
      }
    }
    Labels.Label first = labels.label(places.get(0));
    Set<Long> shared = common;
    return List.of(first.source(), first.destination()).stream()
        .filter(mac -> pointOfMac.get(mac) == point)
        .sorted((one, other) -> Boolean.compare(shared.contains(other), shared.contains(one)))
        .findFirst()
        .map(mac -> "mac " + Mac.text(mac) + (shared.contains(mac) ? "" : "+…"))
        .orElse("mac " + first.name());
  }

  @Override
  public String toldBy() {
    return mode.text();
  }

  @Override
  public List<String> names() {
    return names;
  }

  @Override
  public List<String> leftOut() {
    return leftOut;
  }

  @Override
  public boolean isOneClock() {
    return mode != Mode.MAC;
  }

  @Override
  public String place(PacketHeaders headers) {
    return isEncryptedInOtherDirection(headers)
        ? mode.name(headers) + " " + Mode.directionName(headers.direction())
        : mode.name(headers);
  }

  /**
   * Whether a packet is what the host made of those that have no counterpart at this place in this
   * direction: an IPsec policy encrypts what goes out, and what came in is seen again decrypted.
   */
  private boolean isEncryptedInOtherDirection(PacketHeaders headers) {
    int label = mode == Mode.INTERFACE && headers.isCooked() ? labels.of(headers) : -1;
    int only = label < 0 ? PacketHeaders.NO_DIRECTION : labels.onlyDirection(label);
    return only != PacketHeaders.NO_DIRECTION
        && only != headers.direction()
        && headers.encrypted().isPresent();
  }

  @Override
  public int point(PacketHeaders headers) {
    int label = labels.of(headers);
    int point = label < 0 || label >= pointOfLabel.length ? NOWHERE : pointOfLabel[label];
    if (point == NOWHERE) {
      return mode == Mode.MAC ? byEitherMac(headers) : NOWHERE;
    }
    return isEncryptedInOtherDirection(headers) ? NOWHERE : point;
  }

  private int byEitherMac(PacketHeaders headers) {
    int bySource = pointOfMac.getOrDefault(headers.sourceMac(), NOWHERE);
    return bySource != NOWHERE
        ? bySource
        : pointOfMac.getOrDefault(headers.destinationMac(), NOWHERE);
  }
}
