package org.mssbridge.split;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mssbridge.capturefile.CaptureFile;
import org.mssbridge.capturefile.CaptureRecords;
import org.mssbridge.capturefile.DigestedCapture;
import org.mssbridge.capturefile.Strictness;
import org.mssbridge.model.FilePart;
import org.mssbridge.model.FrameNumbers;

/** Splits a file that holds the same packets at several places into a file for each place. */
public final class CaptureSplitter implements Closeable {
  private static final int BUFFER_BYTES = 1 << 20;

  private final Division division;
  private final List<Path> files = new ArrayList<>();
  private final List<OutputStream> outputs = new ArrayList<>();
  private final List<FrameNumbers> numbers = new ArrayList<>();
  private final EncryptedTunnels encrypted = new EncryptedTunnels();
  private final PacketHeaders headers = new PacketHeaders();
  private int frames;
  private int others;
  private long firstNanos = Long.MAX_VALUE;
  private long lastNanos = Long.MIN_VALUE;
  private Object firstInterface;
  private boolean isOneInterface = true;
  private boolean isCooked = true;

  /**
   * The parts of a file.
   *
   * @param points in path order, from the client's side on
   * @param sha256 digest of the file as it is stored, hexadecimal
   * @param isComplete false if the file ends inside a packet
   */
  public record Result(List<Point> points, String sha256, boolean isComplete) {
    public Result {
      points = List.copyOf(points);
    }
  }

  /**
   * A point of a file.
   *
   * @param name as people know it, such as {@code eth0} or {@code vlan 20}
   * @param capture a file with the packets of this point
   * @param part what it is of the whole file
   */
  public record Point(String name, Path capture, FilePart part) {}

  private CaptureSplitter(Division division, Path folder) throws IOException {
    this.division = division;
    for (int point = 0; point < division.names().size(); point++) {
      Path file = folder.resolve("point-" + (point + 1));
      files.add(file);
      numbers.add(new FrameNumbers());
    }
    for (Path file : files) {
      outputs.add(new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES));
    }
  }

  /** Makes the folder for the parts of a file. */
  public interface Folder {
    /**
     * Makes it.
     *
     * @throws IOException if it cannot be made
     */
    Path make() throws IOException;
  }

  /**
   * Splits a file.
   *
   * @param folder asked for once, if the file is split
   * @return empty if it is one point, or no file that can be split
   * @throws IOException if it cannot be read, or the parts cannot be written
   */
  public static Optional<Result> split(Path file, Splitting wanted, Folder folder)
      throws IOException {
    Optional<Division> division = division(file, wanted);
    if (division.isEmpty()) {
      return Optional.empty();
    }
    try (DigestedCapture capture = DigestedCapture.open(file, Strictness.LIKE_TSHARK);
        CaptureSplitter splitter = new CaptureSplitter(division.get(), folder.make())) {
      CaptureRecords records =
          CaptureRecords.of(capture.content(), Strictness.LIKE_TSHARK).orElseThrow();
      splitter.write(records);
      boolean isComplete = records.isAtEnd();
      records.copyRest(OutputStream.nullOutputStream()); // It belongs to the digest.
      return Optional.of(new Result(splitter.points(file), capture.sha256(), isComplete));
    }
  }

  private static Optional<Division> division(Path file, Splitting wanted) throws IOException {
    if (wanted == Splitting.NONE || (wanted == Splitting.AUTO && isOnePlace(file))) {
      return Optional.empty();
    }
    try (InputStream content = CaptureFile.content(file, Strictness.LIKE_TSHARK)) {
      Optional<CaptureRecords> records = CaptureRecords.of(content, Strictness.LIKE_TSHARK);
      return records.isEmpty() ? Optional.empty() : PointSearch.of(records.get(), wanted);
    }
  }

  private static boolean isOnePlace(Path file) throws IOException {
    try (InputStream content = CaptureFile.content(file, Strictness.LIKE_TSHARK)) {
      Optional<CaptureRecords> records = CaptureRecords.of(content, Strictness.LIKE_TSHARK);
      return records.isEmpty() || FirstLook.isOnePlace(records.get());
    }
  }

  private void write(CaptureRecords records) throws IOException {
    while (records.next()) {
      if (!records.isFrame()) {
        for (OutputStream output : outputs) {
          records.copyTo(output);
        }
        continue;
      }
      frames++;
      int point = Division.NOWHERE;
      if (records.isPacket()) {
        headers.read(records);
        addTime(records.timeNanos());
        firstInterface = firstInterface == null ? records.seenOn() : firstInterface;
        isOneInterface &= records.seenOn() == firstInterface;
        isCooked &= headers.isCooked();
        point = division.point(headers);
      }
      if (point == Division.NOWHERE) {
        others++;
        if (records.isPacket()) {
          encrypted.add(headers, division, frames, records.timeNanos());
        }
      } else {
        records.copyTo(outputs.get(point));
        numbers.get(point).add(frames);
      }
    }
    for (OutputStream output : outputs) {
      output.flush();
    }
  }

  private void addTime(long nanos) {
    if (nanos != CaptureRecords.NO_TIME) {
      firstNanos = Math.min(firstNanos, nanos);
      lastNanos = Math.max(lastNanos, nanos);
    }
  }

  private List<Point> points(Path file) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      FilePart part =
          new FilePart(
              file,
              division.toldBy(),
              i,
              files.size(),
              numbers.get(i),
              frames,
              others,
              division.leftOut(),
              encrypted.all(),
              firstNanos,
              lastNanos,
              isOneInterface && division.isOneClock(),
              isOneInterface && isCooked);
      points.add(new Point(division.names().get(i), files.get(i), part));
    }
    return points;
  }

  @Override
  public void close() throws IOException {
    for (OutputStream output : outputs) {
      output.close();
    }
  }
}
