package org.mssbridge.capturefile;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.mssbridge.capturefile.AnnotatedCapture.Comments;
import org.mssbridge.capturefile.AnnotatedCapture.Result;
import org.mssbridge.capturefile.AnnotatedCapture.TsharkCount;
import org.mssbridge.model.Printable;

/**
 * Counts the frames of one capture as tshark does, and provides the comments of the current frame
 * as pcapng options.
 */
final class FrameComments {
  /**
   * Limit for the comments on one packet: tshark limits the length of a block, and more would not
   * be read.
   */
  private static final int MAX_OPTIONS_BYTES = 1 << 20;

  private final Path file;
  private final Comments source;
  private final TsharkCount tshark;
  private final boolean customBlocksAreFrames;

  private boolean sawCustomBlock;
  private long frame;
  private List<String> current = List.of();
  private ByteBuffer options = ByteBuffer.allocate(4096);
  private long written;
  private long disowned;
  private long withoutPlace;
  private long firstWithoutPlace;

  FrameComments(Path file, Comments source, TsharkCount tshark, boolean customBlocksAreFrames) {
    this.file = file;
    this.source = source;
    this.tshark = tshark;
    this.customBlocksAreFrames = customBlocksAreFrames;
  }

  /**
   * Whether tshark stopped at the current frame before the end of the file. After a custom block
   * its count of frames proves nothing, because not every tshark counts that block: then the copy
   * goes on to the damage itself, and the count must match there.
   */
  boolean hasTsharkStopped() {
    return !tshark.complete() && !sawCustomBlock && frame >= tshark.frames();
  }

  /** Records that there is a custom block, and returns whether it counts as a frame. */
  boolean countsCustomBlock() {
    sawCustomBlock = true;
    return customBlocksAreFrames;
  }

  boolean sawCustomBlock() {
    return sawCustomBlock;
  }

  /** Moves to the next frame. */
  void next() throws MisplacedException {
    frame++;
    if (frame > tshark.frames()) {
      throw misplaced("it holds more than the " + tshark.frames() + " packets that tshark saw");
    }
    current = source.of(frame);
  }

  /** Whether the copy has the current frame. */
  boolean isKept() {
    return source.keeps(frame);
  }

  /** Makes sure that the comments are about the current frame. */
  void checkTime(TimeResolution resolution, long ticks) throws MisplacedException {
    if (current.isEmpty()) {
      return;
    }
    long epochNanos = source.epochNanos(frame);
    if (epochNanos != Comments.UNKNOWN_TIME && !resolution.matches(ticks, epochNanos)) {
      throw misplaced("its packet " + frame + " has not the time that tshark saw");
    }
  }

  /** Records that the current frame cannot hold comments. */
  void dropped() {
    if (current.isEmpty()) {
      return;
    }
    withoutPlace++;
    if (firstWithoutPlace == 0) {
      firstWithoutPlace = frame;
    }
  }

  /**
   * The options to append to the current frame, without the end of the list; empty for most frames.
   * Valid until the next call.
   *
   * @param lookalikes number of comments on the frame that look like this program's
   */
  ByteBuffer options(int lookalikes, ByteOrder order) {
    options.clear().order(order);
    if (lookalikes > 0) {
      put(VisibleText.utf8(source.disowning(lookalikes)));
      disowned++;
    }
    int start = options.position();
    for (String comment : current) {
      if (!put(VisibleText.utf8(comment))) {
        options.position(start);
        dropped();
        return options.flip();
      }
    }
    written += current.size();
    return options.flip();
  }

  /** The totals, after the file has been read. */
  Result result(boolean complete) throws MisplacedException {
    if (frame != tshark.frames()) {
      throw misplaced("it holds " + frame + " packets where tshark saw " + tshark.frames());
    }
    return new Result(
        frame, written, disowned, withoutPlace, firstWithoutPlace, complete && tshark.complete());
  }

  private boolean put(byte[] text) {
    int length = Short.BYTES + Short.BYTES + Bytes.padded(text.length);
    if (options.position() + length > MAX_OPTIONS_BYTES) {
      return false;
    }
    if (options.remaining() < length) {
      ByteBuffer wider =
          ByteBuffer.allocate(2 * options.capacity() + length).order(options.order());
      options = wider.put(options.flip());
    }
    options.putShort((short) OptionCode.COMMENT).putShort((short) text.length).put(text);
    for (int i = text.length; i < Bytes.padded(text.length); i++) {
      options.put((byte) 0);
    }
    return true;
  }

  private MisplacedException misplaced(String why) {
    return new MisplacedException(
        "cannot place comments in "
            + Printable.of(file.toString())
            + ": "
            + why
            + "; compare again if it has changed since, or else convert it with editcap -F pcapng and compare that");
  }
}
