package org.mssbridge.capturefile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.output.OutputException;
import org.mssbridge.output.WholeFile;

/**
 * Writes one pcapng (draft-ietf-opsawg-pcapng) with the packets of all capture points in time
 * order, on one clock, in nanoseconds. Each capture point is an interface, named after the point
 * and described by the title of its file; a capture with several link types has one interface for
 * each. Packets keep their bytes and options. Blocks that are not packets are left out.
 */
public final class MergedCapture {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final List<Source> sources;
  private final List<MergedInput> inputs = new ArrayList<>();
  private final ByteBuffer options =
      ByteBuffer.allocate(1 << 18).order(ByteOrder.LITTLE_ENDIAN); // two texts and a little more

  private long offset_s;

  /**
   * A capture to take packets from.
   *
   * @param pcapng the file, or a copy of it as pcapng
   * @param title the description of the interface
   * @param toReference converts a time of the capture's clock to the common clock, in ns since 1970
   */
  public record Source(
      CapturePoint point, Path pcapng, String title, LongUnaryOperator toReference) {}

  private MergedCapture(List<Source> sources) {
    this.sources = sources;
  }

  /**
   * Writes the file, whole or not at all.
   *
   * @param protectedFiles files that are never written to
   * @throws OutputException if a source contains a packet without a time, or if the output cannot
   *     be written
   */
  public static void write(List<Source> sources, Path output, Collection<Path> protectedFiles)
      throws OutputException {
    new MergedCapture(sources).write(output, protectedFiles);
  }

  private void write(Path output, Collection<Path> protectedFiles) throws OutputException {
    try (WholeFile file = new WholeFile(output, protectedFiles)) {
      try {
        long earliest = Long.MAX_VALUE;
        for (Source source : sources) {
          MergedInput input = MergedInput.open(source);
          inputs.add(input);
          earliest = Math.min(earliest, input.earliestNanos());
        }
        offset_s = earliest < 0 ? Math.floorDiv(earliest, NANOS_PER_SECOND) : 0;
        BlockWriter out = new BlockWriter(file);
        out.order(ByteOrder.LITTLE_ENDIAN);
        putHeaders(out);
        putPackets(out);
        out.flush();
      } catch (OutputException e) {
        throw e;
      } catch (IOException e) {
        throw file.failure(e);
      }
      file.commit();
    } finally {
      inputs.forEach(MergedInput::close);
    }
  }

  private void putHeaders(BlockWriter out) throws OutputException {
    out.putInt(BlockType.SECTION_HEADER);
    out.putInt(28);
    out.putInt(Magic.PCAPNG_BYTE_ORDER);
    out.putShort(1);
    out.putShort(0);
    out.putLong(-1);
    out.putInt(28);
    int number = 0;
    for (int i = 0; i < inputs.size(); i++) {
      inputs.get(i).numberInterfacesFrom(number);
      for (MergedInput.Interface each : inputs.get(i).interfaces()) {
        putInterface(out, sources.get(i), each);
        number++;
      }
    }
  }

  private void putInterface(BlockWriter out, Source source, MergedInput.Interface each)
      throws OutputException {
    options.clear();
    putOption(OptionCode.INTERFACE_NAME, VisibleText.utf8(source.point().name()));
    putOption(OptionCode.INTERFACE_DESCRIPTION, VisibleText.utf8(source.title()));
    putOption(
        OptionCode.INTERFACE_TIME_RESOLUTION,
        new byte[] {(byte) TimeResolution.NANOSECONDS.code()});
    if (each.fcsBits() >= 0) {
      putOption(OptionCode.INTERFACE_FCS_LENGTH, new byte[] {(byte) each.fcsBits()});
    }
    if (offset_s != 0) {
      ByteBuffer offset = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      putOption(OptionCode.INTERFACE_TIME_OFFSET, offset.putLong(offset_s).array());
    }
    options.putShort((short) OptionCode.END).putShort((short) 0).flip();
    int bytes = 20 + options.remaining();
    out.putInt(BlockType.INTERFACE_DESCRIPTION);
    out.putInt(bytes);
    out.putShort(each.linkType());
    out.putShort(0);
    out.putInt(each.snapLen());
    out.put(options);
    out.putInt(bytes);
  }

  private void putOption(int code, byte[] value) {
    options.putShort((short) code).putShort((short) value.length).put(value);
    while (options.position() % Integer.BYTES != 0) {
      options.put((byte) 0);
    }
  }

  /**
   * Writes the earliest remaining packet until none is left; for equal times, that of the first
   * source.
   */
  private void putPackets(BlockWriter out) throws IOException {
    while (true) {
      MergedInput next = null;
      for (MergedInput input : inputs) {
        if (input.hasNext() && (next == null || input.nanos() < next.nanos())) {
          next = input;
        }
      }
      if (next == null) {
        return;
      }
      next.writeNext(out, offset_s * NANOS_PER_SECOND);
    }
  }
}
