package org.mssbridge.casefile;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.flow.LongList;

/**
 * Where the time of the requests to one server went, over all pairs. A connection counts with the
 * mean of its requests.
 *
 * @param server as the last point saw it, such as {@code 198.51.100.20:443}
 * @param firstPoint of the points that saw the requests, from the client's side
 * @param connections number of connections
 * @param requests number of requests
 * @param medianNanos median of what a request waited for, by part; of {@link Part#WAIT} the whole
 * @param shifts what changed at some time
 * @param trend median of the whole wait by step, in ms; steps without a connection are missing
 */
record RequestTimes(
    String server,
    String firstPoint,
    String lastPoint,
    long connections,
    long requests,
    Map<Part, Long> medianNanos,
    List<Shift> shifts,
    Map<String, Long> trend) {
  private static final double NANOS_PER_MS = 1e6;

  /** More servers than that are not listed, but for those whose times changed. */
  private static final int MOST = 10;

  RequestTimes {
    medianNanos = Map.copyOf(medianNanos);
    shifts = List.copyOf(shifts);
    trend = Map.copyOf(trend);
  }

  /** What a request waits for. */
  enum Part {
    WAIT("wait_ms", ""),
    SERVER("server_ms", "at the server"),
    NETWORK("network_ms", "on the way"),
    RETRANSMISSION("retransmission_ms", "for something sent again");

    private final String column;
    private final String words;

    Part(String column, String words) {
      this.column = column;
      this.words = words;
    }

    /** Such as {@code at the server}. */
    String words() {
      return words;
    }
  }

  /**
   * A part that takes another time than before.
   *
   * @param since when the first connection after the change began
   * @param before number of connections before it
   * @param after number of connections from it on
   */
  record Shift(Part part, String since, long beforeNanos, long afterNanos, int before, int after) {}

  /** Those of a case: the servers with the most requests, and those whose times changed. */
  static List<RequestTimes> list(Query query, TimeScale scale) throws SQLException {
    List<RequestTimes> all = new ArrayList<>();
    List<Group> open = new ArrayList<>();
    query.each(
        row -> {
          if (open.isEmpty() || !open.get(0).isOf(row)) {
            open.forEach(group -> all.add(group.times(scale)));
            open.clear();
            open.add(new Group(row));
          }
          open.get(0).add(row);
        },
        """
        SELECT s.server, t.*, n.first
        FROM request_time t
        JOIN connection n USING (pair, connection)
        JOIN sighting s ON s.pair = t.pair AND s.connection = t.connection AND s.point = t.last_point
        ORDER BY s.server, t.first_point, t.last_point, n.first, t.pair, t.connection
        """);
    open.forEach(group -> all.add(group.times(scale)));
    all.sort(Comparator.comparing(times -> -times.requests()));
    List<RequestTimes> listed = new ArrayList<>(all.subList(0, Math.min(MOST, all.size())));
    all.stream().skip(MOST).filter(times -> !times.shifts().isEmpty()).forEach(listed::add);
    return List.copyOf(listed);
  }

  /** The connections to one server, in the order of time. */
  private static final class Group {
    private final String server;
    private final String firstPoint;
    private final String lastPoint;
    private final Map<String, Integer> pairNumbers = new HashMap<>();
    private final List<String> begins = new ArrayList<>();
    private final Map<Part, long[]> values = new LinkedHashMap<>();
    private int[] pairs = new int[16];
    private long requests;

    Group(ResultSet row) throws SQLException {
      server = row.getString("server");
      firstPoint = row.getString("first_point");
      lastPoint = row.getString("last_point");
      for (Part part : Part.values()) {
        values.put(part, new long[16]);
      }
    }

    boolean isOf(ResultSet row) throws SQLException {
      return row.getString("server").equals(server)
          && row.getString("first_point").equals(firstPoint)
          && row.getString("last_point").equals(lastPoint);
    }

    void add(ResultSet row) throws SQLException {
      int place = begins.size();
      if (place == pairs.length) {
        pairs = Arrays.copyOf(pairs, 2 * place);
        values.replaceAll((part, some) -> Arrays.copyOf(some, 2 * some.length));
      }
      begins.add(row.getString("first"));
      pairs[place] = pairNumbers.computeIfAbsent(row.getString("pair"), id -> pairNumbers.size());
      long count = row.getLong("requests");
      requests += count;
      for (Part part : Part.values()) {
        values.get(part)[place] = Math.round(row.getDouble(part.column) * NANOS_PER_MS / count);
      }
    }

    RequestTimes times(TimeScale scale) {
      Map<Part, Long> medians = new LinkedHashMap<>();
      List<Shift> shifts = new ArrayList<>();
      for (Part part : Part.values()) {
        long[] all = Arrays.copyOf(values.get(part), begins.size());
        medians.put(part, median(all));
        if (part != Part.WAIT) {
          Optional<TimeShift> shift = TimeShift.of(all, Arrays.copyOf(pairs, all.length));
          shift.ifPresent(found -> shifts.add(shift(part, found)));
        }
      }
      return new RequestTimes(
          server, firstPoint, lastPoint, begins.size(), requests, medians, shifts, trend(scale));
    }

    private Shift shift(Part part, TimeShift found) {
      return new Shift(
          part,
          begins.get(found.first()),
          found.beforeNanos(),
          found.afterNanos(),
          found.first(),
          begins.size() - found.first());
    }

    private static long median(long[] some) {
      LongList list = new LongList();
      Arrays.stream(some).forEach(list::add);
      return list.median();
    }

    private Map<String, Long> trend(TimeScale scale) {
      Map<String, Long> trend = new LinkedHashMap<>();
      long[] waits = values.get(Part.WAIT);
      for (int from = 0; from < begins.size(); ) {
        String step = scale.step(begins.get(from));
        int to = from;
        while (to < begins.size() && scale.step(begins.get(to)).equals(step)) {
          to++;
        }
        long waited = median(Arrays.copyOfRange(waits, from, to));
        trend.put(step, Math.max(1, Math.round(waited / NANOS_PER_MS)));
        from = to;
      }
      return trend;
    }
  }
}
