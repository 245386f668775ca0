package org.mssbridge.spark;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mssbridge.casefile.CaseWriter;
import org.mssbridge.casefile.PairState;
import org.mssbridge.casefile.Recorded;

/**
 * The name of the file that holds all rows of one pair: a case file of its own, compressed. The
 * name says what was compared, so that a list of names is enough to know what is done.
 *
 * @param pair digest of its id
 * @param request digest of the program's version, the options and the points
 * @param files digest of the names, lengths and times of its files
 * @param state how the comparison ended
 */
record Commit(String pair, String request, String files, PairState state) {
  private static final int DIGITS = 32;
  private static final Pattern NAME =
      Pattern.compile("([0-9a-f]{32})-([0-9a-f]{32})-([0-9a-f]{32})\\.([a-z]+)\\.db\\.zst");

  static Commit of(CaseWriter.Request request, String version, PairState state) {
    CaseWriter.Request options =
        new CaseWriter.Request(
            request.id(), request.displayFilter(), request.pointsBy(), request.only(), List.of());
    List<String> points = request.sources().stream().map(s -> s.point().name()).toList();
    return new Commit(
        digest(request.id()),
        digest(version + '\0' + Recorded.key(options) + '\0' + String.join("\0", points)),
        digest(Recorded.key(request)),
        state);
  }

  static Optional<Commit> parse(String name) {
    Matcher parts = NAME.matcher(name);
    if (!parts.matches()) {
      return Optional.empty();
    }
    try {
      PairState state = PairState.valueOf(parts.group(4).toUpperCase(Locale.ROOT));
      return Optional.of(new Commit(parts.group(1), parts.group(2), parts.group(3), state));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  String name() {
    return pair
        + "-"
        + request
        + "-"
        + files
        + "."
        + state.name().toLowerCase(Locale.ROOT)
        + ".db.zst";
  }

  /** The same of files that changed meanwhile: nothing a later run finds is the same. */
  Commit ofOtherFiles() {
    return new Commit(pair, request, "0".repeat(DIGITS), state);
  }

  /** Whether both are of the same files and options, whatever came of it. */
  boolean isOfSame(Commit other) {
    return hasSameOptions(other) && files.equals(other.files);
  }

  /** Whether both are of the same pair with the same options. */
  boolean hasSameOptions(Commit other) {
    return pair.equals(other.pair) && request.equals(other.request);
  }

  static String digest(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java has it.
    }
  }
}
