package org.mssbridge.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/** The program's version, from the manifest of its jar, and the commit that it was built from. */
public final class Version implements CommandLine.IVersionProvider {
  /** Twelve digits of the commit, and its date; see {@code .ci/commit}. */
  private static final Pattern COMMIT = Pattern.compile("([0-9a-f]{12}) (\\d{4}-\\d{2}-\\d{2})");

  /** The version alone, such as 0.2.0. */
  public static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"mssbridge " + text() + commit(built()).map(" "::concat).orElse("")};
  }

  /**
   * The commit in words, such as "(commit 0123456789ab of 2026-11-30)".
   *
   * @param built what the build knows
   * @return empty if it does not know the commit: its sources differed from it, or there was no git
   */
  static Optional<String> commit(String built) {
    Matcher commit = COMMIT.matcher(built.strip());
    return commit.matches()
        ? Optional.of("(commit " + commit.group(1) + " of " + commit.group(2) + ")")
        : Optional.empty();
  }

  private static String built() {
    try (InputStream text = Version.class.getResourceAsStream("commit.txt")) {
      return text == null ? "" : new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
