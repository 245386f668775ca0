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
 * Rewrites a capture so that a law can be checked on it. Lengths, blocks and options stay those of
 * the input, and correct checksums are updated.
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
   * Adds constants to the sequence numbers of both directions and to all references to them: ACK
   * numbers, SACK edges, quotes in ICMP errors.
   *
   * @param c2s the constant for the client's numbers
   * @param s2c the constant for the server's numbers
   */
  public static CaptureTransform shiftSequence(int c2s, int s2c) {
    return new CaptureTransform(
        capture -> {
          SequenceShift shift = new SequenceShift(c2s, s2c);
          capture.packets().forEach(packet -> shift.learn(new PacketEditor(capture, packet)));
          capture.packets().forEach(packet -> shift.apply(new PacketEditor(capture, packet)));
        });
  }

  /** Gives every host another address: the last 32 bits of each are XORed with a mask. */
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

  /** Splits a capture into consecutive files {@code 1-NAME}, {@code 2-NAME}… */
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
