package org.mssbridge.flow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.Frame;
import org.mssbridge.model.RecordedTime;
import org.mssbridge.model.TcpFlags;
import org.mssbridge.model.TcpOptions;
import org.mssbridge.model.TooBig;
import org.mssbridge.model.Unreachable;

/**
 * Sorts the frames of one capture into connections, by tshark's stream number, which also
 * distinguishes a reused port from a retransmitted SYN.
 */
public final class ConnectionTable {
  /** Of hostile captures, in which each could be another. */
  private static final int MOST_SHARED_LAYOUTS = 1 << 10;

  private final CapturePoint point;
  private final FlowTable flows = new FlowTable();

  /** For each stream, one more than the number of its connection; 0 where there is none. */
  private int[] byStream = new int[16];

  private final Map<TcpOptions.Layout, Integer> layouts = new HashMap<>();
  private final Endpoint[] recentEnds = new Endpoint[1 << 12];
  private final List<TooBig> tooBigs = new ArrayList<>();
  private final List<ShortQuote> shortQuotes = new ArrayList<>();
  private final FragmentCollector fragments = new FragmentCollector();
  private final EncryptedTunnels encrypted = new EncryptedTunnels();
  private int packets;
  private long firstNanos = Long.MAX_VALUE;
  private long lastNanos = Long.MIN_VALUE;
  private long nanos;
  private int untimedPackets;
  private int truncatedPackets;
  private int firstTruncatedFrame;
  private int snapLengthBytes;

  public ConnectionTable(CapturePoint point) {
    this.point = point;
  }

  /**
   * Adds a frame; only the values needed later are copied.
   *
   * @param number its number in the capture, from 1
   */
  public void add(int number, Frame frame) {
    packets++;
    addTime(frame.timeNanos());
    if (frame.capturedBytes() < frame.frameBytes()) {
      addTruncated(number, frame);
    }
    frame.fragment().ifPresent(fragment -> fragments.add(number, nanos, frame, fragment));
    if (frame.isTcp()) {
      addSegment(number, frame);
    } else if (frame.isTooBig()) {
      tooBigs.add(tooBig(number, nanos, frame));
    } else if (frame.isUnreachable()) {
      addUnreachable(number, frame);
    } else {
      frame.encrypted().ifPresent(kind -> encrypted.add(number, nanos, frame, kind));
    }
  }

  private void addTime(long frameNanos) {
    if (frameNanos == Frame.NO_TIME) {
      untimedPackets++;
      flows.segments().lackTime();
      return;
    }
    nanos = frameNanos;
    firstNanos = Math.min(firstNanos, nanos);
    lastNanos = Math.max(lastNanos, nanos);
  }

  private void addTruncated(int number, Frame frame) {
    truncatedPackets++;
    snapLengthBytes = Math.max(snapLengthBytes, frame.capturedBytes());
    if (firstTruncatedFrame == 0) {
      firstTruncatedFrame = number;
    }
  }

  private void addSegment(int number, Frame frame) {
    int connection = connection(number, frame);
    int flow = flowFrom(connection, frame);
    int row = flows.append(flow, row(number, nanos, frame, flows.addressSum(connection)));
    int tunnelBytes = frame.tunnelBytes();
    if (tunnelBytes != 0) {
      flows.addCarried(flow, frame, tunnelBytes);
    }
    for (int block = 0; block < frame.sackBlocks(); block++) {
      flows.addSack(flow, row, frame.sackLeft(block), frame.sackRight(block));
    }
    if (frame.payloadDigest() != 0) {
      flows.firstData(flow, frame.payloadDigest(), frame.isHttp());
      flows.addVlanTags(flow, frame.vlanTags());
    }
    if (frame.tlsRandom() != 0) {
      flows.tlsHello(flow, frame.tlsRandom());
    }
    if ((frame.flags() & TcpFlags.SYN) != 0) {
      TcpOptions options = frame.options();
      flows.addHandshake(flow, row, layout(options.layout()), options.timestamps());
      flows.addVlanTags(flow, frame.vlanTags());
    }
  }

