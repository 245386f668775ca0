package org.mssbridge.evidence;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/** The MTUs that devices report although they refuse packets of that size as well. */
final class UnderstatedMtus {
  /** One message may be a mistake about one packet. */
  private static final int MIN_PACKETS = 2;

  /** For each sender, the packets that it refuses although they fit. */
  private final Map<Sender, Set<Packet>> refused = new TreeMap<>();

  private record Sender(Direction direction, String address, int mtuBytes)
      implements Comparable<Sender> {
    private static final Comparator<Sender> ORDER =
        Comparator.comparing(Sender::direction)
            .thenComparing(Sender::address)
            .thenComparingInt(Sender::mtuBytes);

    static Sender of(TooBigMessage message) {
      return new Sender(message.direction(), message.any().sender(), message.any().mtuBytes());
    }

    @Override
    public int compareTo(Sender other) {
      return ORDER.compare(this, other);
    }
  }

  private record Packet(int connection, List<Integer> frames) {}

  UnderstatedMtus(Evidence evidence, Collection<List<TooBigMessage>> messages) {
    for (List<TooBigMessage> some : messages) {
      for (TooBigMessage message : some) {
        if (message.refusesItsMtu() && !isTranslation(evidence, message)) {
          refused
              .computeIfAbsent(Sender.of(message), key -> new HashSet<>())
              .add(
                  new Packet(
                      message.connection().id(), message.quote().packet().orElseThrow().frames()));
        }
      }
    }
  }

  /** Whether a translator made it of another message, which says more. */
  private static boolean isTranslation(Evidence evidence, TooBigMessage message) {
    CapturePoint point = message.firstPoint();
    return evidence
        .translation(point, message.any())
        .filter(translated -> translated.nearPoint().equals(point))
        .isPresent();
  }

  /** Whether the sender of a message refuses several packets that fit the MTU in the message. */
  boolean has(TooBigMessage message) {
    return refused.getOrDefault(Sender.of(message), Set.of()).size() >= MIN_PACKETS;
  }
}
