package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mssbridge.evidence.Asked;
import org.mssbridge.evidence.Durations;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.LeftOut;
import org.mssbridge.evidence.TimePart;
import org.mssbridge.evidence.TimeSpent;
import org.mssbridge.evidence.TimeSpent.LongWait;
import org.mssbridge.evidence.TimeSpent.LongWaits;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.Spans;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Group;
import org.mssbridge.model.Numbers;
import org.mssbridge.model.Severity;

/**
 * Where the time of requests went: at the server, at the client, on the way, or until something was
 * sent again.
 */
final class TimeWent implements Rule {
  static final Kind CLIENT = kind("time.client", "how long a client takes until its next request");
  static final Kind NETWORK =
      kind("time.network", "how long requests and responses are on the way between the points");
  static final Kind RETRANSMISSION =
      kind("time.retransmission", "how long requests wait for something that is sent again");
  static final Kind SERVER = kind("time.server", "how long requests wait for the server");

  private static Kind kind(String code, String meaning) {
    return new Kind(code, Severity.COMMENT, Group.RESPONSE, meaning);
  }

  /** A part of the wait that is smaller by so much is not named in the summary. */
  private static final int MUCH_SMALLER = 50;

  /** Medians of the parts that come to less than one part in so many of the whole say little. */
  private static final int MOST_SHARE = 2;

  /** Fewer requests than one in so many are few. */
  private static final int FEW = 10;

  /** A wait so many times the usual one is none of a path that is slow for all. */
  private static final int UNUSUAL = 4;

  /** A wait for something that is sent again is named in the summary from here on. */
  private static final long WORTH_A_WORD_NANOS = 100_000_000L;

