package org.mssbridge.diff;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mssbridge.model.Direction;
import org.mssbridge.model.FileTrouble;
import org.mssbridge.model.Printable;

/**
 * A report that {@code --json} wrote, as far as two of them are compared.
 *
 * @param file where it is
 * @param version that of the program that wrote it
 * @param limits options that keep something out of a report, such as {@code --only path.lost}
 * @param arrivals what happened to data segments, by leg and direction
 * @param mss by direction and capture point, on how many connections each value was announced
 * @param matched number of connections seen at more than one point
 * @param oneSided number of connections seen at one point only, by point
 */
public record SavedReport(
    Path file,
    String version,
    List<String> limits,
    List<Capture> captures,
    List<SavedFinding> findings,
    Map<Leg, Arrivals> arrivals,
    Map<MssPlace, Map<Integer, Integer>> mss,
    long matched,
    Map<String, Long> oneSided) {
  static final String SCHEMA = "mssbridge-report/1";

  public SavedReport {
    limits = List.copyOf(limits);
    captures = List.copyOf(captures);
    findings = List.copyOf(findings);
  }

  /**
   * A capture.
   *
   * @param sha256 empty where it was not computed
   * @param first time of its first packet
   * @param isComplete whether it could be read to its end
   */
  record Capture(
      String point,
      String sha256,
      long packets,
      Optional<Instant> first,
      Optional<Instant> last,
      boolean isComplete) {}

  /** From one capture point to the next, in the direction of the segments. */
  record Leg(Direction direction, String near, String far) {}

  /** What happened to data segments; those lost are some of those compared. */
  record Arrivals(long compared, long lost, long missedByCapture) {}

  /** Where an MSS was seen. */
  record MssPlace(Direction direction, String point) implements Comparable<MssPlace> {
    @Override
    public int compareTo(MssPlace other) {
      int byDirection = direction.compareTo(other.direction);
      return byDirection != 0 ? byDirection : point.compareTo(other.point);
    }
  }

  /**
   * Reads a report.
   *
   * @throws UnreadableReportException if the file cannot be read or is no report
   */
  public static SavedReport read(Path file) throws UnreadableReportException {
    try (InputStream in = Files.newInputStream(file)) {
      return new ReportReader(file, in).read();
    } catch (ReportReader.NoReport e) {
      throw new UnreadableReportException(
          Printable.of(file) + ": is no report; name a file that compare --json wrote", e);
    } catch (IOException e) {
      throw new UnreadableReportException(
          Printable.of(file) + ": " + FileTrouble.reason(e) + "; name a report", e);
    }
  }

  /** The values announced at a place, the most frequent first; empty if there are none. */
  List<Map.Entry<Integer, Integer>> mssAt(MssPlace place) {
    return mss.getOrDefault(place, new TreeMap<>()).entrySet().stream()
        .sorted(Map.Entry.<Integer, Integer>comparingByValue().reversed())
        .toList();
  }
}
