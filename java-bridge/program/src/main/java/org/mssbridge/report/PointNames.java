package org.mssbridge.report;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.Printable;

/**
 * Introduces the names of capture points: a point that is called {@code server} is not the server.
 * Where a text first names a point as a place, "capture point" is before the name.
 */
final class PointNames {
  /** What a capture alone is called, which needs no name. */
  private static final String ALONE = "capture";

  private static final String ONE = "capture point ";
  private static final String TWO = "capture points ";

  private static final Pattern NUMBERED = Pattern.compile("\\bpoint\\d+\\b(?! \\()");

  private final Pattern places;
  private final Set<String> introduced = new HashSet<>();

  /** The files of the points that have a number as their name. */
  private final Map<String, String> files = new LinkedHashMap<>();

  private PointNames(Pattern places) {
    this.places = places;
  }

  /** The names of a comparison's points, none of which was introduced yet. */
  static PointNames of(Report report) {
    Comparison comparison = report.evidence().comparison();
    String name =
        comparison.captures().stream()
            .map(capture -> Pattern.quote(Printable.of(capture.point().name())))
            .collect(Collectors.joining("|", "(", ")(?![\\w-])"));
    PointNames names =
        new PointNames(
            Pattern.compile(
                "(?i:\\b(capture at|between|at|behind|passes|leaves|reach|reaches|reached)) "
                    + name
                    + "(?: and "
                    + name
                    + ")?"));
    for (PointCapture capture : comparison.captures()) {
      String point = capture.point().name();
      if (isNumbered(point)) {
        names.files.put(point, Printable.of(report.fileName(capture.point())));
      }
    }
    return names;
  }

  /** The text with "capture point" before the names that no text had before. */
  String introduce(String text) {
    Matcher place = places.matcher(text);
    StringBuilder words = new StringBuilder();
    while (place.find()) {
      place.appendReplacement(
          words, Matcher.quoteReplacement(place.group(1) + " " + introduced(place)));
    }
    return withFiles(place.appendTail(words).toString());
  }

  /** A number shows nothing of where a point is, so the file is beside it at first. */
  private String withFiles(String text) {
    Matcher numbered = NUMBERED.matcher(text);
    StringBuilder words = new StringBuilder();
    while (numbered.find()) {
      String file = files.remove(numbered.group());
      numbered.appendReplacement(
          words,
          Matcher.quoteReplacement(
              file == null ? numbered.group() : numbered.group() + " (" + file + ")"));
    }
    return numbered.appendTail(words).toString();
  }

  /** Whether nobody takes a name for that of a host. */
  private static boolean isNumbered(String name) {
    return name == null || NUMBERED.matcher(name).matches();
  }

  private String introduced(Matcher place) {
    String names = place.group(0).substring(place.group(1).length() + 1);
    if (names.equals(ALONE)) {
      return "the capture point";
    }
    boolean isNew = introduced.add(place.group(2));
    boolean isOtherNew = place.group(3) != null && introduced.add(place.group(3));
    if (place.group(1).equalsIgnoreCase("capture at") || !(isNew || isOtherNew)) {
      return names;
    }
    boolean isPlain = isNumbered(place.group(2)) && isNumbered(place.group(3));
    return (isPlain ? "" : place.group(3) == null ? ONE : TWO) + names;
  }
}
