package org.mssbridge.evidence;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Flow;
import org.mssbridge.model.Direction;
import org.mssbridge.model.IpFamily;
import org.mssbridge.model.Segment;
import org.mssbridge.model.TcpOptions;

/** One transmission of the SYN or SYN/ACK of a direction, at both points of a pair. */
public record Handshakes(PairedConnection pair, Direction direction, Segment near, Segment far) {

  /**
   * The first transmission that both points saw; empty where there is none, or where transmissions
   * differ and cannot be matched.
   */
  public static Optional<Handshakes> first(PairedConnection pair, Direction direction) {
    Flow sent = pair.nearFlow(direction);
    Flow arrived = pair.farFlow(direction);
    if (!sent.hasHandshake() || !arrived.hasHandshake()) {
      return Optional.empty();
    }
    if (sent.handshakes() == 1 && arrived.handshakes() == 1) {
      return Optional.of(
          new Handshakes(
              pair,
              direction,
              sent.firstHandshake().orElseThrow(),
              arrived.firstHandshake().orElseThrow()));
    }
    return first(pair, direction, sent.handshake(), arrived.handshake());
  }

  private static Optional<Handshakes> first(
      PairedConnection pair, Direction direction, List<Segment> near, List<Segment> far) {
    Optional<Handshakes> same = sameIpId(pair, direction, near, far);
    if (same.isPresent()) {
      return same;
    }
    // A device may replace the IP ID, and IPv6 has none.
    return near.size() == far.size() || (areAlike(near) && areAlike(far))
        ? Optional.of(new Handshakes(pair, direction, near.get(0), far.get(0)))
        : Optional.empty();
  }

  private static Optional<Handshakes> sameIpId(
      PairedConnection pair, Direction direction, List<Segment> near, List<Segment> far) {
    Map<Integer, Segment> farByIpId = new HashMap<>();
    far.forEach(arrived -> farByIpId.putIfAbsent(arrived.ipId(), arrived));
    for (Segment sent : near) {
      if (sent.ipId() > 0 && farByIpId.containsKey(sent.ipId())) {
        return Optional.of(new Handshakes(pair, direction, sent, farByIpId.get(sent.ipId())));
      }
    }
    return Optional.empty();
  }

  private static boolean areAlike(List<Segment> transmissions) {
    TcpOptions first = transmissions.get(0).options();
    return transmissions.stream().allMatch(sent -> areAlike(sent.options(), first));
  }

  private static boolean areAlike(TcpOptions some, TcpOptions others) {
    return some.mss().equals(others.mss())
        && (some.kinds().equals(others.kinds())
            || some.meaningfulKinds().equals(others.meaningfulKinds()));
  }

  /**
   * Whether MSS, window scale and option kinds are unchanged; true where options were not fully
   * captured.
   */
  boolean areOptionsKept() {
    boolean known = near.options().whole() && far.options().whole();
    return !known
        || (areAlike(near.options(), far.options())
            && near.options().windowScale() == far.options().windowScale());
  }

  /** An occurrence on both frames. */
  public Occurrence occurrence() {
    return Occurrence.on(pair.id())
        .at(pair.nearPoint(direction), near.frame())
        .at(pair.farPoint(direction), far.frame());
  }

  /** {@code SYN} or {@code SYN/ACK}. */
  public String name() {
    return name(direction);
  }

  /** {@code SYN} or {@code SYN/ACK}. */
  public static String name(Direction direction) {
    return direction == Direction.C2S ? "SYN" : "SYN/ACK";
  }

  /** Whether the options that both points have are in the same order. */
  public boolean isSameOptionOrder() {
    if (near.options().kinds().equals(far.options().kinds())) {
      return true;
    }
    List<Integer> nearKinds = near.options().meaningfulKinds();
    List<Integer> farKinds = far.options().meaningfulKinds();
    return nearKinds.stream()
        .filter(farKinds::contains)
        .toList()
        .equals(farKinds.stream().filter(nearKinds::contains).toList());
  }

  /** Bytes of the TCP and IP headers without options: MTU minus MSS. */
  public int headerBytes() {
    return IpFamily.of(pair.near(direction).isIpv6()).tcpIpBytes();
  }
}
