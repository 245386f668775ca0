package org.mssbridge.batch;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.mssbridge.model.Printable;

/**
 * A file name with wildcards: {@code *} and {@code ?} within a folder, {@code **} across folders,
 * {@code [abc]}, {@code {one,other}}. Hidden files match only if the pattern names the dot.
 */
final class Glob {
  private static final String WILDCARDS = "*?[{";

  /** As long as a path may be on Linux: each star of a pattern can be matched in many ways. */
  private static final int MOST_CHARACTERS = 4096;

  /** Without a star, names in braces; a rotation has many. */
  private static final int MOST_CHARACTERS_OF_NAMES = 1 << 20;

  private static final int MOST_SHOWN = 100;

  private final Path folder;
  private final Pattern pattern;
  private final boolean deep;

  /**
   * A file that matches.
   *
   * @param path the file
   * @param wildcards the texts that matched the wildcards, joined by {@code -}
   */
  record Match(Path path, String wildcards) {}

  private Glob(Path folder, Pattern pattern, boolean deep) {
    this.folder = folder;
    this.pattern = pattern;
    this.deep = deep;
  }

  /** Whether a text has wildcards. */
  static boolean isGlob(String text) {
    return text.chars().anyMatch(c -> WILDCARDS.indexOf(c) >= 0);
  }

  /**
   * Parses a pattern.
   *
   * @param base the folder that relative patterns start from
   * @throws BatchException if it is none
   * @throws java.nio.file.InvalidPathException if its folder cannot be one
   */
  static Glob of(Path base, String text) throws BatchException {
    int wildcard = 0;
    while (wildcard < text.length() && WILDCARDS.indexOf(text.charAt(wildcard)) < 0) {
      wildcard++;
    }
    int slash = text.lastIndexOf('/', wildcard);
    String start = slash < 0 ? "" : text.substring(0, Math.max(1, slash));
    String rest = text.substring(slash + 1);
    return new Glob(base.resolve(start), compiled(rest), rest.contains("/") || rest.contains("**"));
  }

  private static Pattern compiled(String text) throws BatchException {
    try {
      int most = text.indexOf('*') < 0 ? MOST_CHARACTERS_OF_NAMES : MOST_CHARACTERS;
      if (text.length() <= most) {
        return Pattern.compile(regex(text), Pattern.DOTALL);
      }
    } catch (PatternSyntaxException | StackOverflowError e) {
      // Such as [9-0], or braces that are nested too deep.
    }
    String shown = text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "…" : text;
    throw new BatchException(
        Printable.of(shown) + ": is no pattern for file names; see the braces and brackets in it");
  }

  /** The files that match, sorted by name. */
  List<Match> matches() throws IOException {
    List<Match> matches = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return matches;
    }
    int depth = deep ? Integer.MAX_VALUE : 1;
    Files.walkFileTree(
        folder,
        Set.of(FileVisitOption.FOLLOW_LINKS),
        depth,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
            Matcher matcher = pattern.matcher(folder.relativize(path).toString());
            if (matcher.matches() && !Files.isDirectory(path)) {
              matches.add(new Match(path, wildcards(matcher)));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path path, IOException failure)
              throws IOException {
            if (failure instanceof FileSystemLoopException) {
              return FileVisitResult
                  .CONTINUE; // A link to a parent folder, whose files are already visited.
            }
            throw failure;
          }
        });
    matches.sort(Comparator.comparing(Match::path));
    return matches;
  }

  private static String wildcards(Matcher matcher) {
    List<String> parts = new ArrayList<>();
    for (int group = 1; group <= matcher.groupCount(); group++) {
      if (matcher.group(group) != null && !matcher.group(group).isEmpty()) {
        parts.add(matcher.group(group));
      }
    }
    return String.join("-", parts);
  }

  private static String regex(String glob) {
    StringBuilder regex = new StringBuilder();
    int braces = 0;
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      boolean first = i == 0 || glob.charAt(i - 1) == '/';
      if (c == '*' && i + 1 < glob.length() && glob.charAt(i + 1) == '*') {
        i += i + 2 < glob.length() && glob.charAt(i + 2) == '/' ? 2 : 1;
        regex.append(glob.charAt(i) == '/' ? "((?:[^./][^/]*/)*)" : "((?:[^./][^/]*/)*[^./][^/]*)");
      } else if (c == '*') {
        regex.append(first ? "((?!\\.)[^/]*)" : "([^/]*)");
      } else if (c == '?') {
        regex.append(first ? "([^/.])" : "([^/])");
      } else if (c == '[' && glob.indexOf(']', i + 2) > 0) {
        int end = glob.indexOf(']', i + 2);
        regex.append(characterClass(glob.substring(i + 1, end)));
        i = end;
      } else if (c == '{' && glob.indexOf('}', i) > 0) {
        braces++;
        regex.append("(?:");
      } else if (c == '}' && braces > 0) {
        braces--;
        regex.append(')');
      } else if (c == ',' && braces > 0) {
        regex.append('|');
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return regex.append(")".repeat(braces)).toString();
  }

  private static String characterClass(String members) {
    boolean negated = members.startsWith("!") || members.startsWith("^");
    String plain =
        (negated ? members.substring(1) : members).replaceAll("[\\\\\\[\\]&^]", "\\\\$0");
    return "([" + (negated ? "^/" : "") + plain + "])";
  }
}
