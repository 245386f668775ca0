package org.mssbridge.split;

import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * Points that are told apart only by how far a packet has travelled: before or after the capturing
 * host, or a router. Which point that is depends on where the packet comes from.
 */
final class ByTurn implements Division {
  private final Mode mode;
  private final int places;
  private final ToIntFunction<PacketHeaders> turn;
  private final Homes homes;

  private ByTurn(Mode mode, int places, ToIntFunction<PacketHeaders> turn, Homes homes) {
    this.mode = mode;
    this.places = places;
    this.turn = turn;
    this.homes = homes;
  }

  /** Before and after the capturing host. */
  static ByTurn byDirection(Homes homes) {
    return new ByTurn(
        Mode.DIRECTION, 2, headers -> headers.direction() == PacketHeaders.OUT ? 1 : 0, homes);
  }

  /** Before and after each router. */
  static ByTurn byTtl(Turns turns, Homes homes) {
    return new ByTurn(Mode.TTL, turns.places(), headers -> byTtl(headers, turns), homes);
  }

  /**
   * What is seen once with its TTL did not pass the router; an ICMP error was sent by a router, and
   * is seen behind it.
   */
  private static int byTtl(PacketHeaders headers, Turns turns) {
    int turn = turns.of(headers.senderAddress(), headers.ttl());
    return turn >= 0 ? turn : headers.isIcmpError() ? turns.places() - 1 : 0;
  }

  @Override
  public String toldBy() {
    return mode.text();
  }

  @Override
  public List<String> names() {
    return names(places);
  }

  /** The names of points that have nothing but their order. */
  static List<String> names(int places) {
    return places == 2
        ? List.of("client side", "server side")
        : IntStream.rangeClosed(1, places).mapToObj(place -> "place " + place).toList();
  }

  @Override
  public List<String> leftOut() {
    return List.of();
  }

  @Override
  public boolean isOneClock() {
    return true;
  }

  @Override
  public String place(PacketHeaders headers) {
    return headers.interfaceText();
  }

  @Override
  public int point(PacketHeaders headers) {
    if (!headers.hasIp()) {
      return NOWHERE;
    }
    int passed = turn.applyAsInt(headers);
    return homes.isFromClientSide(headers) ? passed : places - 1 - passed;
  }
}
