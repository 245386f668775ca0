package org.mssbridge.rule;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.mssbridge.evidence.Ending;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.InitialTtl;
import org.mssbridge.model.Unreachable;

/** Who sends a refusal, by its address and TTL. */
enum RefusedBy {
  /** The host where the last point was captured. */
  CAPTURE_HOST(""),
  /** The server, which no router separates from that point. */
  SERVER_HERE("; it has the server's own address and %s, so the server itself sends it"),
  /** Probably the server: its other packets have this TTL. */
  SERVER("; it has the TTL of the server's other packets, so the server itself probably sends it"),
  /** Probably a device: the server's other packets have another TTL. */
  DEVICE(
      "; its TTL%s is not that of the server's other packets, so a device probably sends it in the"
          + " server's name"),
  UNKNOWN("");

  /** A host answers what its own capture sees so soon, and no other host does. */
  private static final long LOCAL_NANOS = 100_000;

  private final String text;

  RefusedBy(String text) {
    this.text = text;
  }

  /**
   * What follows from its TTL at a point, to follow what is refused.
   *
   * @param initialTtl its TTL there, where no router has changed it
   */
  String text(CapturePoint last, OptionalInt initialTtl) {
    if (initialTtl.isEmpty()) {
      return String.format(text, "");
    }
    int ttl = initialTtl.getAsInt();
    return switch (this) {
      case CAPTURE_HOST -> ": it comes at once, and its TTL is " + ttl + ", an initial TTL";
      case SERVER_HERE -> String.format(text, "TTL " + ttl + ", an initial TTL");
      case SERVER -> text;
      case DEVICE ->
          String.format(text, ", " + ttl + ",")
              + "; "
              + ttl
              + " is an initial TTL, so the device is next to "
              + last;
      case UNKNOWN ->
          "; its TTL is "
              + ttl
              + ", an initial TTL, so its sender is at "
              + last
              + " or next to it";
    };
  }

  /** Who refuses a connection at the last point that saw the refusal. */
  static RefusedBy of(
      SenderTtls ttls, PointCapture capture, Connection seen, Ending.Refused refused) {
    CapturePoint last = capture.point();
    String server = seen.server().address();
    SegmentTable table = seen.clientToServer().table();
    Optional<Unreachable> icmp = refused.unreachable();
    int ttl = icmp.map(Unreachable::ttl).orElseGet(() -> table.ttl(refused.row()));
    Set<Integer> known = ttls.known(last, server);
    if (icmp.isPresent()) {
      // The address of a router says what it is; another TTL of the server's may be its ICMP's own.
      boolean own = icmp.get().sender().equals(server);
      return own && InitialTtl.is(ttl)
          ? SERVER_HERE
          : own && known.contains(ttl) ? SERVER : UNKNOWN;
    }
    // A host that captured several points of the path passes packets on.
    if (capture.part().isEmpty() && isByCaptureHost(table, refused)) {
      return CAPTURE_HOST;
    }
    return known.isEmpty() ? UNKNOWN : known.contains(ttl) ? SERVER : DEVICE;
  }

  /** A neighbour takes longer to answer; the SYN came through routers, the answer through none. */
  private static boolean isByCaptureHost(SegmentTable table, Ending.Refused refused) {
    long nanos = table.timeNanos(refused.row()) - table.timeNanos(refused.synRow());
    return nanos <= LOCAL_NANOS
        && InitialTtl.is(table.ttl(refused.row()))
        && !InitialTtl.is(table.ttl(refused.synRow()));
  }
}
