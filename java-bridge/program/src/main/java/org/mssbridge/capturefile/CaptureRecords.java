package org.mssbridge.capturefile;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.mssbridge.model.RecordedTime;

/**
 * Iterates over the records of a capture: the records of pcap, of which the file header counts as
 * the first, or the blocks of pcapng. The object is a cursor whose methods describe the current
 * record, so that a long capture makes no garbage.
 */
public abstract sealed class CaptureRecords permits PcapRecords, PcapngRecords {
  /** The time of a packet whose time is not known exactly. */
  public static final long NO_TIME = Long.MIN_VALUE;

  /** The longest packet that tshark accepts (WTAP_MAX_PACKET_SIZE_STANDARD). */
  static final int MOST_CAPTURED_BYTES = 262_144;

  /** The longest record that is held in one piece. */
  static final int MOST_HELD_BYTES = 16 << 20;

  final ByteWindow window;
  final Strictness strictness;

  /** Whether the current section is little-endian. */
  boolean isLittle;

  /** Length of the current record, as far as the window holds it; 0 before the first. */
  int recordBytes;

  boolean isFrame;

  /**
   * The interface that captured the packet; null if the record is not a packet, or its interface is
   * not described.
   */
  InterfaceDescription seenOn;

  int dataOffset;
  int capturedBytes;
  int frameBytes;
  long ticks;

  CaptureRecords(ByteWindow window, Strictness strictness) {
    this.window = window;
    this.strictness = strictness;
  }

  /**
   * The records of a capture.
   *
   * @param capture the uncompressed capture from its first byte on; not closed here
   * @return empty if it is neither pcap 2.4 nor pcapng
   * @throws IOException if the capture cannot be read
   */
  public static Optional<CaptureRecords> of(InputStream capture, Strictness strictness)
      throws IOException {
    return of(new ByteWindow(capture), strictness);
  }

  static Optional<CaptureRecords> of(ByteWindow window, Strictness strictness) throws IOException {
    if (!window.has(Magic.BYTES)) {
      return Optional.empty();
    }
    if (Bytes.int32(window.bytes(), window.position()) == Magic.PCAPNG) {
      return Optional.of(new PcapngRecords(window, strictness));
    }
    return PcapHeader.at(window, strictness)
        .map(header -> new PcapRecords(window, strictness, header));
  }

  /**
   * Moves to the next record; false if no whole record follows.
   *
   * @throws IOException if the capture cannot be read
   */
  public abstract boolean next() throws IOException;

  /** Length of the current record, also where the window does not hold it. */
  long lengthBytes() {
    return recordBytes;
  }

  /** Whether tshark counts the record as a frame. */
  public final boolean isFrame() {
    return isFrame;
  }

  /**
   * Whether the record is a packet with an interface and a time; the methods below require that.
   */
  public final boolean isPacket() {
    return seenOn != null;
  }

  /** The buffer that holds the record. */
  public final byte[] bytes() {
    return window.bytes();
  }

  /** The index in {@link #bytes} where the packet starts. */
  public final int dataAt() {
    return window.position() + dataOffset;
  }

  /** Length of the packet's captured part. */
  public final int capturedBytes() {
    return capturedBytes;
  }

  /** Length of the packet on the wire. */
  public final int frameBytes() {
    return frameBytes;
  }

  /** The interface that captured the packet, to be compared by identity. */
  public final Object seenOn() {
    return seenOn;
  }

  /** The number of that interface in its section of the file, from 0. */
  public abstract int interfaceNumber();

  /** The name of that interface on the capturing host; empty if the file does not say. */
  public final String interfaceName() {
    return seenOn.name();
  }

  /** The packet's link type, a number in pcap's LINKTYPE registry. */
  public final int linkType() {
    return seenOn.linkType();
  }

  /** Nanoseconds since 1970, {@link #NO_TIME} if they are not known exactly. */
  public final long timeNanos() {
    return seenOn.resolution().exactNanos(ticks);
  }

  /**
   * The form of the current record, which is not a frame: equal for records that tshark treats
   * alike. Empty for forms that few captures have.
   */
  public abstract OptionalInt shape();

  /** The form of the packet's interface: equal for interfaces whose packets are read alike. */
  public final int interfaceShape() {
    return Objects.hash(
        getClass(),
        isLittle,
        seenOn.linkType(),
        seenOn.snapLen(),
        seenOn.fcsBits(),
        seenOn.resolution());
  }

  /** Length of the current record, as far as it is held in one piece. */
  public final int recordBytes() {
    return recordBytes;
  }

  /** When the capture was taken, as far as it says so; call it once, after the last record. */
  public RecordedTime recordedTime() {
    return RecordedTime.UNKNOWN;
  }

  /** Whether the packet may end with a frame check sequence, according to the file. */
  public abstract boolean mayHaveCheckSequence();

  /** Writes the record unchanged. */
  public final void copyTo(OutputStream output) throws IOException {
    output.write(window.bytes(), window.position(), recordBytes);
  }

  /**
   * Writes everything after the last whole record; call it after {@link #next} has returned false.
   */
  public final void copyRest(OutputStream output) throws IOException {
    window.copy(Long.MAX_VALUE, output);
  }

  /** Leaves the current record and returns whether nothing follows it. */
  public final boolean isAtEnd() throws IOException {
    leave();
    return window.isAtEnd();
  }

  final int int32(int offset) {
    return Bytes.int32(window.bytes(), window.position() + offset, isLittle);
  }

  final int uint16(int offset) {
    return Bytes.uint16(window.bytes(), window.position() + offset, isLittle);
  }

  final long int64(int offset) {
    return Bytes.int64(window.bytes(), window.position() + offset, isLittle);
  }

  /** Leaves the current record. */
  final void leave() {
    window.skip(recordBytes);
    recordBytes = 0;
    isFrame = false;
    seenOn = null;
  }
}