  private int flowFrom(int connection, Frame frame) {
    Endpoint first = flows.sender(FlowTable.flow(connection, true));
    return FlowTable.flow(connection, frame.isFrom(first.address(), first.port()));
  }

  /**
   * An error that quotes so little of a segment that tshark tells no stream: RFC 792 asks for the
   * ports and the sequence number only.
   */
  private record ShortQuote(Unreachable error, Endpoint source, Endpoint destination) {}

  /** Adds it to the flow that it quotes, if that is known. */
  private void addUnreachable(int number, Frame frame) {
    Endpoint source = new Endpoint(frame.sourceAddress(), frame.sourcePort());
    Endpoint destination = new Endpoint(frame.destinationAddress(), frame.destinationPort());
    Unreachable error =
        new Unreachable(
            number,
            nanos,
            frame.errorSender(),
            source.isIpv6(),
            frame.errorType(),
            frame.errorCode(),
            frame.errorTtl(),
            frame.ipId(),
            frame.hasSequence() ? OptionalInt.of(frame.sequence()) : OptionalInt.empty());
    int stream = frame.stream();
    if (stream < 0) {
      shortQuotes.add(new ShortQuote(error, source, destination));
    } else if (stream < byStream.length && byStream[stream] != 0) {
      flows.addUnreachable(flowFrom(byStream[stream] - 1, source), error);
    }
  }

  private int flowFrom(int connection, Endpoint source) {
    Endpoint first = flows.sender(FlowTable.flow(connection, true));
    return FlowTable.flow(connection, first.equals(source));
  }

  /** Sender and receiver; in an order, so that a map with many of one hash stays quick. */
  private record Ends(Endpoint source, Endpoint destination) implements Comparable<Ends> {
    private static final Comparator<Ends> ORDER =
        Comparator.comparing(Ends::source).thenComparing(Ends::destination);

    @Override
    public int compareTo(Ends other) {
      return ORDER.compare(this, other);
    }
  }

  /** Gives errors with short quotes to the last connection of these endpoints before them. */
  private void addShortQuotes() {
    if (shortQuotes.isEmpty()) {
      return;
    }
    Map<Ends, Integer> latest = new HashMap<>();
    int next = 0;
    for (ShortQuote quote : shortQuotes) {
      while (next < flows.size() && flows.firstFrame(next) < quote.error().frame()) {
        Endpoint first = flows.sender(FlowTable.flow(next, true));
        Endpoint second = flows.sender(FlowTable.flow(next, false));
        latest.put(new Ends(first, second), next);
        latest.put(new Ends(second, first), next);
        next++;
      }
      Integer quoted = latest.get(new Ends(quote.source(), quote.destination()));
      if (quoted != null) {
        flows.addUnreachable(flowFrom(quoted, quote.source()), quote.error());
      }
    }
  }

  private int connection(int number, Frame frame) {
    int stream = frame.stream();
    if (stream >= byStream.length) {
      byStream = Arrays.copyOf(byStream, Math.max(stream + 1, byStream.length * 2));
    }
    if (byStream[stream] == 0) {
      Endpoint source = end(frame.sourceAddress(), frame.sourcePort());
      Endpoint destination = end(frame.destinationAddress(), frame.destinationPort());
      byStream[stream] = 1 + flows.add(stream, number, source, destination);
    }
    return byStream[stream] - 1;
  }

  /** An end of a connection; most connections have one in common with others. */
  private Endpoint end(String address, int port) {
    int at = (31 * address.hashCode() + port) & (recentEnds.length - 1);
    Endpoint known = recentEnds[at];
    if (known == null || known.port() != port || !known.address().equals(address)) {
      known = new Endpoint(address, port);
      recentEnds[at] = known;
    }
    return known;
  }

  private static SegmentTable.Row row(int number, long nanos, Frame frame, int addressSum) {
    int payloadSum = PayloadSum.of(frame, addressSum);
    return new SegmentTable.Row(
        number,
        nanos,
        frame.sequence(),
        frame.acknowledgment(),
        frame.payloadBytes(),
        frame.flags(),
        frame.window(),
        frame.ttl(),
        frame.ipId(),
        frame.dontFragment(),
        frame.timestamp(),
        frame.dsField(),
        payloadSum,
        PayloadSum.state(frame, addressSum),
        frame.optionLengthBytes(),
        frame.headerSum());
  }

