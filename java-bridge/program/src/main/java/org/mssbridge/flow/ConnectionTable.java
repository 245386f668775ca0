package org.mssbridge.flow;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  private final SegmentTable table = new SegmentTable();
  private final List<OpenConnection> byStream = new ArrayList<>();
  private final Map<TcpOptions.Layout, TcpOptions> alike = new HashMap<>();
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
   * A connection whose client is not known yet: {@code first} is the end that sent the first frame
   * seen.
   */
  private record OpenConnection(
      int stream, int firstFrame, Flow first, Flow second, SegmentTable.Block rows) {}

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
      table.lackTime();
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
    OpenConnection connection = connection(number, frame);
    Endpoint first = connection.first().sender();
    boolean fromFirst = frame.isFrom(first.address(), first.port());
    Flow flow = fromFirst ? connection.first() : connection.second();
    int row = table.append(row(number, nanos, frame, flow.addressSum()), connection.rows());
    flow.append(row);
    int tunnelBytes = frame.tunnelBytes();
    if (tunnelBytes != 0) {
      flow.addCarried(frame, tunnelBytes);
    }
    for (int block = 0; block < frame.sackBlocks(); block++) {
      flow.addSack(row, frame.sackLeft(block), frame.sackRight(block));
    }
    if (frame.payloadDigest() != 0) {
      flow.firstData(frame.payloadDigest(), frame.isHttp());
      flow.addVlanTags(frame.vlanTags());
    }
    if (frame.tlsRandom() != 0) {
      flow.tlsHello(frame.tlsRandom());
    }
    if ((frame.flags() & TcpFlags.SYN) != 0) {
      flow.addHandshake(row, options(frame));
      flow.addVlanTags(frame.vlanTags());
    }
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
    } else if (stream < byStream.size() && byStream.get(stream) != null) {
      flowFrom(byStream.get(stream), source).addUnreachable(error);
    }
  }

  private static Flow flowFrom(OpenConnection connection, Endpoint source) {
    return connection.first().sender().equals(source) ? connection.first() : connection.second();
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
    List<OpenConnection> inOrder =
        byStream.stream()
            .filter(Objects::nonNull)
            .sorted(Comparator.comparingInt(OpenConnection::firstFrame))
            .toList();
    Map<Ends, OpenConnection> latest = new HashMap<>();
    int next = 0;
    for (ShortQuote quote : shortQuotes) {
      while (next < inOrder.size() && inOrder.get(next).firstFrame() < quote.error().frame()) {
        OpenConnection opened = inOrder.get(next++);
        latest.put(new Ends(opened.first().sender(), opened.second().sender()), opened);
        latest.put(new Ends(opened.second().sender(), opened.first().sender()), opened);
      }
      OpenConnection quoted = latest.get(new Ends(quote.source(), quote.destination()));
      if (quoted != null) {
        flowFrom(quoted, quote.source()).addUnreachable(quote.error());
      }
    }
  }

  private OpenConnection connection(int number, Frame frame) {
    int stream = frame.stream();
    while (byStream.size() <= stream) {
      byStream.add(null);
    }
    OpenConnection known = byStream.get(stream);
    if (known != null) {
      return known;
    }
    Endpoint source = end(frame.sourceAddress(), frame.sourcePort());
    Endpoint destination = end(frame.destinationAddress(), frame.destinationPort());
    int addressSum = PayloadSum.ofAddresses(source, destination);
    OpenConnection opened =
        new OpenConnection(
            stream,
            number,
            new Flow(source, addressSum, table),
            new Flow(destination, addressSum, table),
            new SegmentTable.Block());
    byStream.set(stream, opened);
    return opened;
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

  /** The options of a segment; alike ones share what they can. */
  private TcpOptions options(Frame frame) {
    TcpOptions read =
        new TcpOptions(
            frame.optionKinds(),
            frame.mssValues(),
            frame.windowScale(),
            frame.optionBytes(),
            frame.capturedBytes() >= frame.frameBytes() - frame.payloadBytes());
    TcpOptions known = alike.get(read.layout());
    if (known != null) {
      return read.sharing(known);
    }
    if (alike.size() < MOST_SHARED_LAYOUTS) {
      alike.put(read.layout(), read);
    }
    return read;
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
    table.finish();
    addShortQuotes();
    List<Connection> connections =
        byStream.stream()
            .filter(Objects::nonNull)
            .map(ConnectionTable::close)
            .sorted(Comparator.comparingInt(Connection::firstFrame))
            .toList();
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

  private static Connection close(OpenConnection open) {
    boolean firstIsClient = firstIsClient(open);
    Flow client = firstIsClient ? open.first() : open.second();
    Flow server = firstIsClient ? open.second() : open.first();
    if (server.hasHandshake() && !client.hasHandshake()) {
      client.learnIsn(server.handshake().get(0).acknowledgment() - 1);
    }
    learnServerIsn(client, server);
    return new Connection(open.stream(), open.firstFrame(), client, server);
  }

  /** Decides by the handshake; without it, the server is the end with the lower port. */
  private static boolean firstIsClient(OpenConnection open) {
    if (open.first().startsWithSyn() || open.second().startsWithSynAck()) {
      return true;
    }
    if (open.second().startsWithSyn() || open.first().startsWithSynAck()) {
      return false;
    }
    return open.first().sender().port() >= open.second().sender().port();
  }

  /**
   * Where no SYN/ACK was seen, the client's first segment after its SYN acknowledges the server's
   * ISN.
   */
  private static void learnServerIsn(Flow client, Flow server) {
    if (!client.startsWithSyn() || server.hasHandshake()) {
      return;
    }
    SegmentTable table = client.table();
    int isn = client.isn().getAsInt();
    for (int row = client.firstRow(); row >= 0; row = table.next(row)) {
      int flags = table.flags(row);
      if ((flags & TcpFlags.SYN) == 0) {
        if ((flags & TcpFlags.ACK) != 0 && table.sequence(row) == isn + 1) {
          server.learnIsn(table.acknowledgment(row) - 1);
        }
        return;
      }
    }
  }
}
