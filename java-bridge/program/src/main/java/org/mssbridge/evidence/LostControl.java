package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/**
 * The segments without data that left the near point and are not at the far one, and what followed
 * from it. ACKs from whose absence nothing followed are counted apart: the far capture may have
 * missed them, or a modem may have left them out.
 *
 * @param frames the lost ones at the near point, in order
 * @param kinds how many there are of each kind
 * @param compared segments without data at the near point that arrived, or whose arrival the far
 *     capture would show
 * @param nothingArrivesAfter whether no segment of this direction arrives after the first loss
 * @param repeats what the other end sent again because it did not get them
 * @param delays how late the first of a kind arrives because others were lost
 * @param again what became of the same segments when they were sent again
 * @param fate what became of the connection
 * @param unmissed how many more of each kind are not at the far point without any consequence
 * @param unmissedFrames these at the near point, in order
 */
public record LostControl(
    List<Integer> frames,
    Map<Kind, Integer> kinds,
    int compared,
    boolean nothingArrivesAfter,
    List<Repeat> repeats,
    List<Late> delays,
    Again again,
    Fate fate,
    Map<Kind, Integer> unmissed,
    List<Integer> unmissedFrames) {
  /**
   * What the other end sends again.
   *
   * @param what its kind; {@link Kind#ACK} for data
   * @param frames where, at the far point
   * @param afterNanos how long after the loss the first of them is
   * @param acknowledged whether a lost ACK had acknowledged it; otherwise a lost RST had refused it
   */
  public record Repeat(Kind what, List<Integer> frames, long afterNanos, boolean acknowledged) {
    public Repeat {
      frames = List.copyOf(frames);
    }
  }

  /**
   * How late a kind of segment arrives.
   *
   * @param frames its transmissions at the near point, from the first lost one to the one that
   *     arrives
   * @param nanos how long the one that arrives is sent after the first; -1 where none arrives
   */
  public record Late(Kind what, List<Integer> frames, long nanos) {
    public Late {
      frames = List.copyOf(frames);
    }
  }

  /**
   * What became of the same segments, sent again.
   *
   * @param lost whether one was lost again
   * @param crossed whether one crossed later
   */
  public record Again(boolean lost, boolean crossed) {}

  /**
   * What became of the connection.
   *
   * @param finNeverArrives whether a FIN was lost and none ever arrived
   * @param resetAfterwards whether the other end resets the connection after a loss, and nothing
   *     that arrived by then made up for it
   * @param endsHandshake whether an ACK that ends the handshake is among those lost
   * @param otherFinUnheard whether the other end repeats its FIN and never gets an acknowledgment
   * @param silenceNanos how long the connection was silent before the first loss
   * @param giveUpFrame the RST with which the sender of lost probes gives up, at the near point; 0
   *     where there is none
   * @param windowWait how the other end waits because a window update was lost
   */
  public record Fate(
      boolean finNeverArrives,
      boolean resetAfterwards,
      boolean endsHandshake,
      boolean otherFinUnheard,
      long silenceNanos,
      int giveUpFrame,
      WindowWait windowWait) {
    private static final Fate NONE = new Fate(false, false, false, false, 0, 0, WindowWait.NONE);
  }

  /**
   * The longest time in which an end with data to send takes a window for closed that is open.
   *
   * @param frame the segment that opens it, at the far point; 0 where it does not wait
   */
  public record WindowWait(long nanos, int frame) {
    static final WindowWait NONE = new WindowWait(0, 0);
  }

  /** Kinds of segments without data. */
  public enum Kind {
    SYN("SYN"),
    SYN_ACK("SYN/ACK"),
    ACK("ACK"),
    WINDOW_UPDATE("window update"),
    KEEP_ALIVE("keep-alive"),
    WINDOW_PROBE("zero-window probe"),
    FIN("FIN"),
    RST("RST");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** Its name for readers. */
    public String text() {
      return text;
    }
  }

  /** No loss that is known. */
  static final LostControl NONE =
      new LostControl(
          List.of(),
          Map.of(),
          0,
          false,
          List.of(),
          List.of(),
          new Again(false, false),
          Fate.NONE,
          Map.of(),
          List.of());

  /** An ACK that a later one replaces so soon may have been left out by an offload or a modem. */
  private static final long REPLACED_NANOS = 20_000_000;

  /** A sender that gets no ACK has repeated by then (RFC 6298, section 2.1). */
  private static final long REPETITION_NANOS = 3_000_000_000L;

  /** Hardly any round trip between two points takes as long. */
  private static final long ROUND_TRIP_NANOS = 1_000_000_000L;

  public LostControl {
    frames = List.copyOf(frames);
    kinds = new EnumMap<>(kinds.isEmpty() ? new EnumMap<>(Kind.class) : kinds);
    unmissed = new EnumMap<>(unmissed.isEmpty() ? new EnumMap<>(Kind.class) : unmissed);
    unmissedFrames = List.copyOf(unmissedFrames);
    repeats = List.copyOf(repeats);
    delays = List.copyOf(delays);
  }

  /** How often the other end sent again what a lost segment had acknowledged. */
  public int repeated() {
    return repeats.stream().filter(Repeat::acknowledged).mapToInt(r -> r.frames().size()).sum();
  }

  /** How often the other end sent again what a lost RST had refused. */
  public int repeatedAfterReset() {
    return repeats.stream().filter(r -> !r.acknowledged()).mapToInt(r -> r.frames().size()).sum();
  }

  /** Finds the losses of a passage; none where they cannot be known. */
  static LostControl of(Passage passage, Evidence evidence) {
    if (evidence.middlebox(passage.pair()).isUndecided()) {
      return NONE;
    }
    if (passage.far().firstRow() < 0) {
      return unheardAnswers(passage, evidence);
    }
    var duplicates = evidence.comparison().duplicates();
    if (ControlSegments.areAlike(
        passage,
        duplicates.at(passage.nearPoint()).orElseThrow(),
        duplicates.at(passage.farPoint()).orElseThrow())) {
      return NONE;
    }
    ControlAlignment alignment = new ControlAlignment(passage, evidence);
    return alignment.align() ? new Search(alignment).find() : NONE;
  }

  /**
   * SYN/ACKs of which the client's point saw none, although its capture went on: the client sent
   * its SYN again after them and it is at both points; or the server sent them again, and the
   * capture covers their time and holds those of other connections.
   */
  private static LostControl unheardAnswers(Passage passage, Evidence evidence) {
    if (passage.direction() != Direction.S2C) {
      return NONE;
    }
    SegmentTable table = passage.near().table();
    Flow client = passage.pair().near(Direction.S2C).flow(Direction.C2S);
    int lastSyn = -1;
    for (int row = client.firstRow(); row >= 0; row = table.next(row)) {
      lastSyn = TcpFlags.isSyn(table.flags(row)) ? row : lastSyn;
    }
    boolean isShown = showsUnheard(passage, evidence);
    List<Integer> frames = new ArrayList<>();
    for (int row = passage.near().firstRow(); row >= 0; row = table.next(row)) {
      if (TcpFlags.isSynAck(table.flags(row))
          && (row < lastSyn || (isShown && wouldBeHeard(passage, table.timeNanos(row))))) {
        frames.add(table.frame(row));
      }
    }
    if (frames.isEmpty()) {
      return NONE;
    }
    List<Integer> syns = unheardSyns(passage);
    Repeat repeat = new Repeat(Kind.SYN, syns, -1, true);
    return new LostControl(
        frames,
        Map.of(Kind.SYN_ACK, frames.size()),
        frames.size(),
        true,
        syns.isEmpty() ? List.of() : List.of(repeat),
        List.of(new Late(Kind.SYN_ACK, frames, -1)),
        new Again(frames.size() > 1, false),
        Fate.NONE,
        Map.of(),
        List.of());
  }

  /**
   * Whether the client's capture shows by itself that SYN/ACKs did not arrive: the client sends
   * nothing but SYNs, and the server repeats its SYN/ACK while that capture runs.
   */
  private static boolean showsUnheard(Passage passage, Evidence evidence) {
    PairedConnection pair = passage.pair();
    if (!pair.isTimed()
        || !pair.delay(Direction.C2S).isKnown()
        || !sendsOnlySyns(pair.near(Direction.S2C).clientToServer())
        || !sendsOnlySyns(pair.far(Direction.S2C).clientToServer())
        || !evidence.heardAnswers().include(passage)) {
      return false;
    }
    SegmentTable table = passage.near().table();
    long first = Long.MAX_VALUE;
    for (int row = passage.near().firstRow(); row >= 0; row = table.next(row)) {
      long nanos = table.timeNanos(row);
      if (TcpFlags.isSynAck(table.flags(row)) && wouldBeHeard(passage, nanos)) {
        first = Math.min(first, nanos);
        if (nanos - first >= Opening.LEAST_PAUSE_NANOS) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean sendsOnlySyns(Flow client) {
    return client.hasHandshake() && client.segments() == client.handshakes();
  }

  /** Whether the client's capture runs when a SYN/ACK is due there, by the clock of its SYN. */
  private static boolean wouldBeHeard(Passage passage, long nanos) {
    PointCapture client = passage.pair().farCapture(Direction.S2C);
    long due = nanos - passage.pair().delay(Direction.C2S).typicalNanos();
    return Reach.covers(client, due) && Reach.covers(client, due + ROUND_TRIP_NANOS);
  }

  /** The client's second and later SYNs at its own point. */
  private static List<Integer> unheardSyns(Passage passage) {
    Flow client = passage.pair().far(Direction.S2C).flow(Direction.C2S);
    SegmentTable table = client.table();
    List<Integer> syns = new ArrayList<>();
    for (int row = client.firstRow(); row >= 0; row = table.next(row)) {
      if (TcpFlags.isSyn(table.flags(row))) {
        syns.add(table.frame(row));
      }
    }
    return syns.isEmpty() ? syns : syns.subList(1, syns.size());
  }

  /** What is sent: the hash of its numbers and flags, and the marks of a SYN. */
  private record Sent(long key, Set<SynMark> marks) {}

  private static final class Search {
    private final ControlAlignment alignment;
    private final ControlSegments near;
    private final FarReaction reaction;
    private final List<Integer> lost = new ArrayList<>();
    private final Map<Kind, Integer> kinds = new EnumMap<>(Kind.class);
    private final List<Integer> unmissed = new ArrayList<>();
    private Kind[] all = {};
    private int compared;

    Search(ControlAlignment alignment) {
      this.alignment = alignment;
      this.near = alignment.near;
      this.reaction = new FarReaction(alignment);
    }

    LostControl find() {
      ControlKinds classifier = new ControlKinds(alignment.passage, near);
      all = new Kind[near.size()];
      int index = 0;
      for (int row = alignment.passage.near().firstRow(); row >= 0; row = near.table.next(row)) {
        Kind kind = classifier.next(row);
        if (index < near.size() && near.rows[index] == row) {
          all[index] = kind;
          examine(index, kind, classifier.reopens());
          index++;
        }
      }
      if (lost.isEmpty() || !reaction.isConsequence(lost, kinds)) {
        unmissed.addAll(lost);
        return unmissed.isEmpty() ? NONE : unmissedOnly();
      }
      return new LostControl(
          lost.stream().map(this::frame).toList(),
          kinds,
          compared,
          lost.size() > 1 && !reaction.arrivesAfter(alignment.dueNanos(lost.get(0))),
          repeats(),
          Stream.of(Kind.SYN, Kind.SYN_ACK, Kind.FIN)
              .filter(kinds::containsKey)
              .map(this::late)
              .toList(),
          again(),
          new Fate(
              kinds.containsKey(Kind.FIN) && !reaction.hasFin(),
              lost.stream().anyMatch(this::isUnheardAtReset),
              lost.stream().anyMatch(this::endsHandshake),
              reaction.isOtherFinUnheard(),
              silenceNanos(),
              giveUpFrame(),
              reaction.windowWait(
                  lost.stream()
                      .filter(i -> all[i] == Kind.WINDOW_UPDATE)
                      .mapToLong(alignment::dueNanos)
                      .toArray())),
          unmissedKinds(),
          unmissed.stream().map(this::frame).toList());
    }

    private LostControl unmissedOnly() {
      Collections.sort(unmissed);
      return new LostControl(
          List.of(),
          Map.of(),
          compared,
          false,
          List.of(),
          List.of(),
          new Again(false, false),
          Fate.NONE,
          unmissedKinds(),
          unmissed.stream().map(this::frame).toList());
    }

    private Map<Kind, Integer> unmissedKinds() {
      Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
      unmissed.forEach(index -> counts.merge(all[index], 1, Integer::sum));
      return counts;
    }

    private int frame(int index) {
      return near.table.frame(near.rows[index]);
    }

    /**
     * Whether it is an ACK of the SYN/ACK, and nothing of this direction that says so came before.
     */
    private boolean endsHandshake(int index) {
      return all[index] == Kind.ACK
          && alignment.passage.direction() == Direction.C2S
          && near.acknowledged[index] == 1
          && reaction.firstAcknowledged(1) > alignment.dueNanos(index);
    }

    /** Whether the other end resets before it gets what the lost segment was to tell it. */
    private boolean isUnheardAtReset(int index) {
      long due = alignment.dueNanos(index);
      if (!reaction.resetsAfter(due)) {
        return false;
      }
      return switch (all[index]) {
        case RST -> true;
        case ACK ->
            reaction.firstAcknowledged(near.acknowledged[index]) > reaction.lastResetNanos();
        case FIN -> !reaction.hasFinBeforeReset();
        case SYN, SYN_ACK, WINDOW_UPDATE, KEEP_ALIVE, WINDOW_PROBE ->
            !reaction.arrivesBeforeReset(due);
      };
    }

    private int first(Kind kind) {
      return lost.stream().filter(i -> all[i] == kind).findFirst().orElseThrow();
    }

    private Late late(Kind kind) {
      int from = first(kind);
      List<Integer> frames = new ArrayList<>();
      for (int i = from; i < near.size(); i++) {
        if (all[i] == kind) {
          frames.add(frame(i));
          if (alignment.hasPeer(i)) {
            return new Late(kind, frames, near.nanos(i) - near.nanos(from));
          }
        }
      }
      return new Late(kind, frames, -1);
    }

    private Again again() {
      Set<Sent> keys = new HashSet<>();
      boolean lostAgain = false;
      boolean crossed = false;
      int next = 0;
      for (int i = lost.get(0); i < near.size(); i++) {
        boolean isLost = next < lost.size() && lost.get(next) == i;
        next += isLost ? 1 : 0;
        Sent sent = sent(i);
        boolean known = keys.contains(sent);
        lostAgain |= known && isLost;
        crossed |= known && alignment.hasPeer(i);
        if (isLost) {
          keys.add(sent);
        }
      }
      return new Again(lostAgain, crossed);
    }

    /** A SYN that is sent again without what a device may drop it for is another one. */
    private Sent sent(int index) {
      Set<SynMark> marks =
          all[index] == Kind.SYN
              ? alignment.passage.near().handshake().stream()
                  .filter(syn -> syn.frame() == frame(index))
                  .map(SynMark::allOf)
                  .findFirst()
                  .orElse(Set.of())
              : Set.of();
      return new Sent(near.keys[index], marks);
    }

    private List<Repeat> repeats() {
      List<Repeat> repeats = new ArrayList<>();
      add(repeats, reaction.repeated(lost), alignment.dueNanos(lost.get(0)), true);
      if (kinds.containsKey(Kind.RST)) {
        long due = alignment.dueNanos(first(Kind.RST));
        List<Integer> rows = new ArrayList<>(reaction.repeatedSince(due));
        rows.removeAll(new HashSet<>(reaction.repeated(lost)));
        add(repeats, rows, due, false);
      }
      return repeats;
    }

    private void add(List<Repeat> repeats, List<Integer> rows, long since, boolean acknowledged) {
      SegmentTable table = alignment.far.table;
      Map<Kind, List<Integer>> byKind = new EnumMap<>(Kind.class);
      Map<Kind, Long> after = new EnumMap<>(Kind.class);
      for (int row : rows) {
        int flags = table.flags(row);
        Kind kind =
            TcpFlags.isSyn(flags)
                ? Kind.SYN
                : TcpFlags.isSynAck(flags)
                    ? Kind.SYN_ACK
                    : table.payloadBytes(row) == 0 ? Kind.FIN : Kind.ACK;
        byKind.computeIfAbsent(kind, each -> new ArrayList<>()).add(table.frame(row));
        after.putIfAbsent(kind, table.timeNanos(row) - since);
      }
      byKind.forEach(
          (kind, frames) -> repeats.add(new Repeat(kind, frames, after.get(kind), acknowledged)));
    }

    /** The time from the last segment of either end at the near point to the first loss. */
    private long silenceNanos() {
      if (all[lost.get(0)] == Kind.RST) {
        return 0; // Who resets waits for a timer, or answers.
      }
      int row = near.rows[lost.get(0)];
      long before = Long.MIN_VALUE;
      for (Direction way : Direction.values()) {
        Flow flow = alignment.passage.pair().near(alignment.passage.direction()).flow(way);
        for (int r = flow.firstRow(); r >= 0 && r < row; r = near.table.next(r)) {
          before = Math.max(before, near.table.timeNanos(r));
        }
      }
      return before == Long.MIN_VALUE ? 0 : near.table.timeNanos(row) - before;
    }

    /** The first RST after lost probes, as long as nothing arrives after these. */
    private int giveUpFrame() {
      boolean probes = kinds.containsKey(Kind.KEEP_ALIVE) || kinds.containsKey(Kind.WINDOW_PROBE);
      if (!probes || reaction.arrivesAfter(alignment.dueNanos(lost.get(0)))) {
        return 0;
      }
      for (int i = lost.get(0); i < near.size(); i++) {
        if (all[i] == Kind.RST) {
          return frame(i);
        }
      }
      return 0;
    }

    private void examine(int index, Kind kind, boolean reopens) {
      if (alignment.hasPeer(index)) {
        compared++;
      } else if (alignment.isCovered(index)) {
        compared++;
        if (isLost(index, kind, reopens)) {
          lost.add(index);
          kinds.merge(kind, 1, Integer::sum);
        } else if (kind == Kind.ACK || kind == Kind.WINDOW_UPDATE) {
          unmissed.add(index);
        }
      }
    }

    /** Whether a segment without a counterpart was lost, as far as what followed shows. */
    private boolean isLost(int index, Kind kind, boolean reopens) {
      long due = alignment.dueNanos(index);
      return switch (kind) {
        case SYN, SYN_ACK -> alignment.passage.far().hasHandshake() && !reaction.arrivesAt(due);
        case KEEP_ALIVE, WINDOW_PROBE -> true;
        case FIN -> reaction.hasFin() || !reaction.acknowledgesFin();
        case RST -> reaction.isActiveAfter(due + REPLACED_NANOS) || reaction.isOpenAt(due);
        case WINDOW_UPDATE -> reopens;
        case ACK -> isAckLost(index, due);
      };
    }

    private boolean isAckLost(int index, long due) {
      long acknowledged = near.acknowledged[index];
      long replaced = reaction.firstAcknowledged(acknowledged);
      if (replaced <= due || replaced - due <= REPLACED_NANOS) {
        return false;
      }
      return reaction.isRepeatedAfter(due, acknowledged)
          || reaction.resetsAfter(due)
          || (replaced - due <= REPETITION_NANOS && replaced != Long.MAX_VALUE);
    }
  }
}