  /** The number of a layout of options; alike ones share it. */
  private int layout(TcpOptions.Layout layout) {
    Integer known = layouts.get(layout);
    if (known != null) {
      return known;
    }
    int added = flows.addLayout(layout);
    if (layouts.size() < MOST_SHARED_LAYOUTS) {
      layouts.put(layout, added);
    }
    return added;
  }

  private static TooBig tooBig(int number, long nanos, Frame frame) {
    return new TooBig(
        number,
        nanos,
        frame.errorSender(),
        frame.errorReceiver(),
        frame.tooBigMtu(),
        frame.errorTtl(),
        new Endpoint(frame.sourceAddress(), frame.sourcePort()),
        new Endpoint(frame.destinationAddress(), frame.destinationPort()),
        frame.hasSequence() ? OptionalInt.of(frame.sequence()) : OptionalInt.empty(),
        frame.ipBytes() > 0 ? OptionalInt.of(frame.ipBytes()) : OptionalInt.empty(),
        frame.ipId(),
        frame.stream());
  }

  /**
   * The capture, after its last frame was added.
   *
   * @param complete whether the file was whole
   * @param recorded when the capture was taken, as far as it says so
   */
  public PointCapture finish(boolean complete, RecordedTime recorded) {
    flows.finish();
    addShortQuotes();
    List<Connection> connections = new ArrayList<>(flows.size());
    for (int connection = 0; connection < flows.size(); connection++) {
      connections.add(close(connection));
    }
    PointCapture.Extent extent =
        new PointCapture.Extent(
            packets,
            firstNanos,
            lastNanos,
            untimedPackets,
            truncatedPackets,
            firstTruncatedFrame,
            snapLengthBytes,
            complete);
    return new PointCapture(
        point,
        connections,
        tooBigs,
        fragments.finish(),
        encrypted.finish(),
        extent,
        Coverage.of(extent, recorded),
        Optional.empty());
  }

  private Connection close(int connection) {
    boolean firstIsClient = firstIsClient(connection);
    int client = FlowTable.flow(connection, firstIsClient);
    int server = FlowTable.flow(connection, !firstIsClient);
    Connection closed = new Connection(flows, connection, firstIsClient);
    if (!closed.clientToServer().hasHandshake() && closed.serverToClient().hasHandshake()) {
      flows.learnIsn(client, flows.firstHandshake(server).acknowledgment() - 1);
    }
    learnServerIsn(client, server);
    return closed;
  }

  /** Decides by the handshake; without it, the server is the end with the lower port. */
  private boolean firstIsClient(int connection) {
    Flow first = new Flow(flows, FlowTable.flow(connection, true));
    Flow second = new Flow(flows, FlowTable.flow(connection, false));
    if (first.startsWithSyn() || second.startsWithSynAck()) {
      return true;
    }
    if (second.startsWithSyn() || first.startsWithSynAck()) {
      return false;
    }
    return first.sender().port() >= second.sender().port();
  }

  /**
   * Where no SYN/ACK was seen, the client's first segment after its SYN acknowledges the server's
   * ISN.
   */
  private void learnServerIsn(int client, int server) {
    Flow sent = new Flow(flows, client);
    if (!sent.startsWithSyn() || new Flow(flows, server).hasHandshake()) {
      return;
    }
    SegmentTable table = flows.segments();
    int isn = sent.isn().getAsInt();
    for (int row = sent.firstRow(); row >= 0; row = table.next(row)) {
      int flags = table.flags(row);
      if ((flags & TcpFlags.SYN) == 0) {
        if ((flags & TcpFlags.ACK) != 0 && table.sequence(row) == isn + 1) {
          flows.learnIsn(server, table.acknowledgment(row) - 1);
        }
        return;
      }
    }
  }
}
