package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code over_time} of the JSON report, and how large it and the page become. */
class OverTimeTest {
  @TempDir private Path folder;

  private ReportOf report(String script) throws IOException {
    Path file = folder.resolve("story.txt");
    Files.writeString(file, script);
    return ReportOf.captures(Story.of(file).captures(folder));
  }

  private static List<Map<String, Object>> series(ReportOf report) {
    return ((List<?>) report.root().get("over_time")).stream().map(ReportOf::map).toList();
  }

  /** All connections together in a direction. */
  private static Map<String, Object> all(ReportOf report, String direction) {
    return series(report).stream()
        .filter(one -> one.get("connection") == null && one.get("direction").equals(direction))
        .findFirst()
        .orElseThrow();
  }

  private static List<Double> numbers(Map<String, Object> series, String column) {
    return ((List<?>) series.get(column))
        .stream().filter(Objects::nonNull).map(n -> ((Number) n).doubleValue()).toList();
  }

  private static double sum(Map<String, Object> series, String column) {
    return numbers(series, column).stream().mapToDouble(n -> n).sum();
  }

  @ParameterizedTest
  @ValueSource(strings = {"seed-20633", "lab-05-seed", "lab-10-pmtud-blackhole"})
  void sumsAreThoseOfTheArrivals(String example) throws IOException {
    ReportOf report = ReportOf.captures(ReportOf.example(example));
    List<Map<String, Object>> arrivals =
        ((List<?>) report.root().get("arrivals")).stream().map(ReportOf::map).toList();
    assertThat(arrivals).isNotEmpty();
    for (Map<String, Object> arrival : arrivals) {
      Map<String, Object> all = all(report, arrival.get("direction").toString());
      assertThat(sum(all, "sent_segments"))
          .isEqualTo(((Number) arrival.get("compared")).doubleValue());
      assertThat(sum(all, "lost_segments")).isEqualTo(((Number) arrival.get("lost")).doubleValue());
      assertThat(sum(all, "unknown_segments"))
          .isEqualTo(((Number) arrival.get("unknown")).doubleValue());
    }
    for (String direction : List.of("c2s", "s2c")) {
      for (String column : List.of("sent_bytes", "arrived_bytes", "repeated_segments")) {
        double own =
            series(report).stream()
                .filter(
                    one -> one.get("connection") != null && one.get("direction").equals(direction))
                .mapToDouble(one -> sum(one, column))
                .sum();
        assertThat(sum(all(report, direction), column)).as(column).isEqualTo(own);
      }
    }
  }

  @Test
  void delayJitterFlightAndWindowAreThoseOfThePackets() throws IOException {
    ReportOf report =
        report(
            """
            point client
            point server  clock +250ms
            between client server  delay 10ms  hops 3
            connection web  192.0.2.10:50001 -> 198.51.100.20:8080  window 1000 2000
            0.000 handshake <mss 1460, nop, wscale 2> <mss 1400, nop, wscale 3>
            1.000 c2s . 1:1001(1000) ack 1
            1.001 c2s P. 1001:1501(500) ack 1  late 4ms
            1.040 s2c . 1 ack 1501
            9.000 c2s P. 1501:1601(100) ack 1
            9.040 s2c . 1 ack 1601
            """);
    Map<String, Object> there = all(report, "c2s");
    List<Double> intervals = numbers(there, "interval");
    double width = ((Number) there.get("width_ms")).doubleValue();
    int at = intervals.indexOf(Math.floor(1000 / width));
    assertThat(width).isEqualTo(50);
    assertThat(there).containsEntry("mss_bytes", 1400L).containsEntry("uncertainty_ms", 10.0);
    assertThat(numbers(there, "delay_worst_ms").get(at)).isEqualTo(14);
    assertThat(numbers(there, "delay_median_ms").get(at)).isEqualTo(10);
    // The segment before the first one is the ACK of the handshake: (0 + 4) / 2.
    assertThat(numbers(there, "jitter_ms").get(at)).isEqualTo(2);
    assertThat(numbers(there, "in_flight_bytes").get(at)).isEqualTo(1500);
    assertThat(numbers(there, "window_bytes").get(at)).isEqualTo(2000);
  }

