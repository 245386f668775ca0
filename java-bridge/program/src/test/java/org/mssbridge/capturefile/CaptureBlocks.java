package org.mssbridge.capturefile;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;

/**
 * A capture as lines of text, one per block. It shares no code with the program, so that the two
 * can disagree. Options of packets are listed one by one without their end mark, so that a packet
 * reads the same with and without one.
 */
final class CaptureBlocks {
  private final ByteBuffer bytes;
  private final Predicate<String> ignoredComment;
  private final List<String> lines = new ArrayList<>();
  private int ignoredBytes;

  private CaptureBlocks(byte[] bytes, Predicate<String> ignoredComment) {
    this.bytes = ByteBuffer.wrap(bytes);
    this.ignoredComment = ignoredComment;
  }

  /** All whole blocks; a classic pcap file reads like the equivalent pcapng. */
  static List<String> of(Path file, Predicate<String> ignoredComment) throws IOException {
    CaptureBlocks blocks = new CaptureBlocks(content(file), ignoredComment);
    if (blocks.bytes.remaining() >= 4) {
      if (blocks.bytes.getInt(0) == 0x0A0D0D0A) {
        blocks.readPcapng();
      } else {
        blocks.readPcap();
      }
    }
    return blocks.lines;
  }

  private static byte[] content(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    if (content.length > 2 && content[0] == 0x1F && content[1] == (byte) 0x8B) {
      ByteArrayOutputStream unzipped = new ByteArrayOutputStream();
      try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
        for (int each = in.read(); each >= 0; each = in.read()) {
          unzipped.write(each);
        }
      } catch (EOFException e) {
        return unzipped.toByteArray();
      }
      return unzipped.toByteArray();
    }
    return content;
  }

  private void readPcapng() {
    int sectionLine = -1;
    int sectionStart = 0;
    int at = 0;
    while (at + 12 <= bytes.limit()) {
      boolean section = bytes.getInt(at) == 0x0A0D0D0A;
      if (section) {
        adjustSection(sectionLine, sectionStart);
        boolean big = bytes.order(ByteOrder.BIG_ENDIAN).getInt(at + 8) == 0x1A2B3C4D;
        bytes.order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
      }
      long length = (Integer.toUnsignedLong(bytes.getInt(at + 4)) + 3) & ~3L;
      if (length < 12 || length > bytes.limit() - at) {
        break;
      }
      if (section) {
        sectionLine = lines.size();
        sectionStart = at;
      }
      lines.add(line(at, (int) length));
      at += (int) length;
    }
    adjustSection(sectionLine, sectionStart);
  }

  /** Reduces the stated length of a section by the length of the ignored comments. */
  private void adjustSection(int line, int start) {
    if (line >= 0) {
      long stated = bytes.getLong(start + 16);
      String without = stated == -1 ? "?" : String.valueOf(stated - ignoredBytes);
      lines.set(line, lines.get(line) + " section length " + without);
    }
    ignoredBytes = 0;
  }

  private String line(int at, int length) {
    int type = bytes.getInt(at);
    String order = bytes.order() == ByteOrder.BIG_ENDIAN ? "BE " : "LE ";
    int end = at + length - 4;
    if (type == 0x0A0D0D0A) {
      return order + "section " + hex(at + 8, at + 16) + " " + hex(at + 24, end);
    }
    if (type == 6 || type == 2) {
      int options = at + 28 + ((bytes.getInt(at + 20) + 3) & ~3);
      if (options >= at + 28 && options <= end) {
        return order + type + " " + hex(at + 8, options) + optionsOf(options, end);
      }
    }
    return order + Integer.toHexString(type) + " " + hex(at + 8, end);
  }

  private String optionsOf(int from, int to) {
    StringBuilder text = new StringBuilder();
    int kept = 0;
    int ignored = 0;
    boolean ended = false;
    int at = from;
    while (at + 4 <= to) {
      int code = bytes.getShort(at) & 0xFFFF;
      int size = bytes.getShort(at + 2) & 0xFFFF;
      int next = at + 4 + ((size + 3) & ~3);
      if (code == 0 || next > to) {
        ended = code == 0;
        break;
      }
      String value = new String(bytes.array(), at + 4, size, StandardCharsets.UTF_8);
      if (code == 1 && ignoredComment.test(value)) {
        ignored += next - at;
      } else {
        kept++;
        text.append(" [").append(code).append(' ').append(hex(at + 4, next)).append(']');
      }
      at = next;
    }
    boolean endMarkIsNew = ended && kept == 0 && ignored > 0;
    ignoredBytes += ignored + (endMarkIsNew ? 4 : 0);
    String rest = hex(ended ? at + 4 : at, to);
    return text + (rest.isEmpty() ? "" : " rest " + rest);
  }

  private void readPcap() {
    int magic = bytes.getInt(0);
    boolean little = (magic & 0xFF) == 0xA1;
    bytes.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    magic = bytes.getInt(0);
    String order = little ? "LE " : "BE ";
    boolean nanos = magic == 0xA1B23C4D;
    int header = magic == 0xA1B2CD34 ? 24 : 16;
    int network = bytes.getInt(20);
    CaptureMaker made = new CaptureMaker().order(bytes.order());
    lines.add(
        order + "section " + hex(made.ints(0x1A2B3C4D), made.shorts(1, 0)) + "  section length ?");
    byte fcsBits = (byte) ((network >>> 28) * 16);
    byte[] fcs = (network & 0x04000000) == 0 ? new byte[0] : made.option(13, fcsBits);
    byte[] resolution = made.option(9, (byte) (nanos ? 9 : 6));
    byte[] link = made.shorts(network & 0xFFFF, 0);
    byte[] snapLen = made.ints(bytes.getInt(16));
    lines.add(order + "1 " + hex(link, snapLen, resolution, fcs, new byte[4]));
    int at = 24;
    while (at + header <= bytes.limit()) {
      int captured = bytes.getInt(at + 8);
      if (captured < 0 || captured > bytes.limit() - at - header) {
        break;
      }
      long unit = nanos ? 1_000_000_000 : 1_000_000;
      long ticks =
          Integer.toUnsignedLong(bytes.getInt(at)) * unit
              + Integer.toUnsignedLong(bytes.getInt(at + 4));
      byte[] fixed =
          made.ints(0, (int) (ticks >>> 32), (int) ticks, captured, bytes.getInt(at + 12));
      String data = hex(at + header, at + header + captured) + "00".repeat(-captured & 3);
      lines.add(order + "6 " + hex(fixed) + data);
      at += header + captured;
    }
  }

  private String hex(int from, int to) {
    return HexFormat.of().formatHex(bytes.array(), from, to);
  }

  private static String hex(byte[]... parts) {
    StringBuilder text = new StringBuilder();
    for (byte[] part : parts) {
      text.append(HexFormat.of().formatHex(part));
    }
    return text.toString();
  }
}
