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
 * Counts the frames of one capture as tshark does, and holds the comments of the present one as
 * pcapng options.
 */
final class FrameComments {
  /** More on one packet than this is not written: tshark limits a block, and nobody reads it. */
  private static final int MAX_OPTIONS_BYTES = 1 << 20;

  private final Path file;
  private final Comments source;
  private final TsharkCount tshark;
  private final boolean customBlocksAreFrames;

  private boolean sawCustomBlock;
  private long frame;
  private List<String> present = List.of();
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
   * Whether tshark read no further than to the present frame, though the file goes on. Where custom
   * blocks came before, this number proves nothing: only a count that fits up to the damage itself
   * does.
   */
  boolean isCutHere() {
    return !tshark.complete() && !sawCustomBlock && frame >= tshark.frames();
  }

  /** Takes note of a custom block; says whether it counts as a frame. */
  boolean countsCustomBlock() {
    sawCustomBlock = true;
    return customBlocksAreFrames;
  }

  boolean sawCustomBlock() {
    return sawCustomBlock;
  }

  /** Goes on to the next frame. */
  void next() throws MisplacedException {
    frame++;
    if (frame > tshark.frames()) {
      throw misplaced("it holds more than the " + tshark.frames() + " packets that tshark saw");
    }
    present = source.of(frame);
  }

  /** Makes sure that the present frame is the one that its comments are about. */
  void checkTime(TimeResolution resolution, long ticks) throws MisplacedException {
    if (present.isEmpty()) {
      return;
    }
    long epochNanos = source.epochNanos(frame);
    if (epochNanos != Comments.UNKNOWN_TIME && !resolution.matches(ticks, epochNanos)) {
      throw misplaced("its packet " + frame + " has not the time that tshark saw");
    }
  }

  /** The present frame can hold no comments. */
  void dropped() {
    if (present.isEmpty()) {
      return;
    }
    withoutPlace++;
    if (firstWithoutPlace == 0) {
      firstWithoutPlace = frame;
    }
  }

  /**
   * The options to append to the present frame, without the end of the list; empty for most. Valid
   * until the next call.
   *
   * @param lookalikes comments that the frame has and that look like this program's
   */
  ByteBuffer options(int lookalikes, ByteOrder order) {
    options.clear().order(order);
    if (lookalikes > 0) {
      put(VisibleText.utf8(source.disowning(lookalikes)));
      disowned++;
    }
    int start = options.position();
    for (String comment : present) {
      if (!put(VisibleText.utf8(comment))) {
        options.position(start);
        dropped();
        return options.flip();
      }
    }
    written += present.size();
    return options.flip();
  }

  /** The sum, once the file has been read. */
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
