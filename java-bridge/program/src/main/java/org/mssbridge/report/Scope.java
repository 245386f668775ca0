package org.mssbridge.report;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Connection;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.IpAddress;
import org.mssbridge.model.Numbers;

/**
 * Which connections something is about, in words: by what they have in common and the others have
 * not, never by their numbers.
 */
final class Scope {
  /** With more kinds of connections that are not concerned, these are "others". */
  private static final int MOST_OTHERS = 2;

  /** With more kinds that are concerned, none of them says much. */
  private static final int MOST_KINDS = 3;

  /** One or two connections have something in common by chance. */
  private static final int LEAST = 3;

  private static final int IPV6_SUBNET_BYTES = 8;

  private static final Trait TO_PORT =
      new Trait("to port ", one -> Integer.toString(one.server().port()));

  /** What connections can have in common, in the order in which it is tried. */
  private static final List<Trait> TRAITS =
      List.of(
          TO_PORT,
          new Trait("over ", one -> one.isIpv6() ? "IPv6" : "IPv4"),
          new Trait("to ", one -> one.server().address()),
          new Trait("from ", one -> one.client().address()),
          new Trait("to ", one -> subnet(one.server().address())),
          new Trait("from ", one -> subnet(one.client().address())));

  private record Trait(String word, Function<Connection, String> value) {}

  private Scope() {}

  /**
   * Such as {@code 7 of 7 connections to 192.0.2.1:443, 0 of 5 to port 80}; the addresses of a
   * single connection; empty where there is no other connection, or where it is about none.
   */
  static String of(Comparison comparison, Collection<Occurrence> occurrences) {
    return Concern.of(comparison, occurrences).map(Scope::of).orElse("");
  }

  private static String of(Concern concern) {
    List<TracedConnection> concerned = concern.concerned();
    List<TracedConnection> others = concern.others();
    int all = concerned.size() + others.size();
    if (all < 2 || concerned.isEmpty()) {
      return "";
    }
    if (concerned.size() == 1) {
      return name(concerned.get(0));
    }
    if (others.isEmpty()) {
      return all == 2 ? "both connections" : "all " + Numbers.count(all, "connection");
    }
    return TRAITS.stream()
        .flatMap(trait -> Division.of(trait, concern).stream())
        .findFirst()
        .map(division -> division.words(concern))
        .orElse(
            Numbers.grouped(concerned.size())
                + " of "
                + Numbers.count(all, "connection")
                + server(concerned, others));
  }

  /**
   * How many connections something is about, with what they have in common: {@code 7 connections
   * over IPv6}; the number alone where that takes more words.
   */
  static String briefly(Comparison comparison, Collection<Occurrence> occurrences) {
    String which =
        Concern.of(comparison, occurrences).stream()
            .flatMap(all -> TRAITS.stream().flatMap(trait -> Division.of(trait, all).stream()))
            .findFirst()
            .filter(division -> division.hit().size() == 1)
            .map(division -> " " + division.trait().word() + division.hit().firstKey())
            .orElse("");
    return Numbers.count(ids(occurrences).cardinality(), "connection") + which;
  }

  /** The numbers of the connections that something is about. */
  static BitSet ids(Collection<Occurrence> occurrences) {
    BitSet ids = new BitSet();
    for (Occurrence occurrence : occurrences) {
      occurrence.connection().ifPresent(ids::set);
    }
    return ids;
  }

  /** The connections that something is about, and the others on the same path. */
  private record Concern(List<TracedConnection> concerned, List<TracedConnection> others) {
    /** Empty where it is about no connection. */
    static Optional<Concern> of(Comparison comparison, Collection<Occurrence> occurrences) {
      BitSet hit = ids(occurrences);
      if (hit.isEmpty()) {
        return Optional.empty();
      }
      Set<CapturePoint> points = new HashSet<>();
      List<TracedConnection> concerned = new ArrayList<>();
      List<TracedConnection> others = new ArrayList<>();
      for (TracedConnection traced : comparison.connections()) {
        if (hit.get(traced.id())) {
          concerned.add(traced);
          points.addAll(traced.at().points());
        } else if (comparison.isOnPath(traced)) {
          others.add(traced);
        }
      }
      if (comparison.pairs().isEmpty()) {
        // Each capture shows connections of its own.
        others.removeIf(traced -> Collections.disjoint(traced.at().points(), points));
      }
      return Optional.of(new Concern(concerned, others));
    }
  }

