package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Handshakes;
import org.mssbridge.evidence.LostScaling;
import org.mssbridge.evidence.OptionDifference;
import org.mssbridge.evidence.OptionKinds;
import org.mssbridge.evidence.Passage;
import org.mssbridge.finding.Change;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.Spans;
import org.mssbridge.model.Group;
import org.mssbridge.model.Numbers;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TcpOptions;

/** TCP options of a SYN or SYN/ACK, except MSS, that differ between the points. */
final class OptionChanged implements Rule {
  static final Kind REMOVED =
      new Kind("option.removed", Severity.WARN, Group.PROTOCOL, "a TCP option was taken out");
  static final Kind ADDED =
      new Kind("option.added", Severity.WARN, Group.PROTOCOL, "a TCP option was added");
  static final Kind CHANGED =
      new Kind("option.changed", Severity.WARN, Group.PROTOCOL, "a TCP option was changed");

  /** Instead of values that differ from one connection to the next. */
  private static final String SEVERAL = "several values";

  /** Larger shift counts are used as this one (RFC 7323, section 2.3). */
  private static final int LARGEST_SHIFT = 14;

  /**
   * An option that differs on a leg.
   *
   * @param areSeveral whether each connection has values of its own, for which the values stand
   * @param scaling what follows where window scale was removed, if that is known
   */
  record Changed(
      Kind kind,
      Leg across,
      int option,
      String nearValue,
      String farValue,
      boolean areSeveral,
      Optional<LostScaling> scaling)
      implements Finding {
    private Changed with(Optional<LostScaling> effect) {
      return new Changed(kind, across, option, nearValue, farValue, areSeveral, effect);
    }

    /** Whether each connection may have a value of its own: a key, a cookie, a signature. */
    private boolean isOpaque() {
      return option != TcpOptions.WINDOW_SCALE;
    }

    /** The same for connections that have values of their own. */
    private Changed whateverItsValue() {
      return new Changed(
          kind,
          across,
          option,
          kind.equals(ADDED) ? nearValue : SEVERAL,
          kind.equals(REMOVED) ? farValue : SEVERAL,
          /* areSeveral= */ true,
          scaling);
    }

    /**
     * A shift count that the ends do not agree on is an error: they then compute different windows
     * (RFC 7323, section 2.2).
     */
    @Override
    public Severity severity() {
      return (kind.equals(CHANGED) && option == TcpOptions.WINDOW_SCALE)
              || scaling.filter(LostScaling::isMisread).isPresent()
          ? Severity.ERROR
          : kind.severity();
    }

    @Override
    public String message() {
      String what =
          "option " + OptionKinds.name(option) + " of the " + Handshakes.name(across.direction());
      if (kind.equals(REMOVED)) {
        return what
            + " is taken out "
            + across.between()
            + scaling.map(effect -> ": " + words(effect)).orElse("");
      }
      return kind.equals(ADDED)
          ? what + " is added " + across.between()
          : areSeveral
              ? what + " is changed " + across.between() + ", from several values"
              : what
                  + " changed from "
                  + nearValue
                  + " to "
                  + farValue
                  + " "
                  + across.between()
                  + (isRescaled() && misreadBy() != 0 ? ": " + misread() : "");
    }

    private boolean isRescaled() {
      return kind.equals(CHANGED) && option == TcpOptions.WINDOW_SCALE;
    }

    /** The shift count that is missing at the receiver. */
    private int misreadBy() {
      return shift(nearValue) - shift(farValue);
    }

    private static int shift(String value) {
      return Math.min(Integer.parseInt(value), LARGEST_SHIFT);
    }

    /** What the receiver makes of windows that are scaled by another shift count. */
    private String misread() {
      int shift = misreadBy();
      return String.format(
          "unless the device converts each window too, the %s reads those of the %s %s times too %s",
          Words.sender(across.direction().reverse()),
          Words.sender(across.direction()),
          Numbers.grouped(1 << Math.abs(shift)),
          shift > 0 ? "small" : "large");
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      Facts facts =
          across.facts().and("option_kind", option).and("option", OptionKinds.name(option));
      return scaling
          .map(
              effect ->
                  facts
                      .and("scaled_by", effect.isOneSided() ? "server" : "neither")
                      .and("largest_window_bytes", largestWindowBytes(effect))
                      .and("client_windows_read_times", 1 << effect.clientShift()))
          .orElse(facts);
    }

    private static int largestWindowBytes(LostScaling effect) {
      return effect.isOneSided() ? effect.largestField() : LostScaling.LARGEST_UNSCALED_BYTES;
    }

    private static String words(LostScaling effect) {
      if (effect.isOneSided() && effect.shift() == 0) {
        return effect.isMisread()
            ? String.format(
                "the server reads the client's windows %d times too large and can send more than it"
                    + " takes",
                1 << effect.clientShift())
            : "neither end scales its windows in fact, so nothing changes";
      }
      long nanos = effect.leastRoundTripNanos();
      String perRoundTrip =
          nanos == Long.MAX_VALUE
              ? ""
              : String.format(
                  " (%s: at most %s)",
                  Spans.text(nanos), Words.rate(largestWindowBytes(effect) * 8e9 / nanos));
      return effect.isOneSided()
          ? String.format(
              "the server scales its windows by %d and the client does not, so uploads get at most"
                  + " %s per round trip%s instead of %s",
              1 << effect.shift(),
              Words.count(effect.largestField(), "byte"),
              perRoundTrip,
              Numbers.grouped((long) effect.largestField() << effect.shift()))
          : String.format(
              "neither end scales its windows, so a connection gets at most %s per round trip%s",
              Words.count(LostScaling.LARGEST_UNSCALED_BYTES, "byte"), perRoundTrip);
    }

    @Override
    public Optional<Change> change() {
      return Optional.of(new Change(OptionKinds.name(option), nearValue, farValue));
    }

    @Override
    public String nextStep() {
      if (scaling.isPresent()) {
        return "let the device "
            + across.between()
            + " pass the window scale option of "
            + Handshakes.name(across.direction())
            + "s"
            + (scaling.get().isMisread()
                ? "; until then turn window scaling off on the server (Linux: sysctl"
                    + " net.ipv4.tcp_window_scaling=0)"
                : "");
      }
      if (isRescaled()) {
        return String.format(
            "set the window scale of the SYN proxy, firewall or accelerator %s to %s, as the %s has"
                + " it (Linux SYNPROXY: --wscale %s)",
            across.between(), nearValue, Words.sender(across.direction()), nearValue);
      }
      return "look for a firewall or accelerator "
          + across.between()
          + " that normalises TCP options: "
          + OptionKinds.harm(option);
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(REMOVED, ADDED, CHANGED);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    Map<Changed, List<Occurrence>> occurrences = new LinkedHashMap<>();
    Map<Changed, LostScaling> scaling = new HashMap<>();
    Map<Layouts, List<OptionDifference>> known = new HashMap<>();
    for (Passage passage : evidence.passages()) {
      Handshakes.first(passage.pair(), passage.direction())
          .ifPresent(
              both -> {
                for (OptionDifference difference : differences(both, known)) {
                  Optional<LostScaling> effect = scaling(both, difference);
                  // Those with the same effect are one finding with the numbers of all.
                  Changed key =
                      changed(
                          passage,
                          difference,
                          effect.map(
                              one ->
                                  new LostScaling(
                                      one.isOneSided(), one.shift(), one.clientShift(), 0, 0)));
                  occurrences
                      .computeIfAbsent(key, each -> new ArrayList<>(1))
                      .add(both.occurrence());
                  effect.ifPresent(one -> scaling.merge(key, one, LostScaling::plus));
                }
              });
    }
    Map<Changed, Integer> alike = new HashMap<>();
    occurrences.keySet().forEach(key -> alike.merge(key.whateverItsValue(), 1, Integer::sum));
    Map<Changed, List<Occurrence>> merged = new LinkedHashMap<>();
    occurrences.forEach(
        (key, added) -> {
          boolean isOfEach = key.isOpaque() && alike.get(key.whateverItsValue()) > 1;
          merged
              .computeIfAbsent(
                  isOfEach
                      ? key.whateverItsValue()
                      : key.with(Optional.ofNullable(scaling.get(key))),
                  each -> new ArrayList<>())
              .addAll(added);
        });
    merged.forEach(findings::add);
  }

  /** The options at both points but for their timestamps, which most connections share. */
  private record Layouts(TcpOptions.Layout near, TcpOptions.Layout far) {}

  private static List<OptionDifference> differences(
      Handshakes both, Map<Layouts, List<OptionDifference>> known) {
    TcpOptions near = both.near().options();
    TcpOptions far = both.far().options();
    return known.computeIfAbsent(
        new Layouts(near.layout(), far.layout()), layouts -> OptionDifference.between(near, far));
  }

  private static Optional<LostScaling> scaling(Handshakes both, OptionDifference difference) {
    return difference.isRemoved() && difference.option() == TcpOptions.WINDOW_SCALE
        ? LostScaling.of(both)
        : Optional.empty();
  }

  private static Changed changed(
      Passage passage, OptionDifference difference, Optional<LostScaling> scaling) {
    Kind kind = difference.isRemoved() ? REMOVED : difference.isAdded() ? ADDED : CHANGED;
    return new Changed(
        kind,
        passage.leg(),
        difference.option(),
        difference.near(),
        difference.far(),
        /* areSeveral= */ false,
        scaling);
  }
}
