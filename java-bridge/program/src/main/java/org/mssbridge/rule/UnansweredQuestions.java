package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.mssbridge.datagram.DnsFlow;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Coverage;
import org.mssbridge.flow.DatagramFlow;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/** DNS questions that arrive at the last point and that nothing answers there. */
final class UnansweredQuestions {
  /** Resolvers wait so long by default (resolv.conf(5), "timeout"). */
  private static final long WAIT_NANOS = 5_000_000_000L;

  private UnansweredQuestions() {}

  /**
   * Questions without an answer.
   *
   * @param elsewhere whether an answer comes from another address than the one asked
   * @param answersOthers whether the server answers other questions at that point
   */
  record Unanswered(
      CapturePoint last, boolean elsewhere, boolean answersOthers, int questions, int all)
      implements Finding {
    @Override
    public Kind kind() {
      return ConnectionUnanswered.KIND;
    }

    @Override
    public String message() {
      String some =
          String.format(
              "%s that arrive at %s %s",
              Words.part(questions, all, "DNS question"), last, questions == 1 ? "is" : "are");
      return elsewhere
          ? some
              + " answered from another address than the one that was asked: resolvers drop such"
              + " answers"
          : some
              + " not answered there: the fault is "
              + Words.behind(last, Direction.S2C)
              + ", not between the capture points";
    }

    @Override
    public Facts facts() {
      return Facts.of("protocol", "DNS")
          .and("point", last.name())
          .and("fault", "behind " + last)
          .and("unanswered_questions", questions)
          .and("questions", all)
          .and("server_answers_others", answersOthers)
          .and("answered_from_another_address", elsewhere);
    }

    @Override
    public String nextStep() {
      if (elsewhere) {
        return "let the DNS server answer from the address that was asked (bind it to that address),"
            + " or let the NAT behind "
            + last
            + " translate its answers back";
      }
      return answersOthers
          ? "look into the log of the DNS server for these questions: a limit on their rate, or a"
              + " server that it asks itself and that does not answer"
          : "check that a DNS server runs at that address and lets this client ask; then look for"
              + " answers that take another route";
    }
  }

  /** The unanswered questions of one kind. */
  private record Group(CapturePoint last, boolean elsewhere, boolean answersOthers) {}

  private record Candidate(DnsFlow flow, DnsFlow.Question question) {
    CapturePoint last() {
      return flow.points().get(flow.points().size() - 1);
    }
  }

  static void check(Evidence evidence, Findings findings) {
    List<Candidate> candidates = new ArrayList<>();
    Map<CapturePoint, Integer> all = new HashMap<>();
    evidence
        .datagrams()
        .dns()
        .filter(flow -> flow.points().size() > 1)
        .forEach(
            flow -> {
              CapturePoint last = flow.points().get(flow.points().size() - 1);
              all.merge(last, flow.questions(last), Integer::sum);
              Coverage coverage = evidence.comparison().capture(last).coverage();
              for (DnsFlow.Question each : flow.questions()) {
                if (each.unansweredFrame() != 0
                    && coverage.untilNanos() - each.unansweredNanos() >= WAIT_NANOS) {
                  candidates.add(new Candidate(flow, each));
                }
              }
            });
    if (!candidates.isEmpty()) {
      report(evidence, candidates, all, findings);
    }
  }

  private static void report(
      Evidence evidence,
      List<Candidate> candidates,
      Map<CapturePoint, Integer> all,
      Findings findings) {
    Map<CapturePoint, Set<String>> answering = new HashMap<>();
    Map<CapturePoint, Map<DnsFlow.AnswerName, String>> strays = new HashMap<>();
    evidence
        .datagrams()
        .dns()
        .forEach(
            flow -> {
              for (CapturePoint point : flow.flow().points()) {
                if (!flow.answerNanos(point).isEmpty()) {
                  answering
                      .computeIfAbsent(point, key -> new HashSet<>())
                      .add(flow.serverAddress(point));
                }
                for (DnsFlow.AnswerName stray : flow.strays(point)) {
                  strays
                      .computeIfAbsent(point, key -> new TreeMap<>())
                      .put(stray, flow.serverAddress(point));
                }
              }
            });
    Map<Group, List<Occurrence>> groups = new LinkedHashMap<>();
    for (Candidate each : candidates) {
      CapturePoint last = each.last();
      String from = strays.getOrDefault(last, Map.of()).getOrDefault(each.question().name(), "");
      String server = each.flow().serverAddress(last);
      boolean answersOthers = answering.getOrDefault(last, Set.of()).contains(server);
      // One that is asked once, of a server that is never seen to answer, may be answered past it.
      if (!from.isEmpty() || answersOthers || each.question().queries() > 1) {
        groups
            .computeIfAbsent(
                new Group(last, !from.isEmpty(), answersOthers), group -> new ArrayList<>())
            .add(occurrence(each, from));
      }
    }
    groups.forEach(
        (group, occurrences) ->
            findings.add(
                new Unanswered(
                    group.last(),
                    group.elsewhere(),
                    group.answersOthers(),
                    occurrences.size(),
                    all.get(group.last())),
                occurrences));
  }

  private static Occurrence occurrence(Candidate each, String from) {
    CapturePoint first = each.flow().points().get(0);
    DatagramFlow seen = each.flow().flow().at(first).orElseThrow();
    String name = seen.name(each.flow().flow().at(first, each.flow().asking()));
    int queries = each.question().queries();
    return Occurrence.anywhere()
        .at(first, each.question().firstFrame())
        .at(each.last(), each.question().unansweredFrame())
        .saying(
            name
                + ": "
                + (from.isEmpty() ? "not answered" : "answered from " + from)
                + (queries == 1 ? "" : ", asked " + queries + " times"))
        .with(Facts.of("flow", name).and("queries", queries));
  }
}
