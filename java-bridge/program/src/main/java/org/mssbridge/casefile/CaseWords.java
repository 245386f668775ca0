package org.mssbridge.casefile;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mssbridge.casefile.CaseSummary.Boundary;
import org.mssbridge.casefile.CaseSummary.Extent;
import org.mssbridge.casefile.CaseSummary.Unaffected;
import org.mssbridge.finding.Spans;
import org.mssbridge.model.Direction;

/** How a summary is put into words. */
final class CaseWords {
  private static final int SECONDS = "2024-03-02T14:10:05".length();

  private CaseWords() {}

  /** Such as {@code 12 pairs: 10 compared, 1 failed, 1 unpaired}. */
  static String pairs(Extent extent) {
    long all = extent.compared() + extent.failed() + extent.unpaired();
    return count(all, "pair")
        + ": "
        + number(extent.compared())
        + " compared, "
        + number(extent.failed())
        + " failed, "
        + number(extent.unpaired())
        + " unpaired";
  }

  /** The numbers of connections and findings, and the time range. */
  static String extent(Extent extent) {
    String connections =
        count(extent.connections(), "connection")
            + ", "
            + number(extent.matched())
            + " seen at two points or more; "
            + count(extent.findings(), "finding");
    return extent.first().isEmpty()
        ? connections
        : connections
            + "; "
            + time(extent.first().get())
            + " to "
            + time(extent.last().orElseThrow())
            + " UTC";
  }

  static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String count(long number, String noun) {
    return number(number) + " " + noun + (number == 1 ? "" : "s");
  }

  /** Formats a time to the second; what another program wrote may be shorter. */
  static String time(String time) {
    return time.substring(0, Math.min(SECONDS, time.length())).replace('T', ' ');
  }

  /** Such as {@code client > server: MSS 1460 -> 1380}, or an example where there are no values. */
  static String what(CaseChange change) {
    String path = change.near().isPresent() ? path(change) + ": " : "";
    return change.nearValue().isPresent()
        ? path
            + change.subject().map(s -> s + " ").orElse("")
            + change.nearValue().get()
            + " -> "
            + change.farValue().orElse("")
        : path + change.message().orElse("for example: " + change.example());
  }

  private static String path(CaseChange change) {
    return change.near().get() + " > " + change.far().orElse("?");
  }

  /** Such as {@code client > server, to 198.51.100.20:443}. */
  static String where(RequestTimes times) {
    return times.firstPoint() + " > " + times.lastPoint() + ", to " + times.server();
  }

  /**
   * Such as {@code of 812 ms per request (median of 214 connections), 790 ms are at the server}.
   */
  static String parts(RequestTimes times) {
    if (!times.shifts().isEmpty()) {
      // A median over two levels is a time that nobody waited.
      return count(times.requests(), "request") + " on " + count(times.connections(), "connection");
    }
    String parts =
        Arrays.stream(RequestTimes.Part.values())
            .filter(part -> part != RequestTimes.Part.WAIT)
            .filter(part -> times.medianNanos().get(part) > 0)
            .map(
                part ->
                    Spans.text(times.medianNanos().get(part))
                        + " "
                        + where(part, times.lastPoint()))
            .collect(Collectors.joining(", "));
    return "of "
        + Spans.text(times.medianNanos().get(RequestTimes.Part.WAIT))
        + " per request (median of "
        + count(times.connections(), "connection")
        + ")"
        + (parts.isEmpty() ? "" : ", " + parts);
  }

  /** Such as {@code since 2024-03-02 09:00:12 it is 512 ms at the server (median of 100 …)}. */
  static String since(RequestTimes times, RequestTimes.Shift shift) {
    return String.format(
        Locale.ROOT,
        "since %s %s per request %s (median of %s), %s %s than before (%s, median of %s)",
        time(shift.since()),
        Spans.text(shift.afterNanos()),
        where(shift.part(), times.lastPoint()),
        count(shift.after(), "connection"),
        Spans.text(Math.abs(shift.afterNanos() - shift.beforeNanos())),
        shift.afterNanos() > shift.beforeNanos() ? "more" : "less",
        Spans.text(shift.beforeNanos()),
        count(shift.before(), "connection"));
  }

