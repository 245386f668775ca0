package org.mssbridge.rule;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.evidence.Ending;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Fragmentation;
import org.mssbridge.evidence.Life;
import org.mssbridge.evidence.LostControl;
import org.mssbridge.evidence.Passage;
import org.mssbridge.evidence.Refusals;
import org.mssbridge.evidence.SizeLimit;
import org.mssbridge.evidence.TimeExceeded;
import org.mssbridge.finding.Explanation;
import org.mssbridge.finding.Kind;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.IpFamily;

/** Which lost data segments another finding explains, so that no queue has to be looked for. */
final class LossReasons {
  /** What a device replaces by a RST leaves about when the RST does. */
  private static final long REPLACED_NANOS = 50_000_000;

  /** What explains a loss, in the order in which it is asked. */
  enum Reason {
    FIRST_FRAGMENT("of %s the first fragment arrives"),
    OTHER_FRAGMENTS("of %s only later fragments arrive"),
    JOINED("ICMP quotes %s: a router joined them and refuses the result"),
    PROBABLY_JOINED("%s refused by a router that probably joined them"),
    TOO_BIG("ICMP quotes %s as too big"),
    ABOVE_MTU("%s larger than the MTU that ICMP reports"),
    BLACK_HOLE("%s of the size that never crosses"),
    TIME_EXCEEDED("%s of packets whose TTL is used up, as ICMP reports"),
    RST_INJECTED("%s dropped where a RST is sent instead, or after it"),
    REFUSED(
        "%s sent into a connection that is refused behind a device which accepts for the server"),
    NOTHING_ARRIVES("%s sent after the segments since which nothing arrives"),
    STALLED("%s the last data of a connection, which stalls"),
    RESET("%s still under way when a RST ends their connection");

    /** Those whose text has a subject of its own. */
    private static final Set<Reason> OBJECTS =
        EnumSet.of(FIRST_FRAGMENT, OTHER_FRAGMENTS, JOINED, TOO_BIG);

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    private Kind kind() {
      return switch (this) {
        case FIRST_FRAGMENT, OTHER_FRAGMENTS -> PathFragmented.KIND;
        case JOINED, PROBABLY_JOINED -> OffloadForwarded.KIND;
        case TOO_BIG, ABOVE_MTU -> PmtudTooBig.KIND;
        case BLACK_HOLE -> PmtudBlackhole.KIND;
        case TIME_EXCEEDED -> PathTimeExceeded.KIND;
        case RST_INJECTED -> RstInjected.KIND;
        case REFUSED -> ConnectionRefused.KIND;
        case NOTHING_ARRIVES -> PathLostControl.KIND;
        case STALLED -> ConnectionStalled.KIND;
        case RESET -> ConnectionReset.KIND;
      };
    }

    private Explanation explanation(int explained, int lost) {
      boolean isObject = OBJECTS.contains(this);
      String which =
          lost == 1
              ? "the lost segment"
              : explained == lost
                  ? (lost == 2 ? "both" : "all") + " lost segments"
                  : explained + " of the " + lost + " lost segments";
      return new Explanation(
          kind(),
          String.format(text, isObject ? which : which + (explained == 1 ? " is" : " are")));
    }
  }

  private final Evidence evidence;
  private final Map<Integer, Life> lives = new HashMap<>();

  LossReasons(Evidence evidence) {
    this.evidence = evidence;
    evidence.lives().forEach(life -> lives.put(life.connection().id(), life));
  }

  /** The explanations of so many of the lost segments. */
  static List<Explanation> explanations(Map<Reason, Integer> explained, int lost) {
    return explained.entrySet().stream()
        .map(entry -> entry.getKey().explanation(entry.getValue(), lost))
        .toList();
  }