  @Test
  void whereACaptureDoesNotReachThereIsNoNumber() throws IOException {
    ReportOf report =
        report(
            """
            point client
            point server  clock +250ms  until 4.0
            between client server  delay 10ms  hops 3
            connection web  192.0.2.10:50001 -> 198.51.100.20:8080
            0.000 handshake <mss 1460>
            0.100 exchange 9 times 300 700 every 1s
            """);
    Map<String, Object> there = all(report, "c2s");
    List<?> far = (List<?>) there.get("far_reached");
    List<?> intervals = (List<?>) there.get("interval");
    List<?> arrived = (List<?>) there.get("arrived_bytes");
    List<?> lost = (List<?>) there.get("lost_segments");
    List<?> sent = (List<?>) there.get("sent_segments");
    long last = (Long) far.get(1);
    int after = 0;
    for (int i = 0; i < intervals.size(); i++) {
      if ((Long) intervals.get(i) > last) {
        assertThat(arrived.get(i)).isNull();
        assertThat(lost.get(i) == null || sent.get(i).equals(0L)).isTrue();
        after++;
      } else {
        assertThat(arrived.get(i)).isNotNull();
      }
    }
    assertThat(after).isGreaterThan(3);
  }

  @Test
  void withoutAUsableClockThereIsNoDelayAndTheReportSaysWhy() throws IOException {
    ReportOf report =
        ReportOf.captures(
            Story.of(Story.FOLDER.resolve("capture.one-direction.txt")).captures(folder));
    assertThat(series(report)).isNotEmpty();
    for (Map<String, Object> one : series(report)) {
      assertThat(one.get("uncertainty_ms")).isNull();
      assertThat(one.get("delay_unknown")).asString().contains("the clocks differ");
      assertThat(numbers(one, "delay_median_ms")).isEmpty();
    }
  }

  /**
   * Four times the packets in the same time: as many numbers, and the same ladder, which is cut.
   */
  @Test
  void neitherReportNorPageGrowWithPackets() throws IOException {
    Sizes few = sizes(1500, "10ms");
    Sizes many = sizes(6000, "2500us");
    assertThat(many.series()).isLessThan(few.series() * 11 / 10);
    assertThat(many.page()).isLessThan(few.page() * 11 / 10);
  }

  private record Sizes(long series, long page) {}

  private Sizes sizes(int exchanges, String every) throws IOException {
    Path place = Files.createDirectories(folder.resolve(String.valueOf(exchanges)));
    Path file = place.resolve("story.txt");
    Files.writeString(
        file,
        """
        point client
        point server  clock +250ms
        between client server  delay 10ms  hops 3
        connection web  192.0.2.10:50001 -> 198.51.100.20:8080
        0.000 handshake <mss 1460>
        0.100 exchange %d times 300 700 every %s
        """
            .formatted(exchanges, every));
    Path[] captures = Story.of(file).captures(place);
    Path page = place.resolve("page.html");
    CommandRun.compare("--html", page, captures[0], captures[1]).assertDone();
    ReportOf report = ReportOf.captures(captures);
    assertThat(series(report)).hasSize(4);
    return new Sizes(
        series(report).stream().map(String::valueOf).collect(Collectors.joining()).length(),
        Files.size(page));
  }

  /** So many connections that not all have series of their own. */
  @Test
  void onlyTheLargestConnectionsHaveTheirOwn() throws IOException {
    ReportOf report =
        report(
            """
            point client
            point server  clock +250ms
            between client server  delay 10ms  hops 3
            repeat 40 every 100ms
            connection web  192.0.2.10:50001 -> 198.51.100.20:8080
            0.000 handshake <mss 1460>
            0.100 exchange 2 times 300 700 every 10ms
            end
            connection large  192.0.2.99:50001 -> 198.51.100.20:8080
            9.000 handshake <mss 1460>
            9.100 exchange 20 times 300 700 every 100ms
            """);
    List<Object> own =
        series(report).stream().map(one -> one.get("connection")).distinct().toList();
    assertThat(own).hasSize(25).contains(40L).startsWith((Object) null);
    assertThat(all(report, "c2s")).containsEntry("connections", 41L);
  }
}
