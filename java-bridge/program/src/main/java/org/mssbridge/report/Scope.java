package org.mssbridge.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Connection;
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

  private static final int IPV4_SUBNET_BYTES = 3;
  private static final int IPV6_SUBNET_BYTES = 8;

  /** What connections can have in common, in the order in which it is tried. */
  private static final List<Trait> TRAITS =
      List.of(
          new Trait("to port ", one -> Integer.toString(one.server().port())),
          new Trait("over ", one -> one.isIpv6() ? "IPv6" : "IPv4"),
          new Trait("to ", one -> one.server().address()),
          new Trait("from ", one -> one.client().address()),
          new Trait("to ", one -> subnet(one.server().address())),
          new Trait("from ", one -> subnet(one.client().address())));

  private record Trait(String word, Function<Connection, String> value) {}

  private static final class Share {
    int hit;
    int all;
  }

  private Scope() {}

  /**
   * Such as {@code 7 of 7 connections to port 443, 0 of 5 to port 8080}; the addresses of a single
   * connection; empty where there is no other connection, or where it is about none.
   */
  static String of(Comparison comparison, Collection<Occurrence> occurrences) {
    Set<Integer> hit =
        occurrences.stream()
            .flatMap(occurrence -> occurrence.connection().stream().boxed())
            .collect(Collectors.toSet());
    if (hit.isEmpty()) {
      return "";
    }
    boolean alone = comparison.captures().size() == 1;
    List<TracedConnection> all = new ArrayList<>();
    List<TracedConnection> concerned = new ArrayList<>();
    for (TracedConnection traced : comparison.connections()) {
      boolean isHit = hit.contains(traced.id());
      if (isHit) {
        concerned.add(traced);
      }
      if (isHit || alone || !traced.isOneSided()) {
        all.add(traced);
      }
    }
    if (all.size() < 2 || concerned.isEmpty()) {
      return "";
    }
    if (concerned.size() == 1) {
      return name(concerned.get(0));
    }
    if (concerned.size() == all.size()) {
      return all.size() == 2
          ? "both connections"
          : "all " + Numbers.count(all.size(), "connection");
    }
    return TRAITS.stream()
        .flatMap(trait -> divide(trait, all, hit).stream())
        .findFirst()
        .orElse(Numbers.grouped(hit.size()) + " of " + Numbers.count(all.size(), "connection"));
  }

  /** A connection by its addresses and ports, such as {@code 192.0.2.1:50001 to 192.0.2.2:443}. */
  static String name(TracedConnection traced) {
    Connection seen = seen(traced);
    return seen.client() + " to " + seen.server();
  }

  /** The shares by a trait; empty where it does not tell those concerned from the others. */
  private static Optional<String> divide(
      Trait trait, List<TracedConnection> all, Set<Integer> hit) {
    if (hit.size() < LEAST || all.size() - hit.size() < LEAST) {
      return Optional.empty();
    }
    Map<String, Share> shares = new TreeMap<>();
    for (TracedConnection traced : all) {
      Share share = shares.computeIfAbsent(trait.value().apply(seen(traced)), key -> new Share());
      share.all++;
      share.hit += hit.contains(traced.id()) ? 1 : 0;
    }
    Map<String, Share> concerned = new LinkedHashMap<>();
    Map<String, Share> others = new LinkedHashMap<>();
    for (Map.Entry<String, Share> one : shares.entrySet()) {
      Share share = one.getValue();
      if (share.hit > 0 && share.hit < share.all) {
        return Optional.empty();
      }
      (share.hit > 0 ? concerned : others).put(one.getKey(), share);
    }
    if (others.isEmpty() || concerned.size() > MOST_KINDS) {
      return Optional.empty();
    }
    List<String> parts = new ArrayList<>();
    concerned.forEach((value, share) -> parts.add(part(share, trait.word() + value, parts)));
    if (others.size() > MOST_OTHERS) {
      int rest = others.values().stream().mapToInt(share -> share.all).sum();
      parts.add("0 of " + Numbers.grouped(rest) + " others");
    } else {
      others.forEach((value, share) -> parts.add(part(share, trait.word() + value, parts)));
    }
    return Optional.of(String.join(", ", parts));
  }

  private static String part(Share share, String which, List<String> before) {
    String all =
        before.isEmpty() ? Numbers.count(share.all, "connection") : Numbers.grouped(share.all);
    return Numbers.grouped(share.hit) + " of " + all + " " + which;
  }

  private static String subnet(String address) {
    byte[] bytes = IpAddress.bytes(address);
    StringBuilder text = new StringBuilder();
    if (bytes.length == 4) {
      for (int i = 0; i < IPV4_SUBNET_BYTES; i++) {
        text.append(bytes[i] & 0xff).append('.');
      }
      return text + "0/24";
    }
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
