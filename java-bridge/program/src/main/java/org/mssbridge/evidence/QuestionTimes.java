package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mssbridge.datagram.Datagrams;
import org.mssbridge.datagram.DnsFlow;
import org.mssbridge.model.CapturePoint;

/** Divides the time of each DNS question that several points saw. */
final class QuestionTimes {
  /** What coarse timestamps of two points may differ by. */
  private static final long JITTER_NANOS = 2_000_000L;

  private final Map<List<CapturePoint>, TimeSpent> byPoints = new LinkedHashMap<>();

  private QuestionTimes() {}

  /** The times of all questions, for each list of points that saw some. */
  static List<TimeSpent> of(Datagrams datagrams) {
    QuestionTimes times = new QuestionTimes();
    datagrams.dns().filter(flow -> flow.points().size() > 1).forEach(times::add);
    return List.copyOf(times.byPoints.values());
  }

  private void add(DnsFlow flow) {
    TimeSpent spent =
        byPoints.computeIfAbsent(
            flow.points(), points -> new TimeSpent(Asked.DNS_QUESTION, points));
    boolean isDivided = false;
    for (DnsFlow.Question question : flow.questions()) {
      if (question.answerFrame() == 0) {
        spent.leaveOut(LeftOut.UNANSWERED);
      } else if (question.times().isEmpty()) {
        spent.leaveOut(LeftOut.NOT_WHOLE);
      } else if (isAdded(spent, flow, question, question.times().get())) {
        isDivided = true;
      } else {
        spent.leaveOut(LeftOut.TIMES_UNCLEAR);
      }
    }
    if (isDivided && spent.needsPlaces()) {
      spent.place(/* isBesideClient= */ false, flow.isBesideServer(spent.last()));
    }
  }

  private static boolean isAdded(
      TimeSpent spent, DnsFlow flow, DnsFlow.Question question, DnsFlow.Times times) {
    List<Long> behind = new ArrayList<>(times.behindNanos());
    TimeSpent.Spans spans = new TimeSpent.Spans(behind.size() - 1);
    for (int i = 0; i < spans.legNanos.length; i++) {
      spans.legNanos[i] = behind.get(i) - behind.get(i + 1);
      spans.networkNanos += spans.legNanos[i];
      if (spans.legNanos[i] < -JITTER_NANOS) {
        return false;
      }
    }
    spans.waitNanos = times.waitNanos();
    spans.firstByteNanos = spans.waitNanos;
    spans.serverNanos = behind.get(behind.size() - 1);
    spans.retransmissionNanos = times.repeatedNanos();
    if (spans.serverNanos < 0 || spans.retransmissionNanos < 0) {
      return false;
    }
    spent.add(spans);
    if (spans.waitNanos >= TimeSpent.LONG_NANOS) {
      TimePart part = spans.most();
      spent.addLong(
          part,
          new TimeSpent.LongWait(
              -1,
              flow.flow().name(spent.first(), flow.asking()),
              question.firstFrame(),
              question.answerFrame(),
              spans.waitNanos,
              spans.of(part)),
          /* isSlowAnswer= */ false);
    }
    return true;
  }
}
