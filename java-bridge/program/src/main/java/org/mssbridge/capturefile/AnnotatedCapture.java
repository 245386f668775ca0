package org.mssbridge.capturefile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.mssbridge.model.Printable;
import org.mssbridge.output.FileTrouble;
import org.mssbridge.output.OutputException;
import org.mssbridge.output.WholeFile;

/**
 * Writes a copy of a capture as pcapng with comments on its packets. Every block, option and time
 * stamp of the input stays as it was, in its byte order and place; comments are appended to the
 * options of a packet, and the length of a section that has one grows by what was added. Classic
 * pcap becomes one section with one interface of the same link type, snapshot length and time
 * resolution.
 *
 * <p>Formats: pcapng (draft-ietf-opsawg-pcapng) and pcap (draft-ietf-opsawg-pcap) in both byte
 * orders, plain or gzip.
 */
public final class AnnotatedCapture {
  /** What a comment of this program holds, and what makes a comment of the input look like one. */
  public static final String MARK = "[mssbridge/";

  private static final List<String> ENDINGS = List.of(".pcapng", ".pcap", ".cap");

  private AnnotatedCapture() {}

  /**
   * What to write on which frame. Asked in file order, for some captures a second time from the
   * beginning, so the answers must not change. Answers may hold anything: each becomes one line of
   * at most 65,535 bytes of UTF-8.
   */
  public interface Comments {
    /** What {@link #epochNanos} answers if it does not know. */
    long UNKNOWN_TIME = Long.MIN_VALUE;

    /**
     * The comments for a frame, in order.
     *
     * @param frame 1-based, as tshark counts
     * @return empty for most frames
     */
    List<String> of(long frame);

    /**
     * When tshark saw a frame, in nanoseconds since 1970-01-01 UTC; asked only for frames that have
     * comments, to be certain that they are put on the right packet.
     */
    default long epochNanos(long frame) {
      return UNKNOWN_TIME;
    }

    /**
     * The comment that stands between comments of the input that hold {@link #MARK} and those of
     * this program, on every packet that has such.
     *
     * @param lookalikes 1 or more
     */
    String disowning(int lookalikes);
  }

  /**
   * What tshark said of the same file.
   *
   * @param frames how many it read, 0 or more
   * @param complete false if it stopped before the end, since the file is cut short or damaged; the
   *     copy ends right after that many frames then
   */
  public record TsharkCount(long frames, boolean complete) {}

  /**
   * What was written.
   *
   * @param frames packets in the copy
   * @param comments comments that were added, without the disowning ones
   * @param disowned packets that got a disowning comment
   * @param withoutPlace frames that should have had comments and could not: a Simple Packet Block
   *     has no room for options, nor has a block whose options are damaged
   * @param firstWithoutPlace the first of them; 0 if there is none
   * @param complete false if the copy ends before the input does, at the last whole packet before
   *     its damage
   */
  public record Result(
      long frames,
      long comments,
      long disowned,
      long withoutPlace,
      long firstWithoutPlace,
      boolean complete) {}

  /**
   * The name of the annotated copy: that of the input, without {@code .gz}, ending in {@code
   * .pcapng}. Inputs from different directories can have one name; it is for the caller to keep
   * their copies apart.
   */
  public static String outputName(Path input) {
    String name = withoutEnding(String.valueOf(input.getFileName()), ".gz");
    for (String ending : ENDINGS) {
      String stem = withoutEnding(name, ending);
      if (stem.length() < name.length()) {
        return stem + ".pcapng";
      }
    }
    return name + ".pcapng";
  }

  /**
   * Writes the copy, whole or not at all; an older file there is replaced. An interrupted thread
   * ends in an {@link OutputException} too, so a program that is told to stop interrupts it and
   * waits for it.
   *
   * @param inputs all files of this comparison; none of them is ever written to
   * @throws OutputException if the input cannot be read as pcap or pcapng, if it does not hold the
   *     frames that tshark saw, or if the output cannot be written
   */
  public static Result write(
      Path input, Path output, Collection<Path> inputs, Comments comments, TsharkCount tshark)
      throws OutputException {
    FrameComments frames = new FrameComments(input, comments, tshark, true);
    try {
      return write(input, output, inputs, frames);
    } catch (MisplacedException e) {
      // A custom block is a frame for tshark 4.0, and for 3.4 it is not: the other count may be the
      // one that fits.
      if (!frames.sawCustomBlock()) {
        throw e;
      }
      return write(input, output, inputs, new FrameComments(input, comments, tshark, false));
    }
  }

  private static Result write(
      Path input, Path output, Collection<Path> inputs, FrameComments frames)
      throws OutputException {
    try (InputStream content = open(input);
        WholeFile file = new WholeFile(output, inputs, input)) {
      BlockWriter out = new BlockWriter(file);
      boolean complete = copy(input, new ByteWindow(content), out, frames);
      Result result = frames.result(complete);
      out.flush();
      file.commit();
      return result;
    } catch (OutputException e) {
      throw e;
    } catch (IOException e) { // All that goes wrong with the output is an OutputException.
      throw new OutputException(
          "cannot read " + Printable.of(input.toString()) + ": " + FileTrouble.reason(e), e);
    }
  }

  private static InputStream open(Path input) throws IOException {
    if (Files.exists(input) && !Files.isRegularFile(input)) {
      throw new OutputException(
          "cannot read " + Printable.of(input.toString()) + ": not a regular file");
    }
    CaptureCompression compression = CaptureCompression.of(input);
    if (!compression.isReadHere()) {
      throw new OutputException(
          "cannot annotate "
              + Printable.of(input.toString())
              + ": it is compressed with "
              + compression.name().toLowerCase(Locale.ROOT)
              + "; decompress it and compare that");
    }
    return compression.unzip(Files.newInputStream(input), Strictness.LIKE_TSHARK);
  }

  private static boolean copy(Path input, ByteWindow in, BlockWriter out, FrameComments frames)
      throws IOException {
    if (in.isAtEnd()) {
      return true;
    }
    CaptureRecords records = CaptureRecords.of(in, Strictness.LIKE_TSHARK).orElse(null);
    if (records instanceof PcapngRecords blocks) {
      return new PcapngCopier(blocks, out, frames).copy();
    }
    if (records instanceof PcapRecords packets) {
      return new PcapConverter(packets, out, frames).copy();
    }
    throw new OutputException(
        "cannot annotate "
            + Printable.of(input.toString())
            + ": it is neither pcap 2.4 nor pcapng; convert it with editcap -F pcapng and compare that");
  }

  private static String withoutEnding(String name, String ending) {
    return name.toLowerCase(Locale.ROOT).endsWith(ending)
        ? name.substring(0, name.length() - ending.length())
        : name;
  }
}
