package org.mssbridge.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.mssbridge.evidence.LegInterval;
import org.mssbridge.evidence.LegOverTime;
import org.mssbridge.evidence.OverTime;

/** The legs over time in the JSON report: columns, of those intervals in which anything passed. */
final class OverTimeJson {
  private final JsonGenerator out;

  OverTimeJson(JsonGenerator out) {
    this.out = out;
  }

  void write(OverTime overTime) throws IOException {
    out.writeArrayFieldStart("over_time");
    for (LegOverTime series : overTime.legs()) {
      write(series);
    }
    out.writeEndArray();
  }

  private void write(LegOverTime series) throws IOException {
    out.writeStartObject();
    writeNumber("connection", series.connection());
    out.writeNumberField("connections", series.connections());
    out.writeStringField("direction", series.leg().direction().label());
    out.writeStringField("near", series.leg().near().name());
    out.writeStringField("far", series.leg().far().name());
    out.writeStringField(
        "from", Instant.EPOCH.plusNanos(series.intervals().fromNanos()).toString());
    out.writeNumberField("width_ms", series.intervals().widthNanos() / 1e6);
    out.writeNumberField("intervals", series.intervals().count());
    write("near_reached", series.near());
    write("far_reached", series.far());
    OptionalLong uncertainty = series.clock().uncertaintyNanos();
    if (uncertainty.isPresent()) {
      out.writeNumberField("uncertainty_ms", milliseconds(uncertainty.getAsLong()));
    } else {
      out.writeNullField("uncertainty_ms");
    }
    out.writeStringField(
        "delay_unknown", uncertainty.isPresent() ? null : series.clock().whyUnknown());
    writeNumber("mss_bytes", series.mssBytes());
    for (Column column : Column.values()) {
      out.writeArrayFieldStart(column.name().toLowerCase(Locale.ROOT));
      for (LegInterval interval : series.active()) {
        write(column.of(series, interval));
      }
      out.writeEndArray();
    }
    out.writeEndObject();
  }

  private void write(String name, Optional<LegOverTime.Reached> reached) throws IOException {
    if (reached.isEmpty()) {
      out.writeNullField(name);
      return;
    }
    out.writeArrayFieldStart(name);
    out.writeNumber(reached.get().first());
    out.writeNumber(reached.get().last());
    out.writeEndArray();
  }

  private void writeNumber(String name, OptionalInt value) throws IOException {
    if (value.isPresent()) {
      out.writeNumberField(name, value.getAsInt());
    } else {
      out.writeNullField(name);
    }
  }

  private void write(Optional<? extends Number> value) throws IOException {
    if (value.isEmpty()) {
      out.writeNull();
    } else if (value.get() instanceof Double fraction) {
      out.writeNumber(fraction);
    } else {
      out.writeNumber(value.get().longValue());
    }
  }

  /** Milliseconds rounded to a microsecond, because captures rarely have finer times. */
  private static double milliseconds(long nanos) {
    return Math.round(nanos / 1e3) / 1e3;
  }

  /** The columns, with the names of the report. */
  private enum Column {
    INTERVAL,
    SENT_SEGMENTS,
    LOST_SEGMENTS,
    UNKNOWN_SEGMENTS,
    REPEATED_SEGMENTS,
    SENT_BYTES,
    ARRIVED_BYTES,
    DELAY_SEGMENTS,
    DELAY_MEDIAN_MS,
    DELAY_PERCENTILE_95_MS,
    DELAY_WORST_MS,
    JITTER_MS,
    IN_FLIGHT_BYTES,
    WINDOW_BYTES;

    Optional<? extends Number> of(LegOverTime series, LegInterval interval) {
      Optional<LegInterval.Delay> delay = interval.delay();
      return switch (this) {
        case INTERVAL -> Optional.of(interval.number());
        case SENT_SEGMENTS -> near(series, interval, interval.sentSegments());
        case LOST_SEGMENTS ->
            near(series, interval, interval.lostSegments()).filter(lost -> interval.isJudged());
        case UNKNOWN_SEGMENTS -> near(series, interval, interval.unknownSegments());
        case REPEATED_SEGMENTS -> near(series, interval, interval.repeatedSegments());
        case SENT_BYTES -> near(series, interval, interval.sentBytes());
        case ARRIVED_BYTES ->
            Optional.of(interval.arrivedBytes()).filter(bytes -> isReached(series.far(), interval));
        case DELAY_SEGMENTS -> Optional.of(delay.map(LegInterval.Delay::segments).orElse(0));
        case DELAY_MEDIAN_MS -> delay.map(of -> milliseconds(of.medianNanos()));
        case DELAY_PERCENTILE_95_MS -> delay.map(of -> milliseconds(of.percentile95Nanos()));
        case DELAY_WORST_MS -> delay.map(of -> milliseconds(of.worstNanos()));
        case JITTER_MS ->
            interval.jitterNanos().isPresent()
                ? Optional.of(milliseconds(interval.jitterNanos().getAsLong()))
                : Optional.empty();
        case IN_FLIGHT_BYTES -> interval.flight().map(LegInterval.Flight::bytes);
        case WINDOW_BYTES ->
            interval
                .flight()
                .map(LegInterval.Flight::windowBytes)
                .filter(OptionalLong::isPresent)
                .map(OptionalLong::getAsLong);
      };
    }

    /** What the near capture can only show where it reaches. */
    private static Optional<Number> near(LegOverTime series, LegInterval interval, Number value) {
      return Optional.of(value).filter(known -> isReached(series.near(), interval));
    }

    private static boolean isReached(Optional<LegOverTime.Reached> reached, LegInterval interval) {
      return reached.map(run -> run.contains(interval.number())).orElse(false);
    }
  }
}
