package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.finding.Leg;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.TooBig;

/** The devices that refuse packets although these fit the MTU that they report. */
final class FittingRefusals {
  /** One message may be a mistake about one packet. */
  private static final int MIN_PACKETS = 2;

  /** What crosses so shortly before the first message or after the last one crosses meanwhile. */
  private static final long MEANWHILE_NANOS = 1_000_000_000;

  private final Map<Sender, FittingRefusal> found = new TreeMap<>();

  /** Whose messages are counted together: those about one direction, seen up to one point. */
  private record Sender(Direction direction, String point, String address, int mtuBytes)
      implements Comparable<Sender> {
    private static final Comparator<Sender> ORDER =
        Comparator.comparing(Sender::direction)
            .thenComparing(Sender::point)
            .thenComparing(Sender::address)
            .thenComparingInt(Sender::mtuBytes);

    static Sender of(Evidence evidence, TooBigMessage message) {
      return new Sender(
          message.direction(),
          evidence.lastPointBefore(message).name(),
          message.any().sender(),
          message.any().mtuBytes());
    }

    @Override
    public int compareTo(Sender other) {
      return ORDER.compare(this, other);
    }
  }

  private record Packet(int connection, List<Integer> frames) {}

  FittingRefusals(Evidence evidence, Collection<List<TooBigMessage>> messages) {
    Map<Sender, List<TooBigMessage>> bySender = new TreeMap<>();
    for (List<TooBigMessage> some : messages) {
      for (TooBigMessage message : some) {
        if (message.refusesItsMtu() && !isTranslation(evidence, message)) {
          bySender
              .computeIfAbsent(Sender.of(evidence, message), key -> new ArrayList<>())
              .add(message);
        }
      }
    }
    bySender.forEach(
        (sender, some) -> {
          Set<Packet> packets = new HashSet<>();
          for (TooBigMessage message : some) {
            packets.add(
                new Packet(
                    message.connection().id(), message.quote().packet().orElseThrow().frames()));
          }
          if (packets.size() >= MIN_PACKETS) {
            found.put(sender, new Tally(evidence, some).result(packets.size()));
          }
        });
  }

  /** Whether a translator made it of another message, which says more. */
  private static boolean isTranslation(Evidence evidence, TooBigMessage message) {
    CapturePoint point = message.firstPoint();
    return evidence
        .translation(point, message.any())
        .filter(translated -> translated.nearPoint().equals(point))
        .isPresent();
  }

  /** What the sender of a message refuses although it fits; empty where it is no such device. */
  Optional<FittingRefusal> of(Evidence evidence, TooBigMessage message) {
    return found.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(found.get(Sender.of(evidence, message)));
  }

  /** Counts what crosses while one device refuses packets. */
  private static final class Tally {
    private final Evidence evidence;
    private final CapturePoint point;
    private final Direction direction;
    private final List<TooBigMessage> messages;
    private int smallestRefusedBytes = Integer.MAX_VALUE;
    private long firstNanos = Long.MAX_VALUE;
    private long lastNanos = Long.MIN_VALUE;
    private int asLarge;
    private boolean atOtherTimes;
    private int largestSmallerBytes;
    private int otherLosses;
    private final Set<Integer> followersLost = new HashSet<>();

    Tally(Evidence evidence, List<TooBigMessage> messages) {
      this.evidence = evidence;
      this.messages = messages;
      point = evidence.lastPointBefore(messages.get(0));
      direction = messages.get(0).direction();
      for (TooBigMessage message : messages) {
        smallestRefusedBytes =
            Math.min(smallestRefusedBytes, message.quote().packet().orElseThrow().ipBytes());
        long nanos = message.seen().at(point).map(TooBig::timeNanos).orElse(firstNanos);
        firstNanos = Math.min(firstNanos, nanos);
        lastNanos = Math.max(lastNanos, message.seen().at(point).isPresent() ? nanos : lastNanos);
      }
      firstNanos -= MEANWHILE_NANOS;
      lastNanos += MEANWHILE_NANOS;
    }

    FittingRefusal result(int refused) {
      Optional<Leg> leg = evidence.legOf(messages.get(0));
      if (leg.isPresent()) {
        addCrossed(leg.get());
      } else {
        addAcknowledged();
      }
      return new FittingRefusal(
          refused,
          smallestRefusedBytes,
          asLarge,
          asLarge == 0 && atOtherTimes,
          largestSmallerBytes,
          followersLost,
          otherLosses);
    }

