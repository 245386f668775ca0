package org.mssbridge.capturefile;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mssbridge.capturefile.AnnotatedCapture.Comments;
import org.mssbridge.capturefile.AnnotatedCapture.Result;
import org.mssbridge.capturefile.AnnotatedCapture.TsharkCount;
import org.mssbridge.output.OutputException;

class AnnotatedCaptureTest {
  private static final long NOON_US = 1_700_000_000_000_000L;
  private static final byte[] PRIVATE_DATA = "private enterprise data.".getBytes(US_ASCII);

  @TempDir private Path folder;
  private Path input;
  private Path output;

  @BeforeEach
  void nameFiles() {
    input = folder.resolve("input.pcapng");
    output = folder.resolve("annotated.pcapng");
  }

  @ParameterizedTest
  @ValueSource(strings = {"LITTLE_ENDIAN", "BIG_ENDIAN"})
  void keepsEveryKindOfBlockInBothByteOrders(String order) throws Exception {
    CaptureMaker made = everyBlock(byteOrder(order));
    Files.write(input, made.bytes());

    Result result = AnnotatedCaptureCheck.holds(input, output);

    assertThat(result.complete()).isTrue();
    assertThat(result.disowned()).isEqualTo(1);
  }

  @Test
  void restartsInterfaceNumbersInEachSectionAndFollowsTheByteOrder() throws Exception {
    byte[] first = everyBlock(ByteOrder.LITTLE_ENDIAN).bytes();
    byte[] second = everyBlock(ByteOrder.BIG_ENDIAN).bytes();
    CaptureMaker nanoseconds = new CaptureMaker().order(ByteOrder.BIG_ENDIAN).section(-1);
    nanoseconds.ethernet(nanoseconds.option(9, (byte) 9)).packet(NOON_US * 1000 + 1);
    Files.write(input, new CaptureMaker().raw(first).raw(second).raw(nanoseconds.bytes()).bytes());

    assertThat(AnnotatedCaptureCheck.holds(input, output).complete()).isTrue();
  }

  @Test
  void statedSectionLengthGrowsWithTheComments() throws Exception {
    CaptureMaker made = new CaptureMaker().order(ByteOrder.BIG_ENDIAN).section(20 + 88 + 88);
    made.ethernet().packet(NOON_US).packet(NOON_US + 1);
    made.order(ByteOrder.LITTLE_ENDIAN).section(-1).ethernet().packet(NOON_US + 2);
    Files.write(input, made.bytes());

    AnnotatedCaptureCheck.holds(input, output);

    byte[] written = Files.readAllBytes(output);
    long sectionBytes = java.nio.ByteBuffer.wrap(written).getLong(16);
    assertThat(Arrays.copyOfRange(written, 28 + (int) sectionBytes, 28 + (int) sectionBytes + 4))
        .as("the block type where a reader jumps to")
        .isEqualTo(new byte[] {0x0A, 0x0D, 0x0D, 0x0A});
  }

  @ParameterizedTest
  @CsvSource({
    "A1B2C3D4, LITTLE_ENDIAN, 0", "A1B2C3D4, BIG_ENDIAN, 0",
    "A1B23C4D, LITTLE_ENDIAN, 0", "A1B23C4D, BIG_ENDIAN, 0",
    "A1B2CD34, LITTLE_ENDIAN, 8", "A1B2CD34, BIG_ENDIAN, 8"
  })
  void convertsEveryPcapToPcapng(String magic, String order, int moreHeaderBytes) throws Exception {
    CaptureMaker made = new CaptureMaker().order(byteOrder(order));
    made.pcapHeader(Integer.parseUnsignedInt(magic, 16), 0x24000001);
    for (int i = 0; i < 9; i++) {
      made.record(i % 2 == 0 ? 1_700_000_000 : -1, 999_999, new byte[moreHeaderBytes]);
    }
    Files.write(input, made.bytes());

    Result result = AnnotatedCaptureCheck.holds(input, output);

    assertThat(result).isEqualTo(new Result(9, 6, 0, 0, 0, true));
  }

  @Test
  void recognisesGzipByItsContentAndEndsWhereItIsDamaged() throws Exception {
    byte[] whole = everyBlock(ByteOrder.LITTLE_ENDIAN).bytes();
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(whole);
    }
    Files.write(input, zipped.toByteArray());
    assertThat(AnnotatedCaptureCheck.holds(input, output).complete()).isTrue();

