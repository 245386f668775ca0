package org.mssbridge.rule;

import java.util.List;
import java.util.Optional;
import org.mssbridge.match.PairedConnection;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Segment;

/** The SYN or SYN/ACK of one direction at both points of a pair. */
record Handshakes(PairedConnection pair, Direction direction, Segment near, Segment far) {

  /** The first ones; empty where either point did not see one. */
  static Optional<Handshakes> first(PairedConnection pair, Direction direction) {
    Optional<Segment> near = pair.nearFlow(direction).firstHandshake();
    Optional<Segment> far = pair.farFlow(direction).firstHandshake();
    return near.isPresent() && far.isPresent()
        ? Optional.of(new Handshakes(pair, direction, near.get(), far.get()))
        : Optional.empty();
  }

  /** Where a finding about them stands. */
  Occurrence occurrence() {
    return Occurrence.on(pair.id())
        .at(pair.nearPoint(direction), near.frame())
        .at(pair.farPoint(direction), far.frame());
  }

  /** {@code SYN} or {@code SYN/ACK}. */
  String name() {
    return name(direction);
  }

  /** {@code SYN} or {@code SYN/ACK}. */
  static String name(Direction direction) {
    return direction == Direction.C2S ? "SYN" : "SYN/ACK";
  }

  /** Whether the options that both have come in the same order. */
  boolean isSameOptionOrder() {
    List<Integer> nearKinds = near.options().meaningfulKinds();
    List<Integer> farKinds = far.options().meaningfulKinds();
    return nearKinds.stream()
        .filter(farKinds::contains)
        .toList()
        .equals(farKinds.stream().filter(nearKinds::contains).toList());
  }

  /** TCP and IP headers without options, in bytes: what an MSS leaves out of the MTU. */
  int headerBytes() {
    return IpFamily.of(pair.near(direction).isIpv6()).tcpIpBytes();
  }
}
