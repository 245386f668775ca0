package org.mssbridge.capturefile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.mssbridge.model.FileTrouble;
import org.mssbridge.model.Printable;
import org.mssbridge.output.OutputException;
import org.mssbridge.output.WholeFile;

/**
 * Writes a copy of a capture as pcapng with comments on its packets. Every block, option and time
 * stamp of the input is kept, in the same byte order and position. Comments are appended to the
 * options of a packet, and a section that states its length gets the longer one. Classic pcap
 * becomes one section with one interface of the same link type, snapshot length and time
 * resolution.
 *
 * <p>Formats: pcapng (draft-ietf-opsawg-pcapng) and pcap (draft-ietf-opsawg-pcap) in both byte
 * orders, plain or gzip.
 */
public final class AnnotatedCapture {
  /**
   * Text that every comment of this program contains; a comment of the input that contains it could
   * be mistaken for one.
   */
  public static final String MARK = "[mssbridge/";

  private static final List<String> ENDINGS = List.of(".pcapng", ".pcap", ".cap");

  private AnnotatedCapture() {}

  /**
   * The comments to write, by frame. It is queried in file order, for some captures a second time
   * from the beginning, so the answers must not change. A comment may contain any characters: it
   * becomes one line of at most 65,535 bytes of UTF-8.
   */
  public interface Comments {
    /** The result of {@link #epochNanos} if the time is not known. */
    long UNKNOWN_TIME = Long.MIN_VALUE;

    /**
     * The comments for a frame, in order.
     *
     * @param frame 1-based, as tshark counts
     * @return empty for most frames
     */
    List<String> of(long frame);

    /** Whether the copy has the frame; comments on one that it lacks are not written. */
    default boolean keeps(long frame) {
      return true;
    }

    /**
     * The time of a frame according to tshark, in nanoseconds since 1970-01-01 UTC. Queried only
     * for frames with comments, to make sure that they are put on the right packet.
     */
    default long epochNanos(long frame) {
      return UNKNOWN_TIME;
    }

    /**
     * The comment that says that comments of the input that contain {@link #MARK} are not from this
     * program. It is written on every packet that has such comments, after them and before those of
     * this program.
     *
     * @param lookalikes number of such comments, at least 1
     */
    String disowning(int lookalikes);
  }

  /**
   * How far tshark read the same file.
   *
   * @param frames how many frames it read, 0 or more
   * @param complete false if it stopped before the end, because the file is truncated or damaged;
   *     the copy then ends after the same number of frames
   */
  public record TsharkCount(long frames, boolean complete) {}

  /**
   * What was written.
   *
   * @param frames number of frames in the copy
   * @param comments number of comments added, without the disowning ones
   * @param disowned number of packets with a disowning comment
   * @param withoutPlace number of frames whose comments could not be written: a Simple Packet Block
   *     has no room for options, nor has a block whose options are damaged
   * @param firstWithoutPlace the first of these frames; 0 if there is none
   * @param complete false if the copy ends before the input does, at the last whole packet before
   *     the damage
   */
  public record Result(
      long frames,
      long comments,
      long disowned,
      long withoutPlace,
      long firstWithoutPlace,
      boolean complete) {}

  /**
   * The name of the annotated copy: the name of the input without {@code .gz}, with the ending
   * {@code .pcapng}. Inputs from different directories can have the same name; the caller must keep
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
   * Writes the copy, whole or not at all; an existing file is replaced. If the thread is
   * interrupted, this throws an {@link OutputException}, so a program that must stop interrupts the
   * thread and waits for it.
   *
   * @param inputs all input files of this comparison; none of them is ever written to
   * @throws OutputException if the input cannot be read as pcap or pcapng, if it does not contain
   *     the frames that tshark saw, or if the output cannot be written
   */
  public static Result write(
      Path input, Path output, Collection<Path> inputs, Comments comments, TsharkCount tshark)
      throws OutputException {
    FrameComments frames = new FrameComments(input, comments, tshark, true);
    try {
      return write(input, output, inputs, frames);
    } catch (MisplacedException e) {
      // tshark 4.0 counts a custom block as a frame, 3.4 does not: try the other way of counting.
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
    } catch (IOException e) { // Errors of the output are OutputExceptions.
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
    if (!compression.isSupported()) {
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