    private void add(int packetBytes, long nanos) {
      if (packetBytes < smallestRefusedBytes) {
        largestSmallerBytes = Math.max(largestSmallerBytes, packetBytes);
      } else if (nanos >= firstNanos && nanos <= lastNanos) {
        asLarge++;
      } else {
        atOtherTimes = true;
      }
    }

    /** What both points of the leg saw, to the receivers of the refused packets. */
    private void addCrossed(Leg leg) {
      Set<String> receivers = new HashSet<>();
      Map<Integer, Set<Integer>> quoted = new HashMap<>();
      for (TooBigMessage message : messages) {
        for (PairedConnection pair : message.connection().pairs()) {
          if (Legs.of(pair, direction).equals(leg)) {
            receivers.add(receiver(pair));
          }
        }
        message
            .quote()
            .packets()
            .at(point)
            .ifPresent(
                packet ->
                    quoted
                        .computeIfAbsent(message.connection().id(), key -> new HashSet<>())
                        .addAll(packet.frames()));
      }
      for (PairedConnection pair : evidence.pairs()) {
        if (Legs.of(pair, direction).equals(leg) && receivers.contains(receiver(pair))) {
          addCrossed(pair);
          addLost(pair, quoted.getOrDefault(pair.id(), Set.of()));
        }
      }
    }

    private String receiver(PairedConnection pair) {
      Connection far = pair.far(direction);
      Endpoint receiver = direction == Direction.C2S ? far.server() : far.client();
      return receiver.address();
    }

    private void addCrossed(PairedConnection pair) {
      Alignment.Sightings near = pair.alignment(direction).near();
      SegmentTable table = pair.nearFlow(direction).table();
      WireSizes sizes = new WireSizes(pair.near(direction), direction);
      for (int i = 0; i < near.size(); i++) {
        if (near.peers()[i] > 0) {
          int row = near.row()[i];
          int missingBytes = Math.max(0, sizes.payloadBytes(row) - near.largestPeerBytes()[i]);
          add(sizes.packetBytes(row) - missingBytes, table.timeNanos(row));
        }
      }
    }

    private void addLost(PairedConnection pair, Set<Integer> quoted) {
      Alignment alignment = pair.alignment(direction);
      Alignment.Sightings near = alignment.near();
      SegmentTable table = pair.nearFlow(direction).table();
      int previous = -1;
      for (int index : alignment.lost().index()) {
        int row = near.row()[index];
        if (index == previous
            || quoted.contains(table.frame(row))
            || table.timeNanos(row) < firstNanos
            || table.timeNanos(row) > lastNanos) {
          continue;
        }
        previous = index;
        int before = index == 0 ? -1 : near.row()[index - 1];
        if (before >= 0
            && quoted.contains(table.frame(before))
            && near.start()[index - 1] + table.payloadBytes(before) == near.start()[index]) {
          followersLost.add(table.frame(row));
        } else {
          otherLosses++;
        }
      }
    }

    /** What was sent once and acknowledged, where no farther point saw the packets. */
    private void addAcknowledged() {
      Set<Integer> seen = new HashSet<>();
      for (TooBigMessage message : messages) {
        Optional<Connection> connection = message.connection().at().at(point);
        if (connection.isPresent() && seen.add(message.connection().id())) {
          addAcknowledged(connection.get());
        }
      }
    }

    private void addAcknowledged(Connection connection) {
      Flow flow = connection.flow(direction);
      SegmentTable table = flow.table();
      if (flow.firstRow() < 0) {
        return;
      }
      int base = flow.isn().orElse(table.sequence(flow.firstRow()) - 1);
      WireSizes sizes = new WireSizes(connection, direction);
      var acknowledgments = new FirstAcknowledgments(connection.flow(direction.reverse()), base);
      NavigableMap<Long, Integer> copies = new TreeMap<>();
      long highest = 0;
      for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
        long start = table.position(row, base, highest);
        highest = Math.max(highest, start);
        if (table.payloadBytes(row) > 0) {
          copies.merge(start, 1, Integer::sum);
        }
      }
      long sentEnd = 0;
      for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
        long start = table.position(row, base, sentEnd);
        long end = start + table.payloadBytes(row);
        if (end > start
            && start >= sentEnd
            && table.payloadBytes(row) <= sizes.payloadBytes(row) // Else pieces may be lost.
            && copies.subMap(start, end).values().stream().mapToInt(each -> each).sum() == 1
            && acknowledgments.rowOf(end) >= 0) {
          add(sizes.packetBytes(row), table.timeNanos(row));
        }
        sentEnd = Math.max(sentEnd, end);
      }
    }
  }
}
