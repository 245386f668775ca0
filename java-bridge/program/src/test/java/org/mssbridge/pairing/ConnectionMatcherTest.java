package org.mssbridge.pairing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.mssbridge.pairing.World.Call;
import org.mssbridge.pairing.World.View;

/** Pairs the sightings of the same connection: every right pair, no wrong one, nothing guessed. */
class ConnectionMatcherTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1000 * MILLI;
  private static final long HOUR = 3600 * SECOND;

  private static ConnectionMatcher.Result match(
      List<Call> first, View firstView, List<Call> second, View secondView) {
    return new ConnectionMatcher(World.capture(first, firstView), World.capture(second, secondView))
        .match();
  }

  private static ConnectionMatcher.Result match(List<Call> calls, View first, View second) {
    return match(calls, first, calls, second);
  }

  private static void assertAllPaired(ConnectionMatcher.Result result, List<Call> calls) {
    Map<Integer, Integer> expected = new HashMap<>();
    calls.forEach(call -> expected.put(call.stream(), call.stream()));
    assertThat(World.pairs(result)).isEqualTo(expected);
    assertThat(result.firstAmbiguous()).isEmpty();
    assertThat(result.secondAmbiguous()).isEmpty();
  }

  private static void assertNoneWrong(ConnectionMatcher.Result result) {
    assertThat(World.pairs(result))
        .allSatisfy((first, second) -> assertThat(second).isEqualTo(first));
  }

  @Test
  void pairsByPayloadWhereEverythingElseIsRewritten() {
    List<Call> calls = World.calls(200, MILLI, 1);
    ConnectionMatcher.Result result = match(calls, View.PLAIN, View.REWRITTEN);

    assertAllPaired(result, calls);
    assertThat(result.matches().get(0).matchedBy()).contains("payload").doesNotContain("tuple");
  }

  @Test
  void headersAreEnough() {
    List<Call> calls = World.calls(200, 5 * MILLI, 2);

    assertAllPaired(match(calls, View.PLAIN.asHeaders(), View.REWRITTEN.asHeaders()), calls);
  }

  @Test
  void equalRequestsAreDistinguishedByTimeAlone() {
    List<Call> calls =
        World.calls(150, 200 * MILLI, 3).stream().map(call -> call.asking(7)).toList();
    ConnectionMatcher.Result result =
        match(calls, View.PLAIN, View.REWRITTEN.withJitter(100_000).withClock(-9 * HOUR));

    assertNoneWrong(result);
    assertThat(result.matches()).hasSizeGreaterThan(140);
    assertThat(result.matches().get(0).matchedBy()).contains("time");
  }

  @Test
  void equalRequestsAtOnceStayAmbiguous() {
    List<Call> calls = World.calls(20, 0, 4).stream().map(call -> call.asking(7)).toList();
    ConnectionMatcher.Result result = match(calls, View.PLAIN, View.REWRITTEN);

    assertThat(result.matches()).isEmpty();
    assertThat(result.firstAmbiguous()).hasSize(20);
    assertThat(result.secondAmbiguous()).hasSize(20);
  }

  @Test
  void aTlsRandomThatAllShareIsNoEvidenceEvenWithAPortThatIsEqualByChance() {
    List<Call> calls = World.calls(40, 0, 4).stream().map(call -> call.asking(7)).toList();
    View tls = View.REWRITTEN.withTls();
    int port = World.capture(calls, tls).get(17).client().port();
    List<Call> first =
        calls.stream().map(call -> call.stream() == 30 ? call.from(port) : call).toList();

    assertThat(match(first, View.PLAIN.withTls(), calls, tls).matches()).isEmpty();
  }

  @Test
  void equalRequestsAtRegularIntervalsStayAmbiguousSinceAnyShiftFits() {
    List<Call> first = IntStream.range(0, 40).mapToObj(i -> new Call(i, i * SECOND, 7)).toList();
    ConnectionMatcher.Result result =
        match(first.subList(0, 39), View.PLAIN, first.subList(1, 40), View.REWRITTEN);

    assertThat(result.matches()).isEmpty();
  }

  @Test
  void aFewClearPairsGiveTheOffsetForAllOthers() {
    List<Call> calls =
        World.calls(100, 100 * MILLI, 5).stream()
            .map(call -> call.stream() % 10 == 0 ? call : call.asking(7))
            .toList();
    ConnectionMatcher.Result result = match(calls, View.PLAIN, View.REWRITTEN);

    assertNoneWrong(result);
    assertThat(result.matches()).hasSizeGreaterThan(90);
  }

  @Test
  void connectionsThatOnlyOneSideSawAreNotPaired() {
    List<Call> calls = World.calls(300, 2 * MILLI, 6);
    List<Call> first = calls.stream().filter(call -> call.stream() % 5 != 0).toList();
    List<Call> second = calls.stream().filter(call -> call.stream() % 7 != 0).toList();
    List<Call> both = first.stream().filter(second::contains).toList();

    assertAllPaired(match(first, View.PLAIN, second, View.REWRITTEN), both);
  }

  @Test
  void aReusedPortIsPairedWithTheLaterConnectionOnly() {
    Call early = new Call(0, 0, 11).from(50_000);
    Call late = new Call(1, 5 * HOUR, 12).from(50_000);
    List<Call> others = World.calls(20, 900 * SECOND, 7).stream().map(World::later).toList();
    List<Call> first = concat(List.of(early, late), others);
    List<Call> second = concat(List.of(late), others);

    ConnectionMatcher.Result result = match(first, View.PLAIN, second, View.PLAIN);
    assertAllPaired(result, second);
  }

  @Test
  void theSameTupleAtAnImpossibleTimeWithOtherContentIsNoPair() {
    Call early = new Call(0, 0, 11).from(50_000);
    Call late = new Call(1, 5 * HOUR, 12).from(50_000);
    List<Call> others = World.calls(20, 900 * SECOND, 8).stream().map(World::later).toList();

    ConnectionMatcher.Result result =
        match(
            concat(List.of(early), others), View.PLAIN, concat(List.of(late), others), View.PLAIN);
    assertAllPaired(result, others);
  }

  @Property(tries = 15)
  void orderOfTheCapturesClocksAndNumbersDoNotMatter(
      @ForAll @IntRange(min = 1, max = 60) int count,
      @ForAll @IntRange(min = 0, max = 3) int kinds,
      @ForAll @IntRange(min = 1, max = 1000) int seed) {
    List<Call> calls =
        World.calls(count, 20 * MILLI, seed).stream()
            .map(call -> kinds == 0 ? call : call.asking(call.stream() % kinds))
            .toList();
    View other = View.REWRITTEN;
    ConnectionMatcher.Result asGiven = match(calls, View.PLAIN, other);
    ConnectionMatcher.Result swapped = match(calls, other, View.PLAIN);
    ConnectionMatcher.Result hoursApart = match(calls, View.PLAIN, other.withClock(-3 * HOUR));
    for (ConnectionMatcher.Result result : List.of(asGiven, swapped, hoursApart)) {
      assertNoneWrong(result);
    }
    // Of connections with the same content, a few milliseconds apart, any may stay ambiguous.
    if (kinds == 0) {
      assertThat(World.pairs(swapped)).isEqualTo(World.pairs(asGiven));
      assertThat(World.pairs(hoursApart)).isEqualTo(World.pairs(asGiven));
    }
  }

  private static List<Call> concat(List<Call> some, List<Call> others) {
    List<Call> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }
}