    Files.write(input, Arrays.copyOf(zipped.toByteArray(), zipped.size() / 2));
    Result cut = AnnotatedCaptureCheck.holds(input, output);
    assertThat(cut.complete()).isFalse();
  }

  @Test
  void aFileCutInsideAPacketEndsBeforeThatPacket() throws Exception {
    CaptureMaker made = new CaptureMaker().section(-1).ethernet();
    made.packet(NOON_US).packet(NOON_US + 1).packet(NOON_US + 2);
    Files.write(input, Arrays.copyOf(made.bytes(), made.bytes().length - 1));

    Result result = AnnotatedCaptureCheck.holds(input, output);

    assertThat(result).isEqualTo(new Result(2, 4, 0, 0, 0, false));
  }

  @Test
  void countsCustomBlocksAsThisTsharkDoes() throws Exception {
    CaptureMaker made = new CaptureMaker().section(-1).ethernet().packet(NOON_US);
    made.block(0x40000BAD, made.ints(12345), PRIVATE_DATA).packet(NOON_US + 1);
    Files.write(input, made.bytes());
    Comments last = new Fixed(2, (NOON_US + 1) * 1000, "on the second packet");

    AnnotatedCapture.write(input, output, List.of(), last, new TsharkCount(2, true));

    assertThat(commentsOf(output)).first().isEqualTo("");
    assertThat(commentsOf(output)).last().isEqualTo("on the second packet");
    AnnotatedCaptureCheck.holds(input, output);
  }

  @Test
  void aSimplePacketHasNoRoomAndIsReported() throws Exception {
    CaptureMaker made = new CaptureMaker().section(-1).ethernet().packet(NOON_US);
    Files.write(input, made.simplePacket().simplePacket().bytes());

    Result result = AnnotatedCaptureCheck.holds(input, output);

    assertThat(result).isEqualTo(new Result(3, 2, 0, 1, 3, true));
  }

  @Test
  void forgedCommentsAreDisownedEvenOnPacketsWithoutFindings() throws Exception {
    CaptureMaker made = new CaptureMaker().section(-1).ethernet();
    byte[] honest = made.comment("seen by Ann");
    String lie = "all is well [mssbridge/1 code=none]";
    byte[] fake = made.comment(lie);
    byte[] flags = made.option(2, (byte) 1, (byte) 0, (byte) 0, (byte) 0);
    made.packet(NOON_US, honest).packet(NOON_US, fake, flags, fake).packet(NOON_US, fake);
    Files.write(input, made.bytes());

    Result result = write(new Fixed(3, Comments.UNKNOWN_TIME, "ours"), 3);

    assertThat(commentsOf(output))
        .containsExactly(
            "seen by Ann",
            WiresharkTools.shown(List.of(lie, lie, "2 foreign")),
            WiresharkTools.shown(List.of(lie, "1 foreign", "ours")));
    assertThat(result.disowned()).isEqualTo(2);
  }

  @Test
  void aCommentIsOneLineThatFits() throws Exception {
    Files.write(input, new CaptureMaker().section(-1).ethernet().packet(NOON_US).bytes());
    String endless = "é".repeat(40_000);

    write(new Fixed(1, Comments.UNKNOWN_TIME, "a\nb\u001b[31m\u202E\u2028c"), 1);
    // tshark 4.4 doubles a backslash.
    assertThat(commentsOf(output).get(0).replace("\\\\", "\\"))
        .isEqualTo("a\\x0ab\\x1b[31m\\u{202e}\\u{2028}c");

    write(new Fixed(1, Comments.UNKNOWN_TIME, endless), 1);
    assertThat(commentsOf(output)).containsExactly("é".repeat((65_535 - 3) / 2) + "…");
  }

  @Test
  void refusesAFileThatIsNotTheOneTsharkSaw() throws Exception {
    CaptureMaker made = new CaptureMaker().section(-1).ethernet().packet(NOON_US).packet(NOON_US);
    Files.write(input, made.bytes());

    assertThatThrownBy(() -> write(new Fixed(1, Comments.UNKNOWN_TIME, "x"), 3))
        .isInstanceOf(OutputException.class)
        .hasMessageContaining("input.pcapng: it holds 2 packets where tshark saw 3");
    assertThatThrownBy(() -> write(new Fixed(1, Comments.UNKNOWN_TIME, "x"), 1))
        .hasMessageContaining("more than the 1 packets");
    assertThatThrownBy(() -> write(new Fixed(1, NOON_US * 1000 + 1, "x"), 2))
        .hasMessageContaining("its packet 1 has not the time");
    assertThat(names()).containsExactly("input.pcapng");
  }

  @Test
  void neverWritesToAnInput() throws Exception {
    byte[] content = new CaptureMaker().section(-1).ethernet().packet(NOON_US).bytes();
    Files.write(input, content);
    Path other = Files.write(folder.resolve("other.pcapng"), content);
    Path link = Files.createSymbolicLink(folder.resolve("link.pcapng"), other);
    Path hardLink = Files.createLink(folder.resolve("hard.pcapng"), input);

    for (Path target : List.of(input, other, link, hardLink, folder)) {
      assertThatThrownBy(
              () ->
                  AnnotatedCapture.write(
                      input,
                      target,
                      List.of(input, other),
                      new Fixed(1, Comments.UNKNOWN_TIME, "x"),
                      new TsharkCount(1, true)))
          .isInstanceOf(OutputException.class)
          .hasMessageContaining(target.getFileName().toString());
    }
    assertThat(input).hasBinaryContent(content);
    assertThat(other).hasBinaryContent(content);
    assertThat(names()).noneMatch(name -> name.endsWith(".part"));
  }

  @Test
  void replacesAnOlderCopyAndLeavesNoOtherFile() throws Exception {
    Files.write(input, new CaptureMaker().section(-1).ethernet().packet(NOON_US).bytes());
    Files.writeString(output, "older");

    write(new Fixed(1, Comments.UNKNOWN_TIME, "newer"), 1);

    assertThat(commentsOf(output)).containsExactly("newer");
    assertThat(names()).containsExactly("annotated.pcapng", "input.pcapng");
  }

  @Test
  void anInterruptedThreadLeavesNoFile() throws Exception {
    Files.write(input, new CaptureMaker().section(-1).ethernet().packet(NOON_US).bytes());
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> write(new Fixed(1, Comments.UNKNOWN_TIME, "x"), 1))
          .isInstanceOf(OutputException.class)
          .hasMessageContaining("interrupted");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(names()).containsExactly("input.pcapng");
  }

  @Test
  void saysWhatToDoWithFilesThatItCannotRead() throws Exception {
    Files.write(input, new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, 0, 0, 0});
    assertThatThrownBy(() -> write(new Fixed(1, 0, "x"), 1))
        .hasMessageContaining("input.pcapng: it is compressed with zstd; decompress it");
    Files.writeString(input, "no capture at all, just a text");
    assertThatThrownBy(() -> write(new Fixed(1, 0, "x"), 1))
        .hasMessageContaining("neither pcap 2.4 nor pcapng; convert it with editcap");
    Files.delete(input);
    assertThatThrownBy(() -> write(new Fixed(1, 0, "x"), 1))
        .hasMessage("cannot read " + input + ": no such file or directory");
    output = folder.resolve("missing").resolve("x.pcapng");
    Files.write(input, new CaptureMaker().section(-1).bytes());
    assertThatThrownBy(() -> write(new Fixed(1, 0, "x"), 0))
        .hasMessage(
            "cannot write " + output + ": no such file or directory; make its directory first");
  }

  @ParameterizedTest
  @CsvSource({
    "client.pcap, client.pcapng",
    "client.pcapng, client.pcapng",
    "Client.CAP.gz, Client.pcapng",
    "a.b.pcapng.GZ, a.b.pcapng",
    "trace, trace.pcapng",
    "ring.pcap12, ring.pcap12.pcapng"
  })
  void namesTheCopyAfterItsInput(Path name, String expected) {
    assertThat(AnnotatedCapture.outputName(Path.of("/captures").resolve(name))).isEqualTo(expected);
  }

  static CaptureMaker everyBlock(ByteOrder order) {
    CaptureMaker made = new CaptureMaker().order(order).section(-1).ethernet();
    made.ethernet(made.option(9, (byte) 0x94), made.option(14, made.longs(3600)));
    made.packet(NOON_US, made.comment("an old comment"), made.comment("and [mssbridge/1 fake]"));
    made.packetOn(1, 1_700_000_000L << 20, made.option(2, made.ints(1)), made.endOfOptions());
    made.block(4, made.shorts(1, 8), new byte[] {127, 0, 0, 1, 'h', 's', 't', 0}, new byte[4]);
    made.obsoletePacket(NOON_US + 2, made.comment("kept"), made.endOfOptions());
    made.block(0x00000BAD, made.ints(12345), PRIVATE_DATA);
    made.block(0x40000BAD, made.ints(12345), PRIVATE_DATA);
    made.block(9, "__REALTIME_TIMESTAMP=1600000000000000\nMESSAGE=x\n".getBytes(US_ASCII));
    made.block(0x0000BEEF, new byte[2 << 20]);
    made.block(0x0A, made.ints(0x544C534B, 4), "key\n".getBytes(US_ASCII));
    made.packet(NOON_US + 3).packet(NOON_US + 4, made.endOfOptions());
    return made.block(5, made.ints(0, 1, 2)).packet(NOON_US + 5);
  }

  private static ByteOrder byteOrder(String name) {
    return name.startsWith("BIG") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  private Result write(Comments comments, long frames) throws OutputException {
    return AnnotatedCapture.write(
        input, output, List.of(), comments, new TsharkCount(frames, true));
  }

  private List<String> commentsOf(Path capture) throws Exception {
    return WiresharkTools.frames(capture).lines().stream()
        .map(line -> line.split("\t", -1)[3])
        .toList();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** Comments on one frame. */
  private record Fixed(long frame, long time, List<String> texts) implements Comments {
    Fixed(long frame, long time, String... texts) {
      this(frame, time, List.of(texts));
    }

    @Override
    public List<String> of(long other) {
      return other == frame ? texts : List.of();
    }

    @Override
    public long epochNanos(long other) {
      return time;
    }

    @Override
    public String disowning(int lookalikes) {
      return lookalikes + " foreign";
    }
  }
}