  /** The server that those concerned have in common, and no other connection has at that point. */
  private static String server(List<TracedConnection> concerned, List<TracedConnection> others) {
    Set<CapturePoint> points = new LinkedHashSet<>(concerned.get(0).at().points());
    for (CapturePoint point : points) {
      Set<Optional<Endpoint>> servers = new HashSet<>();
      for (TracedConnection traced : concerned) {
        servers.add(traced.at().at(point).map(Connection::server));
        if (servers.size() > 1) {
          break;
        }
      }
      Optional<Endpoint> server = servers.iterator().next();
      if (servers.size() == 1
          && server.isPresent()
          && others.stream()
              .flatMap(traced -> traced.at().at(point).stream())
              .noneMatch(seen -> seen.server().equals(server.get()))) {
        return (concerned.size() == 2 ? ", both to " : ", all to ") + server.get();
      }
    }
    return "";
  }

  /** A connection by its addresses and ports, such as {@code 192.0.2.1:50001 to 192.0.2.2:443}. */
  static String name(TracedConnection traced) {
    Connection seen = seen(traced);
    return seen.client() + " to " + seen.server();
  }

  /**
   * A trait by which those concerned differ from all others.
   *
   * @param hit how many of those concerned have each value
   * @param missed how many of the others do; cut off above {@link #MOST_OTHERS}
   */
  private record Division(
      Trait trait, SortedMap<String, Integer> hit, SortedMap<String, Integer> missed) {
    /** Empty where the trait does not tell them apart, as the first few connections mostly show. */
    static Optional<Division> of(Trait trait, Concern concern) {
      if (concern.concerned().size() < LEAST || concern.others().size() < LEAST) {
        return Optional.empty();
      }
      SortedMap<String, Integer> hit = new TreeMap<>();
      for (TracedConnection traced : concern.concerned()) {
        hit.merge(trait.value().apply(seen(traced)), 1, Integer::sum);
        if (hit.size() > MOST_KINDS) {
          return Optional.empty();
        }
      }
      SortedMap<String, Integer> missed = new TreeMap<>();
      for (TracedConnection traced : concern.others()) {
        String value = trait.value().apply(seen(traced));
        if (hit.containsKey(value)) {
          return Optional.empty();
        }
        if (missed.size() <= MOST_OTHERS || missed.containsKey(value)) {
          missed.merge(value, 1, Integer::sum);
        }
      }
      return Optional.of(new Division(trait, hit, missed));
    }

    /** Such as {@code 7 of 7 connections over IPv6, 0 of 5 over IPv4}. */
    String words(Concern concern) {
      List<String> parts = new ArrayList<>();
      Set<Endpoint> servers =
          concern.concerned().stream()
              .map(traced -> seen(traced).server())
              .collect(Collectors.toSet());
      boolean isOneServer = trait.equals(TO_PORT) && servers.size() == 1;
      hit.forEach(
          (value, count) ->
              parts.add(
                  part(
                      count,
                      count,
                      isOneServer ? "to " + servers.iterator().next() : trait.word() + value,
                      parts)));
      if (missed.size() > MOST_OTHERS) {
        parts.add("0 of " + Numbers.grouped(concern.others().size()) + " others");
      } else {
        missed.forEach((value, count) -> parts.add(part(0, count, trait.word() + value, parts)));
      }
      return String.join(", ", parts);
    }
  }

  private static String part(int hit, int count, String which, List<String> before) {
    String all = before.isEmpty() ? Numbers.count(count, "connection") : Numbers.grouped(count);
    return Numbers.grouped(hit) + " of " + all + " " + which;
  }

  private static String subnet(String address) {
    if (address.indexOf('.') >= 0) {
      return address.substring(address.lastIndexOf(':') + 1, address.lastIndexOf('.') + 1) + "0/24";
    }
    byte[] bytes = IpAddress.bytes(address);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(bytes.length, IPV6_SUBNET_BYTES); i += 2) {
      text.append(Integer.toHexString(((bytes[i] & 0xff) << 8) | (bytes[i + 1] & 0xff)))
          .append(':');
    }
    return text + ":/64";
  }

  /** The connection as the first point sees it that does. */
  private static Connection seen(TracedConnection traced) {
    return traced.at().at(traced.at().points().iterator().next()).orElseThrow();
  }
}
