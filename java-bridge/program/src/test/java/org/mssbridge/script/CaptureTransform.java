package org.mssbridge.script;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.mssbridge.script.PacketEditor.Ip;

/**
 * Rewrites a capture so that a law can be checked on it. Everything stays in its place: lengths,
 * blocks and options are those of the input, and checksums are mended where they were right.
 */
public final class CaptureTransform {
  private final Consumer<ScriptCaptureBytes> edit;

  private CaptureTransform(Consumer<ScriptCaptureBytes> edit) {
    this.edit = edit;
  }

  /** Writes the changed copy of a capture. */
  public void apply(Path input, Path output) {
    ScriptCaptureBytes capture = ScriptCaptureBytes.read(input);
    edit.accept(capture);
    write(output, capture.bytes.array());
  }

  /** Adds a constant to every time stamp. */
  public static CaptureTransform shiftTime(Duration shift) {
    return new CaptureTransform(
        capture -> capture.packets().forEach(packet -> capture.shiftTime(packet, shift.toNanos())));
  }

  /**
   * Adds constants to the sequence numbers of both directions, and to what acknowledges them: ACK
   * numbers, SACK edges, quotes in ICMP errors.
   *
   * @param c2s for what the client sends
   * @param s2c for what the server sends
   */
  public static CaptureTransform shiftSequence(int c2s, int s2c) {
    return new CaptureTransform(
        capture -> {
          SequenceShift shift = new SequenceShift(c2s, s2c);
          capture.packets().forEach(packet -> shift.learn(new PacketEditor(capture, packet)));
          capture.packets().forEach(packet -> shift.apply(new PacketEditor(capture, packet)));
        });
  }

  /** Gives every host another address: the last 32 bits of each are combined by exclusive or. */
  public static CaptureTransform renumber(int mask) {
    return new CaptureTransform(
        capture ->
            capture.packets().forEach(packet -> renumber(new PacketEditor(capture, packet), mask)));
  }

  private static void renumber(PacketEditor editor, int mask) {
    for (Ip ip : editor.headers()) {
      for (int address : new int[] {ip.source(), ip.destination()}) {
        int last = address + ip.addressBytes() - 4;
        editor.put32(last, editor.i32(last) ^ mask, ip.covers());
      }
    }
  }

  /** Writes a capture as several files {@code 1-NAME}, {@code 2-NAME}…, one after the other. */
  public static List<Path> split(Path input, Path directory, int parts) {
    ScriptCaptureBytes capture = ScriptCaptureBytes.read(input);
    int count = capture.packets().size();
    List<Path> files = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      Path file = directory.resolve((part + 1) + "-" + input.getFileName());
      write(file, capture.part(count * part / parts, count * (part + 1) / parts));
      files.add(file);
    }
    return files;
  }

  private static void write(Path file, byte[] content) {
    try {
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
