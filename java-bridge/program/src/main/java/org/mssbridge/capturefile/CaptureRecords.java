package org.mssbridge.capturefile;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * Walks the records of a capture from the first to the last: those of pcap, where the file's header
 * is the first, or the blocks of pcapng. The object is a cursor: what it says is of the record that
 * {@link #next} went to, so that a long capture makes no garbage.
 */
public abstract sealed class CaptureRecords permits PcapRecords, PcapngRecords {
  /** Time of a packet whose time is not known exactly. */
  public static final long NO_TIME = Long.MIN_VALUE;

  /** The most bytes of a packet that tshark takes (WTAP_MAX_PACKET_SIZE_STANDARD). */
  static final int MOST_CAPTURED_BYTES = 262_144;

  /** A record that is longer is not held in one piece. */
  static final int MOST_HELD_BYTES = 16 << 20;

  final ByteWindow window;
  final Strictness strictness;

  /** Of the present section. */
  boolean isLittle;

  /** Of the present record, as far as the window holds it; 0 before the first. */
  int recordBytes;

  boolean isFrame;

  /** Null where the record is no packet, or its interface is not described. */
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
   * @param capture its bytes, not compressed, from the first on; not closed here
   * @return empty where it is neither pcap 2.4 nor pcapng
   * @throws IOException if it cannot be read
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
   * Goes to the next record; false where none follows that is whole.
   *
   * @throws IOException if the capture cannot be read
   */
  public abstract boolean next() throws IOException;

  /** Whether tshark counts the record as a frame. */
  public final boolean isFrame() {
    return isFrame;
  }

  /** Whether it is a packet with an interface and a time; all below is known of such only. */
  public final boolean isPacket() {
    return seenOn != null;
  }

  /** Holds the record. */
  public final byte[] bytes() {
    return window.bytes();
  }

  /** Where in {@link #bytes} the packet starts. */
  public final int dataAt() {
    return window.position() + dataOffset;
  }

  /** Bytes of the packet that the capture holds. */
  public final int capturedBytes() {
    return capturedBytes;
  }

  /** Bytes of the packet as it was on the wire. */
  public final int frameBytes() {
    return frameBytes;
  }

  /** Number of the packet's link type in pcap's LINKTYPE registry. */
  public final int linkType() {
    return seenOn.linkType();
  }

  /** Nanoseconds since 1970, {@link #NO_TIME} where they are not known exactly. */
  public final long timeNanos() {
    return seenOn.resolution().exactNanos(ticks);
  }

  /** Whether a frame check sequence may follow the packet's bytes, as far as the file says. */
  public abstract boolean mayHaveCheckSequence();

  /** Writes the record as it is. */
  public final void copyTo(OutputStream output) throws IOException {
    output.write(window.bytes(), window.position(), recordBytes);
  }

  /** Writes all that follows the last whole record, when {@link #next} has said false. */
  public final void copyRest(OutputStream output) throws IOException {
    window.copy(Long.MAX_VALUE, output);
  }

  /** Whether nothing follows the present record. */
  final boolean isAtEnd() throws IOException {
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

  /** Leaves the present record, for the next one. */
  final void leave() {
    window.skip(recordBytes);
    recordBytes = 0;
    isFrame = false;
    seenOn = null;
  }
}
