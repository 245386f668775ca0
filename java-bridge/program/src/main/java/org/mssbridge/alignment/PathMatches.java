package org.mssbridge.alignment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Given;
import org.mssbridge.pairing.AmbiguousConnection;
import org.mssbridge.pairing.ConnectionMatch;
import org.mssbridge.pairing.ConnectionMatcher;
import org.mssbridge.pairing.PathOrder;

/**
 * Which connections of neighbouring captures are the same, and in which order the captures are on
 * the path.
 *
 * @param path the captures from the client's side on
 * @param legs the matches of each capture with the next one, and where each connection starts
 * @param ambiguous connections that cannot be matched with confidence
 * @param given how many connections are said to be others at the next point
 * @param contradicted of these, how many are not, as their packets show
 */
record PathMatches(
    List<PointCapture> path,
    List<PathOrder> legs,
    List<AmbiguousConnection> ambiguous,
    int given,
    int contradicted) {

  /**
   * Matches captures. Those given in the wrong order are put in the right one where it is certain;
   * the points of one file are in the right order already, whatever place the file was given.
   */
  static PathMatches of(List<PointCapture> captures, Given known) {
    PathMatches given = inOrder(captures, known);
    int between = 0;
    int backwards = 0;
    for (int i = 0; i < given.legs.size(); i++) {
      if (!captures.get(i).sharesFile(captures.get(i + 1))) {
        between++;
        backwards += given.legs.get(i).isSwapped() ? 1 : 0;
      }
    }
    if (backwards > 0 && backwards < between) { // Neither the order given nor its reverse.
      Optional<List<PointCapture>> path = FileOrder.of(captures, given.legs);
      if (path.isPresent()) {
        return inOrder(path.get(), known);
      }
    }
    if (2 * backwards <= between) {
      return given;
    }
    return between == given.legs.size() ? given.reversed() : inOrder(turned(captures), known);
  }

  private static PathMatches inOrder(List<PointCapture> captures, Given known) {
    int given = 0;
    int contradicted = 0;
    List<PathOrder> legs = new ArrayList<>();
    List<AmbiguousConnection> ambiguous = new ArrayList<>();
    for (int i = 1; i < captures.size(); i++) {
      ConnectionMatcher.Result result =
          new ConnectionMatcher(
                  captures.get(i - 1).connections(), captures.get(i).connections(), known)
              .match();
      given += result.given();
      contradicted += result.contradicted();
      legs.add(PathOrder.of(result.matches()));
      CapturePoint first = captures.get(i - 1).point();
      CapturePoint second = captures.get(i).point();
      result
          .firstAmbiguous()
          .forEach(c -> ambiguous.add(new AmbiguousConnection(first, second, c)));
      result
          .secondAmbiguous()
          .forEach(c -> ambiguous.add(new AmbiguousConnection(second, first, c)));
    }
    return new PathMatches(captures, legs, ambiguous, given, contradicted);
  }

  private PathMatches reversed() {
    List<PointCapture> turned = new ArrayList<>(path);
    Collections.reverse(turned);
    List<PathOrder> back = new ArrayList<>(legs);
    Collections.reverse(back);
    back.replaceAll(
        leg -> PathOrder.of(leg.matches().stream().map(ConnectionMatch::reversed).toList()));
    return new PathMatches(turned, back, ambiguous, given, contradicted);
  }

  /** The files in reverse order, and the points of each as they are. */
  private static List<PointCapture> turned(List<PointCapture> captures) {
    List<PointCapture> turned = new ArrayList<>();
    int end = captures.size();
    for (int i = captures.size() - 1; i >= 0; i--) {
      if (i == 0 || !captures.get(i - 1).sharesFile(captures.get(i))) {
        turned.addAll(captures.subList(i, end));
        end = i;
      }
    }
    return turned;
  }
}
