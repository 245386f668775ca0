package org.mssbridge.capturefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.mssbridge.capturefile.AnnotatedCapture.Comments;
import org.mssbridge.capturefile.AnnotatedCapture.Result;
import org.mssbridge.capturefile.AnnotatedCapture.TsharkCount;
import org.mssbridge.output.OutputException;

class DamagedCaptureTest {
  private static final List<byte[]> WHOLE =
      List.of(
          small(ByteOrder.LITTLE_ENDIAN, 196),
          small(ByteOrder.BIG_ENDIAN, -1),
          pcap(ByteOrder.LITTLE_ENDIAN, 0xA1B2C3D4),
          pcap(ByteOrder.BIG_ENDIAN, 0xA1B23C4D));

  private Path folder;
  private Path input;
  private Path output;

  @BeforeProperty
  void makeFolder() throws IOException {
    folder = Files.createTempDirectory("annotated");
    input = folder.resolve("in");
    output = folder.resolve("out");
  }

  @AfterProperty
  void removeFolder() throws IOException {
    Files.deleteIfExists(input);
    Files.deleteIfExists(output);
    Files.delete(folder);
  }

  @Property(tries = 3000)
  void aDamagedFileGivesAWholeCopyOfItsStartOrOneClearError(
      @ForAll @IntRange(max = 3) int which,
      @ForAll @Size(max = 6) List<@IntRange(max = 600) Integer> places,
      @ForAll @Size(6) List<Byte> values,
      @ForAll @IntRange(max = 600) int cutBytes,
      @ForAll @IntRange(max = 6) int frames,
      @ForAll boolean complete)
      throws IOException {
    byte[] bytes = WHOLE.get(which).clone();
    for (int i = 0; i < places.size(); i++) {
      bytes[places.get(i) % bytes.length] = values.get(i);
    }
    Files.write(input, Arrays.copyOf(bytes, Math.max(0, bytes.length - cutBytes / 3)));
    Files.deleteIfExists(output);
    boolean written = true;
    try {
      Result result =
          AnnotatedCapture.write(
              input, output, List.of(), new OnAll(), new TsharkCount(frames, complete));
      assertThat(result.frames()).isEqualTo(frames);
      assertThat(CaptureBlocks.of(output, text -> false)).isNotNull();
    } catch (OutputException e) {
      written = false;
      assertThat(e).hasMessageContaining(input.toString()).hasMessageNotContaining("\n");
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(written ? 2 : 1);
    }
  }

  private static byte[] small(ByteOrder order, long sectionBytes) {
    CaptureMaker made = new CaptureMaker().order(order).section(sectionBytes);
    made.ethernet(made.option(9, (byte) 9)).packet(1, made.comment("x [mssbridge/1 y]"));
    made.block(0xBAD, made.ints(1, 2)).packet(2).simplePacket();
    return made.section(-1).ethernet().packet(3, made.endOfOptions()).bytes();
  }

  private static byte[] pcap(ByteOrder order, int magic) {
    CaptureMaker made = new CaptureMaker().order(order).pcapHeader(magic, 1);
    return made.record(1, 2, new byte[0])
        .record(3, 4, new byte[0])
        .record(5, 6, new byte[0])
        .bytes();
  }

  private record OnAll() implements Comments {
    @Override
    public List<String> of(long frame) {
      return List.of("finding " + frame);
    }

    @Override
    public String disowning(int lookalikes) {
      return "foreign " + lookalikes;
    }
  }
}
