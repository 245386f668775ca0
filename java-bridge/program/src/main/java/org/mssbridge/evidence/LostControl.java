package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/**
 * The segments without data that left the near point and are not at the far one, where something
 * followed from it. A loss without consequences is none of these: the far capture may have missed
 * the segment, or an offload may have left it out.
 *
 * @param frames the lost ones at the near point, in order
 * @param kinds how many there are of each kind
 * @param compared segments without data at the near point whose arrival the far capture would show
 * @param nothingArrivesAfter whether no segment of this direction arrives after the first loss
 * @param repeated how often the other end sent again what a lost ACK had acknowledged
 * @param finNeverArrives whether a FIN was lost and none ever arrived
 * @param resetAfterwards whether the other end resets the connection after the first loss
 */
public record LostControl(
    List<Integer> frames,
    Map<Kind, Integer> kinds,
    int compared,
    boolean nothingArrivesAfter,
    int repeated,
    boolean finNeverArrives,
    boolean resetAfterwards) {
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
  static final LostControl NONE = new LostControl(List.of(), Map.of(), 0, false, 0, false, false);

  /** An ACK that a later one replaces so soon may have been left out by an offload or a modem. */
  private static final long REPLACED_NANOS = 20_000_000;

  /** A sender that gets no ACK has repeated by then (RFC 6298, section 2.1). */
  private static final long REPETITION_NANOS = 3_000_000_000L;

  public LostControl {
    frames = List.copyOf(frames);
    kinds = new EnumMap<>(kinds.isEmpty() ? new EnumMap<>(Kind.class) : kinds);
  }

  /** Finds the losses of a passage; none where they cannot be known. */
  static LostControl of(Passage passage, Evidence evidence) {
    if (evidence.middlebox(passage.pair()).isUndecided()) {
      return NONE;
    }
    if (passage.far().firstRow() < 0) {
      return unheardAnswers(passage);
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
   * SYN/ACKs of which the client's point saw none, and after which the client sent its SYN again:
   * it is at both points, so the client's capture went on.
   */
  private static LostControl unheardAnswers(Passage passage) {
    if (passage.direction() != Direction.S2C) {
      return NONE;
    }
    SegmentTable table = passage.near().table();
    Flow client = passage.pair().near(Direction.S2C).flow(Direction.C2S);
    int lastSyn = -1;
    for (int row = client.firstRow(); row >= 0; row = table.next(row)) {
      lastSyn = TcpFlags.isSyn(table.flags(row)) ? row : lastSyn;
    }
    List<Integer> frames = new ArrayList<>();
    for (int row = passage.near().firstRow(); row >= 0 && row < lastSyn; row = table.next(row)) {
      if (TcpFlags.isSynAck(table.flags(row))) {
        frames.add(table.frame(row));
      }
    }
    return frames.isEmpty()
        ? NONE
        : new LostControl(
            frames, Map.of(Kind.SYN_ACK, frames.size()), frames.size(), true, 0, false, false);
  }

  private static final class Search {
    private final ControlAlignment alignment;
    private final ControlSegments near;
    private final FarReaction reaction;
    private final List<Integer> lost = new ArrayList<>();
    private final Map<Kind, Integer> kinds = new EnumMap<>(Kind.class);
    private int compared;

    Search(ControlAlignment alignment) {
      this.alignment = alignment;
      this.near = alignment.near;
      this.reaction = new FarReaction(alignment);
    }

    LostControl find() {
      ControlKinds classifier = new ControlKinds(alignment.passage, near);
      int index = 0;
      for (int row = alignment.passage.near().firstRow(); row >= 0; row = near.table.next(row)) {
        Kind kind = classifier.next(row);
        if (index < near.size() && near.rows[index] == row) {
          examine(index, kind, classifier.reopens());
          index++;
        }
      }
      if (lost.isEmpty() || !reaction.isConsequence(lost, kinds)) {
        return NONE;
      }
      return new LostControl(
          lost.stream().map(i -> near.table.frame(near.rows[i])).toList(),
          kinds,
          compared,
          lost.size() > 1 && !reaction.arrivesAfter(alignment.dueNanos(lost.get(0))),
          reaction.repeated(lost),
          kinds.containsKey(Kind.FIN) && !reaction.hasFin(),
          reaction.resetsAfter(alignment.dueNanos(lost.get(0))));
    }

    private void examine(int index, Kind kind, boolean reopens) {
      if (alignment.isCovered(index)) {
        compared++;
        if (!alignment.hasPeer(index) && isLost(index, kind, reopens)) {
          lost.add(index);
          kinds.merge(kind, 1, Integer::sum);
        }
      }
    }

    /** Whether a segment without a counterpart was lost, as far as what followed shows. */
    private boolean isLost(int index, Kind kind, boolean reopens) {
      long due = alignment.dueNanos(index);
      return switch (kind) {
        case SYN, SYN_ACK ->
            !alignment.passage.far().handshake().isEmpty() && !reaction.arrivesAt(due);
        case KEEP_ALIVE, WINDOW_PROBE -> true;
        case FIN -> reaction.hasFin() || !reaction.acknowledgesFin();
        case RST -> reaction.isActiveAfter(due + REPLACED_NANOS);
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
