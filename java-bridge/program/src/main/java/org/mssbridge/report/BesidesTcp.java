package org.mssbridge.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.datagram.Datagrams;
import org.mssbridge.datagram.FlowPassage;
import org.mssbridge.datagram.TracedFlow;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Numbers;

/** What the captures hold besides TCP, and how it fared, in a sentence. */
final class BesidesTcp {
  private static final int MOST_PROTOCOLS = 3;

  private final Comparison comparison;
  private final Datagrams datagrams;

  private BesidesTcp(Report report) {
    comparison = report.evidence().comparison();
    datagrams = report.evidence().datagrams();
  }

  /** Empty where there is none. */
  static String words(Report report) {
    return report.evidence().comparison().captures().size() < 2
        ? ""
        : new BesidesTcp(report).words();
  }

  /** Whether a flow of another protocol is at two points. */
  static boolean isAnyMatched(Report report) {
    return report.evidence().datagrams().matched() > 0;
  }

  /** Whether there is a flow at a time that no other capture covers, or what cannot be judged. */
  static boolean isAnyUncovered(Report report) {
    BesidesTcp besides = new BesidesTcp(report);
    return isAnyUnknown(besides.datagrams)
        || besides.oneSided().anyMatch(besides.datagrams::isUncovered);
  }

  private static boolean isAnyUnknown(Datagrams datagrams) {
    return datagrams.passages().stream().anyMatch(passage -> passage.unknown() > 0);
  }

  /** Whether something was at one point only, not looked at, or cannot be judged. */
  static boolean isIncomplete(Report report) {
    Datagrams datagrams = report.evidence().datagrams();
    return new BesidesTcp(report).oneSided().findAny().isPresent()
        || datagrams.unoriented() > 0
        || datagrams.tables().values().stream().anyMatch(table -> table.unreadPackets() > 0)
        || isAnyUnknown(datagrams);
  }

  private String words() {
    Map<String, Integer> flows = new LinkedHashMap<>();
    for (TracedFlow flow : datagrams.flows()) {
      if (flow.points().size() > 1) {
        String protocol = flow.at(flow.points().get(0)).orElseThrow().protocolName();
        flows.merge(protocol, 1, Integer::sum);
      }
    }
    List<String> names =
        flows.entrySet().stream()
            .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
            .limit(MOST_PROTOCOLS)
            .map(each -> Numbers.count(each.getValue(), each.getKey() + " flow"))
            .collect(Collectors.toCollection(ArrayList::new));
    if (flows.size() > MOST_PROTOCOLS) {
      names.add("others");
    }
    List<String> onlyAt =
        comparison.path().stream().map(PointCapture::point).flatMap(this::onlyAt).toList();
    return names.isEmpty()
        ? String.join("; ", onlyAt)
        : String.join(", ", names)
            + " matched"
            + arrivals()
            + unoriented()
            + onlyAt.stream().map(words -> "; " + words).collect(Collectors.joining())
            + leftOut();
  }

  /** What happened to packets, those of each leg counted. */
  private String arrivals() {
    long arrived = 0;
    long lost = 0;
    long unknown = 0;
    long inPart = 0;
    for (FlowPassage passage : datagrams.passages()) {
      arrived += passage.arrived() + passage.modified().size();
      lost += passage.lost().length;
      unknown += passage.unknown();
      inPart += passage.partial().size();
    }
    if (datagrams.passages().isEmpty()) {
      return " (cannot tell from which point to which their packets go)";
    }
    return String.format(
        ", %s of %s arrived%s%s%s%s",
        Numbers.grouped(arrived),
        Numbers.count(arrived + lost + inPart + unknown, "packet"),
        datagrams.tables().size() > 2 ? " (counted on each leg)" : "",
        lost == 0 ? "" : ", " + Numbers.grouped(lost) + (lost == 1 ? " was lost" : " were lost"),
        inPart == 0 ? "" : ", of " + Numbers.grouped(inPart) + " only some fragments arrived",
        unknown == 0 ? "" : ", " + Numbers.grouped(unknown) + " cannot be judged");
  }

  private String unoriented() {
    long count = datagrams.passages().isEmpty() ? 0 : datagrams.unoriented();
    return count == 0
        ? ""
        : "; cannot tell from which point to which the packets of "
            + Numbers.count(count, "flow")
            + " go";
  }

  private Stream<TracedFlow> oneSided() {
    return comparison.path().stream()
        .map(PointCapture::point)
        .flatMap(point -> datagrams.onlyAt(point).stream());
  }

  /** Such as {@code 3 flows are only at client, 1 of them at a time that server does not cover}. */
  private Stream<String> onlyAt(CapturePoint point) {
    List<TracedFlow> all = datagrams.onlyAt(point);
    long uncovered = all.stream().filter(datagrams::isUncovered).count();
    return all.isEmpty()
        ? Stream.empty()
        : Stream.of(
            String.format(
                "%s %s only at %s%s",
                Numbers.count(all.size(), "flow"),
                all.size() == 1 ? "is" : "are",
                point,
                uncovered == 0
                    ? ""
                    : String.format(
                        ", %sat a time that %s",
                        uncovered == all.size() ? "" : Numbers.grouped(uncovered) + " of them ",
                        Unmatched.notCovered(comparison, point))));
  }

  private String leftOut() {
    long unread =
        datagrams.tables().values().stream().mapToLong(DatagramTable::unreadPackets).sum();
    return unread == 0
        ? ""
        : "; fragments that make no packet and packets with IP options were not looked at ("
            + Numbers.grouped(unread)
            + ")";
  }
}
