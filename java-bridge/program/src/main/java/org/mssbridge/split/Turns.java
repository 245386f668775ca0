package org.mssbridge.split;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * For TTLs: how many routers a packet has passed since the first place of the file that holds it.
 * TTLs mean something only for one sender, whose address may be translated on the way.
 */
final class Turns {
  /** A hostile file can have any number of senders. */
  private static final int MOST = 1 << 18;

  /** The other sightings of the same packets, by sender and TTL. */
  private final Map<Sighting, Map<Sighting, Integer>> links = new HashMap<>();

  private final Map<Sighting, Integer> turns = new HashMap<>();
  private int most;

  /** A sender's address and the TTL of its packets at one place. */
  private record Sighting(long sender, int ttl) {}

  /** Adds a packet that was seen with two TTLs. */
  void add(long sender, int ttl, long otherSender, int otherTtl) {
    if (links.size() > MOST) {
      return;
    }
    Sighting one = new Sighting(sender, ttl);
    Sighting other = new Sighting(otherSender, otherTtl);
    links.computeIfAbsent(one, key -> new HashMap<>(4)).merge(other, 1, Integer::sum);
    links.computeIfAbsent(other, key -> new HashMap<>(4)).merge(one, 1, Integer::sum);
  }

  /** Numbers the sightings of each sender's packets from the highest TTL down; call it once. */
  void number() {
    links.keySet().forEach(this::number);
  }

  private void number(Sighting sighting) {
    TreeSet<Integer> higher = new TreeSet<>();
    for (Sighting other : links.get(sighting).keySet()) {
      if (other.ttl() > sighting.ttl()) {
        higher.add(other.ttl());
      }
    }
    turns.put(sighting, higher.size());
    most = Math.max(most, higher.size());
  }

  /** The number of places. */
  int places() {
    return most + 1;
  }

  /** The turn of a packet, from 0; -1 if nothing tells. */
  int of(long sender, int ttl) {
    Integer turn = turns.get(new Sighting(sender, ttl));
    return turn == null ? -1 : turn;
  }
}