  /**
   * A part of the time of all requests.
   *
   * @param longWaits how many long waits are mostly for it, but for those of which another finding
   *     says the same
   * @param isDns whether these are questions of DNS
   * @param held what the verdict that nothing is wrong says of few long waits; empty for none
   * @param account the sentence on all parts
   */
  record Part(
      Kind kind,
      String message,
      String nextStep,
      int longWaits,
      boolean isDns,
      String held,
      String account,
      Facts facts)
      implements Finding {
    @Override
    public Severity severity() {
      return longWaits > 0 ? Severity.NOTE : kind.severity();
    }

    /** Of TCP, other findings name the wait of a host, and a path that is slow for many packets. */
    @Override
    public boolean qualifiesNoProblem() {
      return longWaits > 0 && (isDns || !held.isEmpty());
    }

    @Override
    public String headline() {
      return held.isEmpty() ? message : held;
    }

    @Override
    public String nextStep() {
      return longWaits > 0 ? nextStep : "";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(CLIENT, NETWORK, RETRANSMISSION, SERVER);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    List<TimeSpent> all =
        Stream.concat(evidence.timeSpent().stream(), evidence.questionTimes().stream())
            .filter(spent -> spent.requests() > 0)
            .sorted(
                Comparator.comparing(TimeSpent::asked)
                    .thenComparing(Comparator.comparing(TimeSpent::requests).reversed()))
            .toList();
    for (TimeSpent spent : all) {
      // One sentence is enough, on what most requests passed.
      String account = spent == all.get(0) ? new Sentences(spent).account() : "";
      new Path(spent, new Sentences(spent), account, findings).check();
    }
  }

  /** The findings on the requests that passed the same points. */
  private record Path(TimeSpent spent, Sentences say, String account, Findings findings) {
    void check() {
      if (spent.betweenRequests().count() > 0 || spent.part(TimePart.CLIENT).sumNanos() > 0) {
        client();
      }
      if (spent.part(TimePart.NETWORK).sumNanos() > 0) {
        add(
            NETWORK,
            TimePart.NETWORK,
            say.perRequest() + say.are(TimePart.NETWORK) + say.onTheWay() + say.legs(),
            say.held().isEmpty()
                ? (say.isDns()
                        ? "ask a DNS server nearer to the client; look"
                        : "send fewer requests one after the other, or move the ends nearer to each"
                            + " other; look")
                    + " for a detour or for full queues "
                    + say.between()
                : "look for what held packets "
                    + say.between()
                    + " at that time: a full queue, a Wi-Fi client that roams, a route that changed",
            facts(TimePart.NETWORK));
      }
      if (spent.repeating() > 0) {
        retransmission();
      }
      add(
          SERVER,
          TimePart.SERVER,
          say.perRequest() + say.are(TimePart.SERVER) + say.atServer(),
          say.isDns()
              ? "look what the DNS server does in that time: its log, and how long the servers that"
                  + " it asks itself take"
              : "look what the application on the server does in that time (its log, its database,"
                  + " the servers that it asks itself)",
          serverFacts());
    }

    private void client() {
      Durations between = spent.betweenRequests();
      String pauses =
          spent.part(TimePart.CLIENT).sumNanos() == 0
              ? ""
              : String.format(
                  "pauses within requests take up to %s",
                  Spans.text(spent.part(TimePart.CLIENT).mostNanos()));
      String gaps =
          between.count() == 0
              ? ""
              : String.format(
                  "from the end of a response to the next request %s takes %s%s",
                  say.theClient(),
                  Spans.text(between.medianNanos()),
                  between.count() == 1
                      ? ""
                      : " (median of " + Numbers.grouped(between.count()) + ")");
      add(
          CLIENT,
          TimePart.CLIENT,
          gaps + (gaps.isEmpty() || pauses.isEmpty() ? "" : "; ") + pauses,
          "look what the application on the client does while it sends a request",
          facts(TimePart.CLIENT)
              .and("pauses_between_requests", between.count())
              .and("between_requests_median_ms", ms(between.medianNanos()))
              .and("between_requests_percentile_95_ms", ms(between.percentileNanos(0.95)))
              .and("between_requests_total_ms", ms(between.sumNanos())));
    }

    private void retransmission() {
      Durations waits = spent.part(TimePart.RETRANSMISSION);
      boolean isOne = spent.repeating() == 1;
      add(
          RETRANSMISSION,
          TimePart.RETRANSMISSION,
          spent.requests() == 1
              ? "the "
                  + say.request()
                  + " waits "
                  + Spans.text(waits.mostNanos())
                  + " for something that is sent again"
              : String.format(
                  "%s of %s %s for something that is sent again%s",
                  Numbers.grouped(spent.repeating()),
                  Words.count(spent.requests(), say.request()),
                  isOne ? "waits" : "wait",
                  isOne
                      ? ": " + Spans.text(waits.mostNanos())
                      : String.format(
                          ": up to %s, %s in all",
                          Spans.text(waits.mostNanos()), Spans.text(waits.sumNanos()))),
          "look where the " + (say.isDns() ? "packets" : "segments") + " are lost " + say.between(),
          facts(TimePart.RETRANSMISSION).and("requests_that_wait", spent.repeating()));
    }

    private void add(Kind kind, TimePart part, String message, String nextStep, Facts facts) {
      LongWaits waits = spent.longWaits(part);
      int unsaid = waits.count() - waits.slowAnswers();
      Facts all = facts.and("long_waits", waits.count());
      Part found =
          new Part(
              kind,
              message + say.longWaits(part),
              nextStep,
              unsaid,
              say.isDns(),
              part == TimePart.NETWORK ? say.held() : "",
              account,
              all);
      if (unsaid == 0) {
        findings.add(found, Occurrence.anywhere());
      } else {
        findings.add(found, waits.longest().stream().map(this::occurrence).toList());
      }
    }

    private Occurrence occurrence(LongWait wait) {
      CapturePoint first = spent.first();
      boolean isFlow = !wait.flow().isEmpty();
      Occurrence where = isFlow ? Occurrence.anywhere() : Occurrence.on(wait.connection());
      Facts facts =
          Facts.NONE.and("wait_ms", ms(wait.waitNanos())).and("part_ms", ms(wait.partNanos()));
      return where
          .at(first, wait.requestFrame())
          .at(first, wait.responseFrame())
          .saying(
              (isFlow ? wait.flow() + ": " : "")
                  + String.format(
                      "frame %d ends what frame %d asks for after %s, of which this is %s",
                      wait.responseFrame(),
                      wait.requestFrame(),
                      Spans.text(wait.waitNanos()),
                      Spans.text(wait.partNanos())))
          .with(isFlow ? facts.and("flow", wait.flow()) : facts);
    }

    private Facts facts(TimePart part) {
      Durations spans = spent.part(part);
      return (say.isDns() ? Facts.of("protocol", spent.asked().protocol()) : Facts.NONE)
          .and("first_point", spent.first().name())
          .and("last_point", spent.last().name())
          .and("requests", spent.requests())
          .and("left_out", spent.leftOut())
          .and("wait_median_ms", ms(spent.waits().medianNanos()))
          .and("wait_percentile_95_ms", ms(spent.waits().percentileNanos(0.95)))
          .and("median_ms", ms(spans.medianNanos()))
          .and("percentile_95_ms", ms(spans.percentileNanos(0.95)))
          .and("longest_ms", ms(spans.mostNanos()))
          .and("total_ms", ms(spans.sumNanos()))
          .and("percent", percent(spans));
    }

    /** Of all that requests wait; rounded, as nobody needs more. */
    private OptionalInt percent(Durations spans) {
      long whole = spent.waits().sumNanos();
      return whole == 0
          ? OptionalInt.empty()
          : OptionalInt.of((int) Math.round(100.0 * spans.sumNanos() / whole));
    }

    private Facts serverFacts() {
      Facts facts =
          facts(TimePart.SERVER).and("first_byte_median_ms", ms(spent.firstBytes().medianNanos()));
      for (LeftOut reason : LeftOut.values()) {
        if (spent.leftOut(reason) > 0) {
          facts = facts.and("left_out_" + reason.label(), spent.leftOut(reason));
        }
      }
      if (spent.handshakes().count() > 0) {
        facts =
            facts
                .and("handshake_median_ms", ms(spent.handshakes().medianNanos()))
                .and("handshake_server_median_ms", ms(spent.handshakeAnswers().medianNanos()));
      }
      return spent.tlsHellos().count() == 0
          ? facts
          : facts.and("tls_hello_median_ms", ms(spent.tlsHellos().medianNanos()));
    }

    /** Milliseconds rounded to a microsecond, because captures rarely have finer times. */
    private static double ms(long nanos) {
      return Math.round(nanos / 1e3) / 1e3;
    }
  }

  /** Words on the requests that passed the same points. */
  private record Sentences(TimeSpent spent) {
    /** Such as {@code of 812 ms per request (median of 214), }. */
    String perRequest() {
      String wait = Spans.text(spent.waits().medianNanos());
      String leftOut =
          spent.leftOut() == 0 ? "" : Numbers.grouped(spent.leftOut()) + " more left out";
      return spent.requests() == 1
          ? String.format(
              "of the %s of one %s%s, ",
              wait, request(), leftOut.isEmpty() ? "" : " (" + leftOut + ")")
          : String.format(
              "of %s per %s (median of %s%s), ",
              wait,
              request(),
              Numbers.grouped(spent.requests()),
              leftOut.isEmpty() ? "" : "; " + leftOut);
    }

    String request() {
      return spent.asked().words();
    }

    boolean isDns() {
      return spent.asked() == Asked.DNS_QUESTION;
    }

    String are(TimePart part) {
      return Spans.text(spent.part(part).medianNanos()) + " are ";
    }

    String atServer() {
      return spent.isBesideServer()
          ? "at the server"
          : "at the server or on the way to it, behind " + spent.last();
    }

    String theClient() {
      return spent.isBesideClient()
          ? "the client"
          : "the client, or the way to it before " + spent.first() + ",";
    }

    String between() {
      return "between " + spent.first() + " and " + spent.last();
    }

    String onTheWay() {
      return "on the way " + between() + " and back";
    }

    /** The single legs, where there are several. */
    String legs() {
      if (spent.points().size() == 2) {
        return "";
      }
      List<String> legs = new ArrayList<>();
      for (int i = 1; i < spent.points().size(); i++) {
        legs.add(
            String.format(
                "%s to %s: %s",
                spent.points().get(i - 1),
                spent.points().get(i),
                Spans.text(spent.leg(i - 1).medianNanos())));
      }
      return " (" + String.join(", ", legs) + ")";
    }

    String longWaits(TimePart part) {
      LongWaits waits = spent.longWaits(part);
      Optional<LongWait> longest =
          waits.longest().stream().max(Comparator.comparingLong(LongWait::waitNanos));
      if (longest.isEmpty()) {
        return "";
      }
      String mostly = part == TimePart.SERVER || part == TimePart.NETWORK ? "there" : "for that";
      return spent.requests() == 1
          ? ""
          : String.format(
              "; %s %s %s or more, mostly %s, the longest %s",
              Words.count(waits.count(), request()),
              waits.count() == 1 ? "waits" : "wait",
              Spans.text(TimeSpent.LONG_NANOS),
              mostly,
              Spans.text(longest.get().waitNanos()));
    }

    /**
     * Few requests that wait long on the way, as when packets are held for a moment and go on: of
     * many, {@code path.delay} shows that the path is slow. Empty where these are none.
     */
    String held() {
      LongWaits waits = spent.longWaits(TimePart.NETWORK);
      Optional<LongWait> longest =
          waits.longest().stream().max(Comparator.comparingLong(LongWait::waitNanos));
      return isDns()
              || longest.isEmpty()
              || waits.count() * FEW > spent.requests()
              || longest.get().waitNanos() < UNUSUAL * spent.waits().medianNanos()
          ? ""
          : String.format(
              "%s of %s %s %s or more, mostly %s, the longest %s",
              Numbers.grouped(waits.count()),
              Words.count(spent.requests(), request()),
              waits.count() == 1 ? "waits" : "wait",
              Spans.text(TimeSpent.LONG_NANOS),
              onTheWay(),
              Spans.text(longest.get().waitNanos()));
    }

    /**
     * One sentence on the larger parts, the largest first. Where requests differ so much that the
     * medians of the parts are far from that of the whole, it is on the sums.
     */
    String account() {
      long wait = spent.waits().medianNanos();
      long parts = 0;
      for (TimePart part : TimePart.values()) {
        parts += spent.part(part).medianNanos();
      }
      return MOST_SHARE * parts < wait ? sums() : medians(wait);
    }

    private String sums() {
      long wait = spent.waits().sumNanos();
      return String.format(
              "all %s together wait %s: ",
              Words.count(spent.requests(), request()), Spans.text(wait))
          + Arrays.stream(TimePart.values())
              .filter(part -> spent.part(part).sumNanos() > wait / MUCH_SMALLER)
              .sorted(Comparator.comparing(part -> -spent.part(part).sumNanos()))
              .map(part -> Spans.text(spent.part(part).sumNanos()) + " " + where(part))
              .collect(Collectors.joining(", "));
    }

    private String medians(long wait) {
      List<TimePart> large =
          Arrays.stream(TimePart.values())
              .filter(part -> spent.part(part).medianNanos() > wait / MUCH_SMALLER)
              .sorted(Comparator.comparing(part -> -spent.part(part).medianNanos()))
              .toList();
      String parts =
          large.stream()
              .map(part -> Spans.text(spent.part(part).medianNanos()) + where(part, large.get(0)))
              .collect(Collectors.joining(", "));
      long repeated = spent.part(TimePart.RETRANSMISSION).mostNanos();
      return perRequest()
          + parts
          + (repeated < WORTH_A_WORD_NANOS || large.contains(TimePart.RETRANSMISSION)
              ? ""
              : String.format(
                  "; %s %s up to %s for something that is sent again",
                  Words.count(spent.repeating(), request()),
                  spent.repeating() == 1 ? "waits" : "wait",
                  Spans.text(repeated)));
    }

    private String where(TimePart part, TimePart largest) {
      return (part == largest ? " are " : " ") + where(part);
    }

    private String where(TimePart part) {
      return switch (part) {
        case SERVER -> atServer();
        case CLIENT -> "pauses of the client";
        case NETWORK -> onTheWay();
        case RETRANSMISSION -> "a wait for something that is sent again";
        case TRANSFER -> "the transfer of the data";
      };
    }
  }
}