  /** Such as {@code 12 segments client to server for what was lost between client and server}. */
  static String what(SentAgain again) {
    return count(again.segments(), "segment") + " " + way(again.direction()) + " " + why(again);
  }

  private static String why(SentAgain again) {
    String place =
        again.near().isEmpty()
            ? ""
            : " between " + again.near().get() + " and " + again.far().orElse("?");
    return switch (again.cause()) {
      case LOST_BEFORE -> "for what was lost before the first point";
      case LOST_BETWEEN -> "for what was lost" + place;
      case LOST_AFTER ->
          "for what was lost or late after the last point, itself or its acknowledgment";
      case ACK_LOST ->
          "for what arrived and whose acknowledgment was lost"
              + (place.isEmpty() ? " or late after it passed the first point" : place);
      case NEEDLESS ->
          "for what the receiver had already (its report was late, lost or not heeded)";
      case MISSED -> "for what a capture lacks";
      case UNKNOWN -> "for a reason that the captures do not show";
    };
  }

  /** Such as {@code 12,000 bytes, on 10 connections in 3 pairs}. */
  static String where(SentAgain again) {
    return count(again.bytes(), "byte")
        + ", on "
        + count(again.connections(), "connection")
        + " in "
        + count(again.pairs(), "pair");
  }

  /** Such as {@code at the server or on the way to it, behind server}. */
  private static String where(RequestTimes.Part part, String lastPoint) {
    return part == RequestTimes.Part.SERVER
        ? part.words() + " or on the way to it, behind " + lastPoint
        : part.words();
  }

  /** Such as {@code router on 240, mss-clamp on 12}. */
  static String functions(Boundary boundary) {
    return boundary.functions().entrySet().stream()
        .map(
            f ->
                (f.getKey().equals("none") ? "nothing that shows" : f.getKey())
                    + " on "
                    + number(f.getValue()))
        .collect(Collectors.joining(", "));
  }

  /** A case file has {@code c2s} or {@code s2c}; readers get words. */
  static String way(String label) {
    return Arrays.stream(Direction.values())
        .filter(direction -> direction.label().equals(label))
        .map(Direction::words)
        .findFirst()
        .orElse("");
  }

  /** Such as {@code client to server, on 12 of 240 connections (5.0 %) in 3 pairs}. */
  static String where(CaseChange change) {
    String direction = change.direction().map(label -> way(label) + ", ").orElse("");
    String pairs = " in " + count(change.pairs(), "pair");
    if (change.connections() == 0) {
      return direction + count(change.findings(), "finding") + pairs;
    }
    if (change.ofConnections().isEmpty()) {
      return direction + "on " + count(change.connections(), "connection") + pairs;
    }
    long all = change.ofConnections().getAsLong();
    return String.format(
        Locale.ROOT,
        "%son %s of %s (%.1f %%)%s",
        direction,
        number(change.connections()),
        count(all, "connection"),
        100.0 * change.connections() / Math.max(all, 1),
        pairs);
  }

  /** Such as {@code ; new since 2024-03-02 14:10:05 (0 of 120 connections in 4 pairs before)}. */
  static String when(CaseChange change) {
    if (change.since().isEmpty()) {
      return "";
    }
    String since = time(change.since().get());
    String until = time(change.until().orElseThrow());
    if (since.equals(until) && change.before().isEmpty() && change.after().isEmpty()) {
      return "; at " + since;
    }
    return (change.before().isPresent() ? "; new since " : "; since ")
        + since
        + none(change.before(), "before")
        + " until "
        + until
        + none(change.after(), "after");
  }

  private static String none(Optional<Unaffected> unaffected, String side) {
    return unaffected
        .map(
            u ->
                String.format(
                    " (0 of %s in %s %s)",
                    count(u.connections(), "connection"), count(u.pairs(), "pair"), side))
        .orElse("");
  }
}
