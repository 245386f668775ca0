package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.mssbridge.evidence.LostControl;
import org.mssbridge.evidence.Passage;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.Spans;
import org.mssbridge.model.CapturePoint;

/** The segments without data that one connection lost, and what followed, in words. */
record LossOfControl(Passage passage, LostControl lost) {
  private static final int MAX_FRAMES = 6;

  Occurrence occurrence() {
    var seen = passage.pair().near(passage.direction());
    return passage
        .occurrence()
        .at(passage.nearPoint(), lost.frames())
        .waiting(
            Math.max(
                lost.fate().windowWait().nanos(),
                lost.delays().stream().mapToLong(late -> late.nanos()).max().orElse(0)))
        .saying(
            String.format(
                "%s to %s: %sof %s without data (SYN, FIN and RST included) sent %s whose arrival is"
                    + " known, %s did not reach %s%s%s",
                seen.client(),
                seen.server(),
                lost.fate().silenceNanos() < ConnectionReset.LEAST_SILENCE_NANOS
                    ? ""
                    : "after " + Spans.text(lost.fate().silenceNanos()) + " of silence, ",
                Words.count(lost.compared(), "segment"),
                Words.way(passage.leg()),
                PathLostControl.list(lost.kinds()),
                passage.farPoint(),
                lost.unmissed().isEmpty()
                    ? ""
                    : " (nor did "
                        + PathLostControl.list(lost.unmissed())
                        + ", from which nothing followed)",
                followed().stream().map(each -> "; " + each).collect(Collectors.joining())))
        .with(facts());
  }

  private Facts facts() {
    Facts facts =
        Facts.of("lost_segments", lost.frames().size())
            .and("compared_segments", lost.compared())
            .and("without_consequence", lost.unmissedFrames().size())
            .and("repeated_in_vain", lost.repeated())
            .and("repeated_after_reset", lost.repeatedAfterReset());
    long waited = lost.fate().windowWait().nanos();
    return waited == 0 ? facts : facts.and("window_wait_ms", Math.round(waited / 1e3) / 1e3);
  }

  private String sender() {
    return "the " + Words.sender(passage.direction());
  }

  private String receiver() {
    return "the " + Words.sender(passage.direction().reverse());
  }

  private List<String> followed() {
    List<String> followed = new ArrayList<>();
    if (lost.fate().endsHandshake()) {
      followed.add("it is the ACK that ends the handshake");
    }
    lost.repeats().forEach(repeat -> followed.add(text(repeat)));
    lost.delays().forEach(late -> followed.addAll(text(late)));
    if (lost.fate().otherFinUnheard() && hasRepeated(LostControl.Kind.FIN)) {
      followed.add("its side never closes");
    }
    LostControl.WindowWait wait = lost.fate().windowWait();
    if (wait.nanos() > 0) {
      followed.add(
          String.format(
              "%s takes the window for closed and waits %s, until %s frame %d opens it",
              receiver(), Spans.text(wait.nanos()), passage.farPoint(), wait.frame()));
    }
    if (lost.fate().giveUpFrame() > 0) {
      followed.add(
          sender()
              + " gives up with a RST ("
              + passage.nearPoint()
              + " frame "
              + lost.fate().giveUpFrame()
              + ")");
    }
    if (lost.kinds().containsKey(LostControl.Kind.RST) && lost.repeatedAfterReset() == 0) {
      followed.add(receiver() + " does not learn of the reset: the connection stays open there");
    }
    if (lost.nothingArrivesAfter()) {
      followed.add(
          String.format(
              "from %s frame %d on nothing of this direction arrives",
              passage.nearPoint(), lost.frames().get(0)));
    }
    return followed;
  }

  private boolean hasRepeated(LostControl.Kind kind) {
    return lost.repeats().stream().anyMatch(repeat -> repeat.what() == kind);
  }

  /** What is repeated, such as {@code its SYN}. */
  static String what(LostControl.Repeat repeat) {
    return Set.of(LostControl.Kind.SYN, LostControl.Kind.SYN_ACK, LostControl.Kind.FIN)
            .contains(repeat.what())
        ? "its " + repeat.what().text()
        : repeat.acknowledged() ? "data that had arrived" : "its data";
  }

  private String text(LostControl.Repeat repeat) {
    int times = repeat.frames().size();
    return String.format(
        "%s repeats %s %s (%s%s)",
        receiver(),
        what(repeat),
        times(times),
        frames(passage.farPoint(), repeat.frames()),
        times == 1 && repeat.afterNanos() > 0
            ? ", " + Spans.text(repeat.afterNanos()) + " later"
            : "");
  }

  private List<String> text(LostControl.Late late) {
    List<String> texts = new ArrayList<>();
    boolean fin = late.what() == LostControl.Kind.FIN;
    boolean again = late.frames().size() > 1;
    if (again && late.what() != LostControl.Kind.SYN_ACK) {
      texts.add(
          String.format(
              "%s sends its %s %s (%s)",
              sender(),
              late.what().text(),
              late.frames().size() == 2 ? "twice" : late.frames().size() + " times",
              frames(passage.nearPoint(), late.frames())));
    }
    if (late.nanos() > 0) {
      texts.add(
          "the connection " + (fin ? "closes " : "opens ") + Spans.text(late.nanos()) + " late");
    }
    return texts;
  }

  private static String times(int times) {
    return times == 1 ? "once" : times == 2 ? "twice" : times + " times";
  }

  private static String frames(CapturePoint point, List<Integer> frames) {
    int more = frames.size() - MAX_FRAMES;
    return point
        + (frames.size() == 1 ? " frame " : " frames ")
        + frames.stream().limit(MAX_FRAMES).map(String::valueOf).collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more" : "");
  }
}
