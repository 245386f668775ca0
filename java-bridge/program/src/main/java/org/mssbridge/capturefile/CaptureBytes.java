package org.mssbridge.capturefile;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipException;
import org.mssbridge.model.Printable;
import org.mssbridge.output.FileTrouble;
import org.mssbridge.output.OutputException;

/**
 * The bytes of a capture file in order, unzipped where needed. A damaged or shortened gzip file
 * just ends where its damage begins, as it does for tshark.
 */
final class CaptureBytes implements Closeable {
  /** More than this is never asked for at once: a block beyond it is copied in pieces. */
  static final int MAX_WINDOW_BYTES = 16 << 20;

  private static final int WINDOW_BYTES = 1 << 20;

  private final Path file;
  private final InputStream in;
  private byte[] window = new byte[WINDOW_BYTES];
  private ByteBuffer view = ByteBuffer.wrap(window);
  private int start;
  private int end;

  private CaptureBytes(Path file, InputStream in) {
    this.file = file;
    this.in = in;
  }

  static CaptureBytes open(Path file) throws OutputException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new OutputException(
          "cannot read " + Printable.of(file.toString()) + ": not a regular file");
    }
    try {
      byte[] magic;
      try (InputStream head = Files.newInputStream(file)) {
        magic = head.readNBytes(5);
      }
      return new CaptureBytes(
          file, CaptureCompression.of(magic, file).unzip(Files.newInputStream(file)));
    } catch (OutputException e) {
      throw e;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Whether {@code count} more bytes are there; they stand in {@link #view} from {@link #position}
   * on then.
   */
  boolean has(int count) throws OutputException {
    if (end - start >= count) {
      return true;
    }
    makeRoom(count);
    while (end - start < count) {
      int read = read();
      if (read < 0) {
        return false;
      }
      end += read;
    }
    return true;
  }

  /** The window; valid until the next {@link #has} or {@link #copy}. */
  ByteBuffer view() {
    return view;
  }

  int position() {
    return start;
  }

  void skip(int count) {
    start += count;
  }

  boolean isAtEnd() throws OutputException {
    return !has(1);
  }

  /** Moves {@code count} bytes to {@code out}; false if the file ends before. */
  boolean copy(long count, BlockWriter out) throws OutputException {
    long left = count;
    while (left > 0) {
      if (!has(1)) {
        return false;
      }
      int step = (int) Math.min(left, end - start);
      out.put(window, start, step);
      start += step;
      left -= step;
    }
    return true;
  }

  @Override
  public void close() throws OutputException {
    try {
      in.close();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private void makeRoom(int count) {
    if (count > window.length - start) {
      byte[] target = count > window.length ? new byte[Integer.highestOneBit(count) * 2] : window;
      System.arraycopy(window, start, target, 0, end - start);
      end -= start;
      start = 0;
      if (target != window) {
        window = target;
        view = ByteBuffer.wrap(window).order(view.order());
      }
    }
  }

  private int read() throws OutputException {
    try {
      return in.read(window, end, window.length - end);
    } catch (EOFException | ZipException e) {
      return -1;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static OutputException unreadable(Path file, IOException cause) {
    String why = FileTrouble.reason(cause);
    return new OutputException("cannot read " + Printable.of(file.toString()) + ": " + why, cause);
  }
}
