package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Passage;
import org.mssbridge.evidence.SegmentSizes;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/**
 * The same bytes in other segments without offload as the reason: a device between the points cuts
 * or joins segments.
 */
final class PathResegmented implements Rule {
  static final Kind KIND =
      new Kind(
          "path.resegmented", Severity.NOTE, Group.SEQUENCE, "the path cuts or joins segments");

  /** A host cuts to the MSS minus the options in each segment (RFC 6691, section 2). */
  private static final int TIMESTAMP_BYTES = 12;

  private static final int MAX_SACK_BYTES = 28;

  record Resegmented(Leg across, int split, int joined, long sent) implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      String cut = split > 0 ? ", " + split + " cut" : "";
      String whole = joined > 0 ? ", " + joined + " joined from several" : "";
      return String.format(
          "segments sent %s are cut or joined %s: %d sent%s%s",
          across.direction().words(), across.between(), sent, cut, whole);
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across
          .facts()
          .and("split_segments", split)
          .and("joined_segments", joined)
          .and("sent_segments", sent);
    }

    @Override
    public String nextStep() {
      return "look for a device that handles TCP itself "
          + across.between()
          + ": a normaliser, a WAN optimiser, or a host that routes with offload switched on";
    }
  }

  /** The indexes of near segments that were cut and of far segments that were joined. */
  private record Reshaped(List<Integer> split, List<Integer> joined) {
    static final Reshaped NONE = new Reshaped(List.of(), List.of());
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    evidence.passagesByLeg().forEach((leg, passages) -> check(leg, passages, findings));
  }

  private static void check(Leg leg, List<Passage> passages, Findings findings) {
    List<Occurrence> occurrences = new ArrayList<>();
    int split = 0;
    int joined = 0;
    long sent = 0;
    for (Passage passage : passages) {
      Reshaped reshaped = reshaped(passage);
      split += reshaped.split().size();
      joined += reshaped.joined().size();
      sent += passage.alignment().near().size();
      report(passage, reshaped, occurrences);
    }
    findings.add(new Resegmented(leg, split, joined, sent), occurrences);
  }

  private static void report(Passage passage, Reshaped reshaped, List<Occurrence> occurrences) {
    Alignment.Sightings near = passage.alignment().near();
    for (int i : reshaped.split()) {
      occurrences.add(
          passage
              .occurrence(near.row()[i], near.peerRow()[i])
              .saying("is cut into " + near.peers()[i]));
    }
    Alignment.Sightings far = passage.alignment().far();
    for (int i : reshaped.joined()) {
      occurrences.add(
          passage
              .occurrence(far.peerRow()[i], far.row()[i])
              .saying("is joined from " + far.peers()[i]));
    }
  }

  private static Reshaped reshaped(Passage passage) {
    if (!passage.isResegmented()) {
      return Reshaped.NONE;
    }
    SegmentSizes sizes = new SegmentSizes(passage.pair(), passage.direction());
    if (sizes.nearLimit().isEmpty() || sizes.farLimit().isEmpty()) {
      return Reshaped.NONE;
    }
    Alignment alignment = passage.alignment();
    Reshaped reshaped = new Reshaped(new ArrayList<>(), new ArrayList<>());
    if (largestNear(sizes, alignment) <= sizes.nearLimit().getAsInt()) {
      split(sizes, passage.near().table(), alignment.near(), reshaped.split());
    }
    if (largestFar(sizes, alignment) <= sizes.farLimit().getAsInt()) {
      joined(sizes, alignment.far(), reshaped.joined());
    }
    return reshaped;
  }

  /** Ignores segments that are larger than the MSS minus options: offload may cut those. */
  private static void split(
      SegmentSizes sizes, SegmentTable table, Alignment.Sightings near, List<Integer> split) {
    for (int i = 0; i < near.size(); i++) {
      int bytes = sizes.nearBytes(i);
      int optionBytes =
          (table.hasTimestamp(near.row()[i]) ? TIMESTAMP_BYTES : 0)
              + (table.hasSack(near.row()[i]) ? MAX_SACK_BYTES : 0);
      if (near.peers()[i] > 1
          && near.largestPeerBytes()[i] < bytes
          && bytes <= sizes.nearLimit().getAsInt() - optionBytes) {
        split.add(i);
      }
    }
  }

  private static void joined(SegmentSizes sizes, Alignment.Sightings far, List<Integer> joined) {
    for (int i = 0; i < far.size(); i++) {
      if (far.peers()[i] > 1 && far.largestPeerBytes()[i] < sizes.farBytes(i)) {
        joined.add(i);
      }
    }
  }

  private static int largestNear(SegmentSizes sizes, Alignment alignment) {
    int largest = 0;
    for (int i = 0; i < alignment.near().size(); i++) {
      largest = Math.max(largest, sizes.nearBytes(i));
    }
    return largest;
  }

  private static int largestFar(SegmentSizes sizes, Alignment alignment) {
    int largest = 0;
    for (int i = 0; i < alignment.far().size(); i++) {
      largest = Math.max(largest, sizes.farBytes(i));
    }
    return largest;
  }
}