  /** The reasons for the losses of a passage, by the number of the transmission. */
  Map<Integer, Reason> of(Passage passage) {
    Alignment alignment = passage.alignment();
    if (alignment.lost().size() == 0) {
      return Map.of();
    }
    Map<Integer, Reason> reasons = new HashMap<>();
    Set<Integer> joined = new HashSet<>();
    Set<Integer> quoted = new HashSet<>();
    Set<Integer> probablyJoined = new HashSet<>();
    Refusals.collect(evidence, passage, quoted, joined, probablyJoined);
    TimeExceeded.Lost exceeded = TimeExceeded.lost(evidence, passage);
    Optional<SizeLimit> hole = evidence.blackHole(passage.pair(), passage.direction());
    Map<Reason, Long> since = since(passage);
    SegmentTable table = passage.near().table();
    Alignment.Ranges lost = alignment.lost();
    int mtuBytes = reportedMtuBytes(passage);
    Fragmentation fragmentation = evidence.fragmentation(passage.pair(), passage.direction());
    for (int i = 0; i < lost.size(); i++) {
      int index = lost.index()[i];
      int row = alignment.near().row()[index];
      Optional<Fragmentation.Packet> inPart = fragmentation.inPart(index);
      boolean isAboveMtu = packetBytes(passage, row, lost.end()[i] - lost.start()[i]) > mtuBytes;
      boolean isInHole =
          hole.isPresent() && table.payloadBytes(row) >= hole.get().smallestLostBytes();
      Reason reason;
      if (inPart.isPresent()) {
        reason = inPart.get().hasFirst() ? Reason.FIRST_FRAGMENT : Reason.OTHER_FRAGMENTS;
      } else if (joined.contains(table.frame(row))) {
        reason = Reason.JOINED;
      } else if (probablyJoined.contains(table.frame(row))) {
        reason = Reason.PROBABLY_JOINED;
      } else if (quoted.contains(table.frame(row))) {
        reason = Reason.TOO_BIG;
      } else if (isAboveMtu) {
        reason = Reason.ABOVE_MTU;
      } else if (isInHole) {
        reason = Reason.BLACK_HOLE;
      } else if (exceeded.includes(table.frame(row), table.timeNanos(row))) {
        reason = Reason.TIME_EXCEEDED;
      } else {
        reason =
            evidence.isRejected(passage, row)
                ? Reason.RST_INJECTED
                : first(since, table.timeNanos(row));
      }
      if (reason != null) {
        reasons.put(index, reason);
      }
    }
    return reasons;
  }

  /** The smallest MTU that ICMP reports for a link on the leg of a passage. */
  private int reportedMtuBytes(Passage passage) {
    return evidence.tooBigs(passage.pair().id()).stream()
        .filter(message -> message.direction() == passage.direction())
        .filter(message -> !message.quote().isUntrue() && !message.refusesJoined())
        .filter(message -> evidence.legOf(message).filter(passage.leg()::equals).isPresent())
        .mapToInt(message -> message.any().mtuBytes())
        .filter(bytes -> bytes > 0)
        .min()
        .orElse(Integer.MAX_VALUE);
  }

  /** The packet that carried lost bytes; offload in the sender's host cuts what it captures. */
  private static long packetBytes(Passage passage, int row, long lostBytes) {
    var seen = passage.pair().near(passage.direction());
    int limit = seen.mssLimit(passage.direction()).orElse(Integer.MAX_VALUE);
    return Math.min(lostBytes, limit)
        + Math.max(0, passage.near().table().optionBytes(row))
        + IpFamily.of(seen.isIpv6()).tcpIpBytes();
  }

  private static Reason first(Map<Reason, Long> since, long nanos) {
    for (Map.Entry<Reason, Long> entry : since.entrySet()) {
      if (nanos >= entry.getValue()) {
        return entry.getKey();
      }
    }
    return null;
  }

  /** From when on, by the near clock, a passage loses what it loses for a reason. */
  private Map<Reason, Long> since(Passage passage) {
    Map<Reason, Long> since = new EnumMap<>(Reason.class);
    evidence
        .injected(passage.pair(), passage.direction())
        .firstToEnd()
        .ifPresent(
            segment -> {
              long nanos = passage.far().table().timeNanos(segment.row());
              since.put(
                  Reason.RST_INJECTED, nanos - passage.delay().typicalNanos() - REPLACED_NANOS);
            });
    LostControl control = evidence.lostControl(passage);
    if (control.nothingArrivesAfter() && !isAfterLastData(passage, control.frames().get(0))) {
      since.put(Reason.NOTHING_ARRIVES, time(passage, control.frames().get(0)));
    }
    Life life = lives.get(passage.pair().id());
    if (life != null) {
      addEnding(passage, life, since);
    }
    return since;
  }

