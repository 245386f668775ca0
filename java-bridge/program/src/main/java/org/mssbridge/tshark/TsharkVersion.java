package org.mssbridge.tshark;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of tshark.
 *
 * @param major first number
 * @param minor second number
 * @param text the whole version as tshark prints it, such as {@code 4.0.17}
 */
public record TsharkVersion(int major, int minor, String text) {
  /** The oldest version whose output is known to be read correctly. */
  static final TsharkVersion OLDEST = new TsharkVersion(3, 4, "3.4");

  private static final Pattern FIRST_LINE =
      Pattern.compile("TShark \\(Wireshark\\) ((\\d+)\\.(\\d+)[\\w.-]*?)\\.?(\\s|$)");

  /** Finds the version in the output of {@code tshark --version}. */
  static Optional<TsharkVersion> parse(String output) {
    Matcher matcher = FIRST_LINE.matcher(output);
    return matcher.find()
        ? Optional.of(
            new TsharkVersion(
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)),
                matcher.group(1)))
        : Optional.empty();
  }

  /** What tshark says, as far as it is read. */
  String line() {
    return "TShark (Wireshark) " + text;
  }

  boolean isBefore(TsharkVersion other) {
    return major != other.major ? major < other.major : minor < other.minor;
  }

  /** Whether this version silently skips Lua scripts when it runs as root. */
  boolean skipsScriptsAsRoot() {
    return !isBefore(new TsharkVersion(4, 1, "4.1"));
  }
}
