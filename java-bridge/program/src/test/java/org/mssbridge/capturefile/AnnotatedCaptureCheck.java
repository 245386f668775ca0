package org.mssbridge.capturefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.mssbridge.capturefile.AnnotatedCapture.Comments;
import org.mssbridge.capturefile.AnnotatedCapture.Result;
import org.mssbridge.capturefile.AnnotatedCapture.TsharkCount;

/**
 * Checks what annotated captures guarantee, for one file: tshark sees the same frames at the same
 * times, each with its own comments first and this program's after them; without this program's
 * comments, the copy equals the input, block by block and option by option.
 */
final class AnnotatedCaptureCheck {
  private static final String OURS = "MSS 1460 became 1380 [mssbridge/1 code=check frame=";
  private static final String DISOWNING = "not findings [mssbridge/1 code=check.foreign n=";
  private static final Pattern PLAIN_TIME = Pattern.compile("\\d+\\.\\d{9}");

  private AnnotatedCaptureCheck() {}

  /** Annotates the first, the last and every seventh frame, and checks all of the above. */
  static Result holds(Path input, Path output) throws Exception {
    WiresharkTools.Run before = WiresharkTools.frames(input);
    Seventh comments = new Seventh(before.lines());
    TsharkCount count = new TsharkCount(before.lines().size(), before.status() == 0);
    Result result = AnnotatedCapture.write(input, output, List.of(), comments, count);

    assertThat(result.frames()).isEqualTo(count.frames());
    WiresharkTools.Run after = WiresharkTools.frames(output);
    assertThat(after.lines()).hasSameSizeAs(before.lines());
    assertThat(after.status()).as("status of tshark on the copy").isZero();
    long without = 0;
    for (int i = 0; i < before.lines().size(); i++) {
      String line = before.lines().get(i);
      List<String> added = new ArrayList<>(comments.of(i + 1L));
      if (line.contains(AnnotatedCapture.MARK)) {
        added.add(0, comments.disowning(1));
      }
      String expected = added.isEmpty() ? line : withComments(line, added);
      if (after.lines().get(i).equals(line) && !added.isEmpty()) {
        without++;
        continue;
      }
      if (PLAIN_TIME.matcher(fields(line)[1]).matches() || fields(line)[1].isEmpty()) {
        assertThat(after.lines().get(i)).isEqualTo(expected);
      } else {
        // A pcap record with a million microseconds or more; tshark prints a malformed time for it.
        assertThat(fields(after.lines().get(i))[3]).isEqualTo(fields(expected)[3]);
      }
    }
    assertThat(result.withoutPlace()).isEqualTo(without);

    List<String> inputBlocks = CaptureBlocks.of(input, comment -> false);
    List<String> outputBlocks = CaptureBlocks.of(output, AnnotatedCaptureCheck::isOurs);
    if (result.complete()) {
      assertThat(outputBlocks).isEqualTo(inputBlocks);
    } else {
      assertThat(inputBlocks)
          .as("blocks before the damage")
          .startsWith(outputBlocks.toArray(String[]::new));
    }
    return result;
  }

  private static String withComments(String line, List<String> added) {
    String[] fields = fields(line);
    List<String> all = new ArrayList<>(added);
    if (!fields[3].isEmpty()) {
      all.add(0, fields[3]);
    }
    fields[3] = WiresharkTools.shown(all);
    return String.join("\t", fields);
  }

  private static String[] fields(String line) {
    return line.split("\t", 4);
  }

  private static boolean isOurs(String comment) {
    return comment.startsWith(OURS) || comment.startsWith(DISOWNING);
  }

  private record Seventh(List<String> lines) implements Comments {
    @Override
    public List<String> of(long frame) {
      boolean chosen = frame == 1 || frame == lines.size() || frame % 7 == 0;
      return chosen ? List.of(OURS + frame + "]", OURS + frame + " again]") : List.of();
    }

    @Override
    public long epochNanos(long frame) {
      String time = fields(lines.get((int) frame - 1))[1];
      if (!PLAIN_TIME.matcher(time).matches() || time.length() > 20) {
        return UNKNOWN_TIME;
      }
      return Long.parseLong(time.replace(".", ""));
    }

    @Override
    public String disowning(int lookalikes) {
      return DISOWNING + lookalikes + "]";
    }
  }
}