  private void addEnding(Passage passage, Life life, Map<Reason, Long> since) {
    if (passage.direction() == Direction.C2S
        && life.ending(passage.farPoint()) instanceof Ending.Refused) {
      since.put(Reason.REFUSED, Long.MIN_VALUE);
    }
    stalledSince(passage, life).ifPresent(nanos -> since.put(Reason.STALLED, nanos));
    if (life.ending(passage.nearPoint()) instanceof Ending.Reset
        && life.ending(passage.farPoint()) instanceof Ending.Reset reset
        && reset.from() != passage.direction()) {
      // It passed the far point before it reached the sender.
      long nanos = passage.far().table().timeNanos(reset.row());
      since.put(Reason.RESET, nanos - passage.delay().typicalNanos());
    }
  }

  /** Whether a passage had stalled when a frame left its near point. */
  boolean isInStall(Passage passage, int frame) {
    Life life = lives.get(passage.pair().id());
    return life != null
        && time(passage, frame) >= stalledSince(passage, life).orElse(Long.MAX_VALUE);
  }

  /** Whether data was the first of what a passage loses to the end, and a frame leaves after it. */
  boolean isAfterLastData(Passage passage, int frame) {
    SegmentTable table = passage.near().table();
    return evidence
        .lastArrival(passage.pair(), passage.direction())
        .filter(last -> table.payloadBytes(last.row()) > 0)
        .filter(last -> table.frame(last.row()) < frame)
        .isPresent();
  }

  /**
   * Whether a device between had injected a RST or FIN, to either end, when a frame left the near
   * point, or about then.
   */
  boolean isAfterInjected(Passage passage, int frame) {
    long nanos = time(passage, frame) + REPLACED_NANOS;
    Direction direction = passage.direction();
    SegmentTable near = passage.near().table();
    SegmentTable far = passage.far().table();
    return evidence
            .injected(passage.pair(), direction)
            .firstToEnd()
            .filter(one -> far.timeNanos(one.row()) - passage.delay().typicalNanos() <= nanos)
            .isPresent()
        || evidence
            .injected(passage.pair(), direction.reverse())
            .firstToEnd()
            .filter(one -> near.timeNanos(one.row()) <= nanos)
            .isPresent();
  }

  /** Whether the keep-alives that a passage loses from a frame on are reported as a stall. */
  boolean areStalledProbes(Passage passage, int frame) {
    Life life = lives.get(passage.pair().id());
    if (life == null) {
      return false;
    }
    CapturePoint nearest = ConnectionReset.nearest(life, passage.direction());
    return nearest.equals(passage.nearPoint())
        && life.ending(nearest) instanceof Ending.Stalled stalled
        && stalled.direction() == passage.direction()
        && stalled.repeated() == Ending.Repeated.KEEP_ALIVE
        && life.at(nearest).flow(passage.direction()).table().frame(stalled.firstRow()) <= frame;
  }

  /** When the data of a passage stalls, by the near clock; empty where it does not. */
  private OptionalLong stalledSince(Passage passage, Life life) {
    Direction direction = passage.direction();
    CapturePoint nearest = ConnectionReset.nearest(life, direction);
    if (life.ending(nearest) instanceof Ending.Stalled stalled
        && stalled.direction() == direction
        && stalled.outstandingBytes() > 0
        && !evidence.isInBlackHole(life.connection(), direction)) {
      long nanos = life.at(nearest).clientToServer().table().timeNanos(stalled.firstRow());
      return OptionalLong.of(evidence.comparison().timeAt(passage.nearPoint(), nearest, nanos));
    }
    return OptionalLong.empty();
  }

  private static long time(Passage passage, int frame) {
    return passage.near().table().timeNanos(passage.near().rowOf(frame));
  }
}
