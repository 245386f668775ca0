package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
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
import org.mssbridge.model.Severity;

/**
 * A proxy with addresses of its own, both sides of which are in the only capture: what it receives
 * on one connection it sends on another. They share no packet; the payload shows it.
 */
final class ConnectionProxied implements Rule {
  static final Kind KIND =
      new Kind(
          "connection.proxied",
          Severity.NOTE,
          Group.ASSUMPTION,
          "two connections of one capture carry the same bytes");

  /** Connections that carry less in both directions together are alike by chance. */
  private static final int LEAST_BYTES = 256;

  /** So many others that began meanwhile, and it is not clear which one belongs to it. */
  private static final int MOST_EXAMINED = 64;

  /**
   * Both sides of a proxy.
   *
   * @param listening where it accepts connections
   * @param from the address from which it opens others
   * @param server where these go
   * @param isTls whether the TLS hellos of both ends prove it; else it is the first data and the
   *     number of bytes of both directions
   */
  record Proxied(Endpoint listening, String from, Endpoint server, boolean isTls)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "a proxy accepts connections to %s and opens others from %s to %s: both carry the same"
              + " bytes (%s)",
          listening,
          from,
          server,
          isTls
              ? "the TLS hellos of both ends are the same"
              : "the first data and the number of bytes are the same in both directions");
    }

    @Override
    public Facts facts() {
      return Facts.of("listening", listening.toString())
          .and("opens_from", from)
          .and("server", server.toString())
          .and("proved_by", isTls ? "tls-random" : "payload");
    }

    @Override
    public String nextStep() {
      return String.format(
          "to compare both sides, write them to two files: tcpdump -r FILE -w client.pcap 'host %s"
              + " and tcp port %d', tcpdump -r FILE -w server.pcap 'host %s and tcp port %d'; then"
              + " mssbridge compare client.pcap server.pcap",
          listening.address(), listening.port(), server.address(), server.port());
    }
  }

  /** What two connections with the same bytes have in common. */
  private record Content(long client, long server, long clientBytes, long serverBytes) {
    boolean isTls() {
      return clientBytes < 0;
    }
  }

  /** A connection with its SYN and SYN/ACK. */
  private record Candidate(int id, Connection connection, Content content) {
    Flow client() {
      return connection.clientToServer();
    }

    Flow server() {
      return connection.serverToClient();
    }

    long synNanos() {
      return client().firstHandshake().orElseThrow().timeNanos();
    }

    long synAckNanos() {
      return server().firstHandshake().orElseThrow().timeNanos();
    }

    long lastNanos() {
      return Math.max(nanos(client(), client().lastRow()), nanos(server(), server().lastRow()));
    }

    private static long nanos(Flow flow, int row) {
      return flow.table().timeNanos(row);
    }

    /**
     * Whether a proxy may have opened another connection for this one: it accepted this one before,
     * and data passes one after the other.
     */
    boolean mayCause(Candidate other) {
      return !client().isn().equals(other.client().isn())
          && !server().isn().equals(other.server().isn())
          && !client().sender().address().equals(other.client().sender().address())
          && !server().sender().equals(other.server().sender())
          && (content.isTls()
              || server().sender().address().equals(other.client().sender().address()))
          && nanos(client(), client().firstDataRow())
              <= nanos(other.client(), other.client().firstDataRow())
          && nanos(other.server(), other.server().firstDataRow())
              <= nanos(server(), server().firstDataRow());
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    if (evidence.comparison().captures().size() > 1) {
      return; // The pairs are what both captures have in common.
    }
    CapturePoint point = evidence.comparison().captures().get(0).point();
    Map<Content, List<Candidate>> alike = new HashMap<>();
    for (TracedConnection traced : evidence.comparison().connections()) {
      Connection connection = traced.at().at(point).orElseThrow();
      content(connection)
          .ifPresent(
              content ->
                  alike
                      .computeIfAbsent(content, key -> new ArrayList<>(1))
                      .add(new Candidate(traced.id(), connection, content)));
    }
    List<List<Candidate>> pairs = new ArrayList<>();
    alike.values().stream()
        .filter(candidates -> candidates.size() > 1)
        .forEach(candidates -> pairs.addAll(pairs(candidates)));
    pairs.sort(Comparator.comparingInt(pair -> pair.get(0).id()));
    pairs.forEach(pair -> report(pair.get(0), pair.get(1), point, findings));
  }

  /** Empty where too little was seen to prove that another connection carries the same. */
  private static Optional<Content> content(Connection connection) {
    Flow client = connection.clientToServer();
    Flow server = connection.serverToClient();
    boolean isWhole =
        client.table().isTimed()
            && connection.hasSyn()
            && server.hasHandshake()
            && client.firstDataRow() >= 0
            && server.firstDataRow() >= 0;
    if (!isWhole) {
      return Optional.empty();
    }
    if (client.tlsRandom() != 0 && server.tlsRandom() != 0) {
      return Optional.of(new Content(client.tlsRandom(), server.tlsRandom(), -1, -1));
    }
    long clientBytes = bytes(connection, Direction.C2S);
    long serverBytes = bytes(connection, Direction.S2C);
    return client.payloadDigest() == 0
            || server.payloadDigest() == 0
            || clientBytes + serverBytes < LEAST_BYTES
        ? Optional.empty()
        : Optional.of(
            new Content(client.payloadDigest(), server.payloadDigest(), clientBytes, serverBytes));
  }

  /** The number of bytes from the start of the stream to the last that was seen. */
  private static long bytes(Connection connection, Direction direction) {
    Flow flow = connection.flow(direction);
    SegmentTable table = flow.table();
    int isn = flow.isn().orElseThrow();
    long end = 1;
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      int payloadBytes = table.payloadBytes(row);
      if (payloadBytes > 0) {
        end = Math.max(end, table.position(row, isn, end) + payloadBytes);
      }
    }
    return end - 1;
  }

  /** Those of which each has one partner only. */
  private static List<List<Candidate>> pairs(List<Candidate> alike) {
    List<Candidate> sorted =
        alike.stream().sorted(Comparator.comparingLong(Candidate::synNanos)).toList();
    Map<Candidate, List<Candidate>> causes = new HashMap<>();
    for (int i = 0; i < sorted.size(); i++) {
      Optional<Candidate> caused = onlyOne(sorted, i);
      if (caused.isPresent()) {
        causes.computeIfAbsent(caused.get(), key -> new ArrayList<>(1)).add(sorted.get(i));
      }
    }
    return causes.entrySet().stream()
        .filter(caused -> caused.getValue().size() == 1)
        .map(caused -> List.of(caused.getValue().get(0), caused.getKey()))
        .toList();
  }

  private static Optional<Candidate> onlyOne(List<Candidate> sorted, int number) {
    Candidate cause = sorted.get(number);
    Optional<Candidate> found = Optional.empty();
    long lastNanos = cause.lastNanos();
    for (int i = number + 1; i < sorted.size(); i++) {
      Candidate other = sorted.get(i);
      if (other.synNanos() > lastNanos) {
        return found;
      }
      boolean isCaused = other.synNanos() > cause.synAckNanos() && cause.mayCause(other);
      if (i - number > MOST_EXAMINED || (isCaused && found.isPresent())) {
        return Optional.empty();
      }
      found = isCaused ? Optional.of(other) : found;
    }
    return found;
  }

  private static void report(
      Candidate cause, Candidate caused, CapturePoint point, Findings findings) {
    findings.add(
        new Proxied(
            cause.server().sender(),
            caused.client().sender().address(),
            caused.server().sender(),
            cause.content().isTls()),
        Occurrence.on(cause.id())
            .at(point, cause.connection().firstFrame())
            .at(point, caused.connection().firstFrame())
            .with(
                Facts.of("opened_connection", caused.id())
                    .and("opened_frame", caused.connection().firstFrame())));
  }
}
