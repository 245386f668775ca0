package org.mssbridge.pairing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.model.Direction;

/**
 * The fingerprints of all connections of a capture, to keep and to compare with those of other
 * captures without reading it again.
 */
public final class CaptureFingerprints {
  /** What a reader of kept fingerprints throws at bytes of another format. */
  private static final int FORMAT = 0x4d460001;

  final Fingerprints connections;

  /** Null for connections whose handshake was not seen as a whole. */
  private final HandshakeGaps[] gaps;

  /** For each connection and direction: the first number sent, and the one after the last. */
  private final Numbers[] numbers;

  /**
   * The sequence numbers of a direction.
   *
   * @param first that of the first segment
   * @param next the one after the last byte that was sent; empty where nothing was sent
   */
  record Numbers(OptionalInt first, OptionalInt next) {
    private static final int HAS_FIRST = 1;
    private static final int HAS_NEXT = 2;

    static Numbers of(Flow flow) {
      boolean sends = flow.firstDataRow() >= 0;
      return new Numbers(
          flow.firstRow() < 0
              ? OptionalInt.empty()
              : OptionalInt.of(flow.table().sequence(flow.firstRow())),
          sends ? flow.next() : OptionalInt.empty());
    }

    void write(DataOutput out) throws IOException {
      out.writeByte((first.isPresent() ? HAS_FIRST : 0) | (next.isPresent() ? HAS_NEXT : 0));
      if (first.isPresent()) {
        out.writeInt(first.getAsInt());
      }
      if (next.isPresent()) {
        out.writeInt(next.getAsInt());
      }
    }

    static Numbers read(DataInput in) throws IOException {
      int known = in.readByte();
      OptionalInt first =
          (known & HAS_FIRST) == 0 ? OptionalInt.empty() : OptionalInt.of(in.readInt());
      return new Numbers(
          first, (known & HAS_NEXT) == 0 ? OptionalInt.empty() : OptionalInt.of(in.readInt()));
    }
  }

  private CaptureFingerprints(Fingerprints connections) {
    this.connections = connections;
    gaps = new HandshakeGaps[connections.size];
    numbers = new Numbers[2 * connections.size];
  }

  /** The fingerprints of connections. */
  public static CaptureFingerprints of(List<Connection> connections) {
    CaptureFingerprints made = new CaptureFingerprints(new Fingerprints(connections));
    for (int i = 0; i < connections.size(); i++) {
      made.gaps[i] = HandshakeGaps.of(connections.get(i));
      made.numbers[2 * i] = Numbers.of(connections.get(i).flow(Direction.C2S));
      made.numbers[2 * i + 1] = Numbers.of(connections.get(i).flow(Direction.S2C));
    }
    return made;
  }

  /**
   * Fingerprints that were kept.
   *
   * @throws IllegalArgumentException if these are none, or are those of another version
   */
  public static CaptureFingerprints of(byte[] kept) {
    try (DataInputStream in =
        new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(kept)))) {
      if (in.readInt() != FORMAT) {
        throw new IllegalArgumentException("fingerprints of another version");
      }
      CaptureFingerprints read = new CaptureFingerprints(Fingerprints.read(in));
      for (int i = 0; i < read.size(); i++) {
        read.gaps[i] = in.readBoolean() ? new HandshakeGaps(in.readLong(), in.readLong()) : null;
        read.numbers[2 * i] = Numbers.read(in);
        read.numbers[2 * i + 1] = Numbers.read(in);
      }
      return read;
    } catch (IOException e) {
      throw new IllegalArgumentException("no fingerprints", e);
    }
  }

  /** The fingerprints as they are kept; only the version of the program that made them reads it. */
  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes))) {
      out.writeInt(FORMAT);
      connections.write(out);
      for (int i = 0; i < size(); i++) {
        out.writeBoolean(gaps[i] != null);
        if (gaps[i] != null) {
          out.writeLong(gaps[i].toSynAckNanos());
          out.writeLong(gaps[i].toAckNanos());
        }
        numbers[2 * i].write(out);
        numbers[2 * i + 1].write(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // The bytes are in memory.
    }
    return bytes.toByteArray();
  }

  /** Number of connections. */
  public int size() {
    return connections.size;
  }

  /** Receives the values by which captures are found that may share a connection. */
  public interface KeySink {
    /**
     * Receives a value.
     *
     * @param key what it is, see {@link CaptureKey}, and the value
     * @param nanos when its connection began, nanoseconds since 1970 on the capture's clock
     */
    void accept(long key, long nanos);
  }

  /**
   * Passes on the values that few captures have in common by chance, whichever end they are from.
   */
  public void forEachKey(KeySink sink) {
    for (int connection = 0; connection < size(); connection++) {
      long nanos = connections.baseNanos[connection];
      for (int i = connections.start[connection]; i < connections.start[connection + 1]; i++) {
        long feature = connections.features[i];
        if (CaptureKey.isOf(feature)) {
          sink.accept(CaptureKey.of(feature), nanos);
        }
      }
    }
  }

  /** The gaps of a connection's handshake; null where it was not seen as a whole. */
  HandshakeGaps gaps(int connection) {
    return gaps[connection];
  }

  /** What a sighting shows of how far its hosts are. */
  PathSigns signs(int connection, boolean swapped) {
    int client = swapped ? 1 : 0;
    return new PathSigns(
        connections.address(connection, client),
        connections.address(connection, 1 - client),
        connections.ttl(connection, client),
        connections.ttl(connection, 1 - client),
        swapped ? null : gaps[connection]);
  }

  /** The numbers that an end of a connection sent: 0 for the client, 1 for the server. */
  Numbers numbers(int connection, int end) {
    return numbers[2 * connection + end];
  }
}
