package org.mssbridge.rule;

import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.ConnectionsByEndpoints;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.LatestRanges;
import org.mssbridge.evidence.TooBigMessage;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.Group;
import org.mssbridge.model.IpFamily;
import org.mssbridge.model.SequenceNumber;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TcpFlags;
import org.mssbridge.model.TooBig;

/** A "too big" message that contradicts itself or what was sent (RFC 5927, section 7). */
final class PmtudBogus implements Rule {
  static final Kind KIND =
      new Kind(
          "pmtud.bogus",
          Severity.WARN,
          Group.SECURITY,
          "an ICMP \"too big\" message that cannot be true");

  /** The faults of a message. */
  private enum Fault {
    NEVER_SENT("quotes bytes that were never sent"),
    MTU_TOO_LOW("names an MTU below the least that links may have"),
    MTU_FITS("names an MTU that the quoted packet fits");

    private final String text;

    Fault(String text) {
      this.text = text;
    }
  }

  record Bogus(
      Direction inDirection, IpFamily family, String sender, int mtuBytes, Set<Fault> faults)
      implements Finding {
    Bogus {
      faults = Set.copyOf(faults);
    }

    @Override
    public Kind kind() {
      return KIND;
    }

    private List<String> faultTexts() {
      return faults.stream().sorted().map(fault -> fault.text).toList();
    }

    @Override
    public String message() {
      return String.format(
          "ICMP \"too big\" from %s with MTU %d %s",
          sender, mtuBytes, String.join(", and ", faultTexts()));
    }

    @Override
    public Optional<Direction> direction() {
      return Optional.of(inDirection);
    }

    @Override
    public Facts facts() {
      return Facts.of("sender", sender)
          .and("mtu_bytes", mtuBytes)
          .and("least_mtu_bytes", family.leastMtuBytes())
          .and("faults", faultTexts());
    }

    @Override
    public List<Cause> causes() {
      boolean neverSent = faults.contains(Fault.NEVER_SENT);
      return List.of(
          new Cause(
              "somebody forged it, to make the sender's segments small",
              faultTexts(),
              neverSent ? List.of() : List.of("it quotes bytes that were sent"),
              "RFC 5927, section 7.1"),
          new Cause(
              "a device that builds the message wrongly, or translates its numbers wrongly",
              neverSent ? List.of() : List.of("it quotes bytes that were sent"),
              List.of(),
              "RFC 1191, section 5"));
    }

    @Override
    public String nextStep() {
      return "find out who sends it; a host should check the quoted sequence number (RFC 5927,"
          + " section 4.1) and refuse MTUs as low as that";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    Sent sent = new Sent(evidence.comparison());
    for (TracedConnection traced : evidence.comparison().connections()) {
      for (TooBigMessage message : evidence.tooBigs(traced.id())) {
        TooBig any = message.any();
        IpFamily family = IpFamily.of(any.quotedSource().isIpv6());
        Set<Fault> faults = faults(message, family, sent);
        if (!faults.isEmpty()) {
          Occurrence occurrence = Occurrence.on(traced.id());
          for (CapturePoint point : message.seen().points()) {
            occurrence = occurrence.at(point, message.seen().at(point).orElseThrow().frame());
          }
          findings.add(
              new Bogus(message.direction(), family, any.sender(), any.mtuBytes(), faults),
              occurrence.with(
                  Facts.of("ttl", any.ttl()).and("quoted_ip_packet_bytes", any.quotedIpBytes())));
        }
      }
    }
  }

  private static Set<Fault> faults(TooBigMessage message, IpFamily family, Sent sent) {
    TooBig any = message.any();
    Set<Fault> faults = EnumSet.noneOf(Fault.class);
    if (any.mtuBytes() > 0 && any.mtuBytes() < family.leastMtuBytes()) {
      faults.add(Fault.MTU_TOO_LOW);
    }
    if (any.quotedIpBytes().isPresent() && any.mtuBytes() >= any.quotedIpBytes().getAsInt()) {
      faults.add(Fault.MTU_FITS);
    }
    if (sent.isUnsent(message)) {
      faults.add(Fault.NEVER_SENT);
    }
    return faults;
  }

  /** What was sent according to the captures. */
  private static final class Sent {
    private final ConnectionsByEndpoints byEndpoints;
    private final Map<Flow, Long> highestByFlow = new HashMap<>();
    private final Map<Flows, Numbers> numbers = new TreeMap<>();

    /** One direction of all connections of a client and a server at a point. */
    private record Flows(CapturePoint point, Endpoint client, Endpoint server, Direction direction)
        implements Comparable<Flows> {
      private static final Comparator<Flows> ORDER =
          Comparator.comparing((Flows flows) -> flows.point().name())
              .thenComparing(Flows::client)
              .thenComparing(Flows::server)
              .thenComparing(Flows::direction);

      @Override
      public int compareTo(Flows other) {
        return ORDER.compare(this, other);
      }
    }

    /** Ranges of raw sequence numbers. */
    private static final class Numbers {
      private static final long ALL = 1L << 32;

      private final LatestRanges ranges = new LatestRanges();
      private boolean isKnown = true;

      /**
       * Adds a stream; numbers more than half of all below its end are not told from later ones.
       */
      void add(int isn, long highest) {
        long end = (Integer.toUnsignedLong(isn) + highest) % ALL + 1;
        long start = end - 1 - Math.min(highest, ALL / 2);
        ranges.put(Math.max(0, start), end, 0);
        if (start < 0) {
          ranges.put(start + ALL, ALL, 0);
        }
      }

      boolean areWithout(OptionalInt number) {
        return isKnown
            && number.isPresent()
            && ranges.at(Integer.toUnsignedLong(number.getAsInt())) == LatestRanges.NONE;
      }
    }

    Sent(Comparison comparison) {
      byEndpoints = new ConnectionsByEndpoints(comparison);
    }

    /**
     * Whether a message quotes bytes that no connection between these endpoints sent: ports are
     * reused, and a message may arrive during the next connection.
     */
    boolean isUnsent(TooBigMessage message) {
      Set<CapturePoint> points = message.seen().points();
      CapturePoint first = points.iterator().next();
      Connection quoted = message.connection().at().at(first).orElseThrow();
      return points.stream().allMatch(point -> isUnsent(message, point, message.connection()))
          && numbers
              .computeIfAbsent(
                  new Flows(first, quoted.client(), quoted.server(), message.direction()),
                  this::numbers)
              .areWithout(message.seen().at(first).orElseThrow().quotedSequence());
    }

    /** The numbers that one direction of all connections between two endpoints sent. */
    private Numbers numbers(Flows flows) {
      Numbers sent = new Numbers();
      for (TracedConnection traced :
          byEndpoints.at(flows.point(), flows.client(), flows.server())) {
        Connection seen = traced.at().at(flows.point()).orElseThrow();
        if (seen.client().equals(flows.client())) {
          sent.isKnown &= seen.flow(flows.direction()).segments() > 0;
          OptionalLong highest = highestKnown(traced, flows.direction());
          sent.isKnown &= highest.isPresent();
          for (CapturePoint point : traced.at().points()) {
            Flow flow = traced.at().at(point).orElseThrow().flow(flows.direction());
            flow.isn().ifPresent(isn -> sent.add(isn, highest.orElse(0)));
          }
        }
      }
      return sent;
    }

    /**
     * Whether the sequence number quoted at a point is outside everything that was sent, in the
     * numbers of every point: a device may or may not have translated it.
     */
    private boolean isUnsent(TooBigMessage message, CapturePoint at, TracedConnection traced) {
      Direction direction = message.direction();
      TooBig tooBig = message.seen().at(at).orElseThrow();
      boolean passed = traced.at().at(at).filter(c -> c.flow(direction).segments() > 0).isPresent();
      if (tooBig.quotedSequence().isEmpty() || !passed) {
        return false;
      }
      OptionalLong highest = highestKnown(traced, direction);
      if (highest.isEmpty()) {
        return false;
      }
      int quoted = tooBig.quotedSequence().getAsInt();
      for (CapturePoint point : traced.at().points()) {
        Flow flow = traced.at().at(point).orElseThrow().flow(direction);
        long position = SequenceNumber.unwrap(quoted - flow.isn().getAsInt(), highest.getAsLong());
        if (position >= 0 && position <= highest.getAsLong()) {
          return false;
        }
      }
      return true;
    }

    /**
     * The position after the last byte that any point saw sent or acknowledged; empty where a point
     * did not see the ISN.
     */
    private OptionalLong highestKnown(TracedConnection traced, Direction direction) {
      long highest = 0;
      for (CapturePoint point : traced.at().points()) {
        Connection connection = traced.at().at(point).orElseThrow();
        if (connection.flow(direction).isn().isEmpty()) {
          return OptionalLong.empty();
        }
        highest = Math.max(highest, highestKnown(connection, direction));
      }
      return OptionalLong.of(highest);
    }

    /** The position after the last byte that a point saw sent or acknowledged. */
    private long highestKnown(Connection connection, Direction direction) {
      Long known = highestByFlow.get(connection.flow(direction));
      if (known == null) {
        known = findHighest(connection, direction);
        highestByFlow.put(connection.flow(direction), known);
      }
      return known;
    }

    private static long findHighest(Connection connection, Direction direction) {
      Flow flow = connection.flow(direction);
      SegmentTable table = flow.table();
      int isn = flow.isn().getAsInt();
      long highest = 1;
      for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
        long end = table.position(row, isn, highest) + table.payloadBytes(row);
        boolean closing = (table.flags(row) & TcpFlags.RST) != 0;
        highest = closing ? highest : Math.max(highest, end);
      }
      Flow back = connection.flow(direction.reverse());
      for (int row = back.firstRow(); row >= 0; row = table.next(row)) {
        if ((table.flags(row) & (TcpFlags.ACK | TcpFlags.RST)) == TcpFlags.ACK) {
          highest =
              Math.max(highest, SequenceNumber.unwrap(table.acknowledgment(row) - isn, highest));
        }
      }
      return highest;
    }
  }
}
