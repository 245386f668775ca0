package org.mssbridge.capturefile;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mssbridge.model.Printable;
import org.mssbridge.output.OutputException;

/**
 * The packets of one pcapng in time order. Opening the file builds an index of 20 bytes per packet;
 * the packets themselves stay in the file until they are written.
 */
final class MergedInput implements Closeable {
  private final MergedCapture.Source source;
  private final FileChannel channel;
  private final PcapngRecords blocks;

  /**
   * The packets, tagged with the index in {@link #interfaces} and, in the lowest bit, the byte
   * order.
   */
  private final PacketIndex index = new PacketIndex();

  /** The interfaces of the merged file, and their indexes: a file can describe very many. */
  private final Map<Interface, Integer> interfaces = new LinkedHashMap<>();

  /** For each interface of the current section, its index in {@link #interfaces}. */
  private final List<Integer> numbers = new ArrayList<>();

  private int firstNumber;
  private int next;

  /**
   * One interface of the merged file: all interfaces of the capture point with the same properties.
   *
   * @param snapLen bytes; 0 for no limit
   * @param fcsBits length of the frame check sequence; -1 if the file does not say
   */
  record Interface(int linkType, int snapLen, int fcsBits) implements Comparable<Interface> {
    // A file may be made so that all of them have one hash: then a map needs an order.
    private static final Comparator<Interface> ORDER =
        Comparator.comparingInt(Interface::linkType)
            .thenComparingInt(Interface::snapLen)
            .thenComparingInt(Interface::fcsBits);

    @Override
    public int compareTo(Interface other) {
      return ORDER.compare(this, other);
    }
  }

  private MergedInput(MergedCapture.Source source, FileChannel channel) {
    this.source = source;
    this.channel = channel;
    blocks = new PcapngRecords(new ByteWindow(channel), Strictness.LIKE_TSHARK);
  }

  static MergedInput open(MergedCapture.Source source) throws IOException {
    MergedInput input =
        new MergedInput(source, FileChannel.open(source.pcapng(), StandardOpenOption.READ));
    try {
      input.readIndex();
    } catch (IOException | RuntimeException e) {
      input.close();
      throw e;
    }
    return input;
  }

  private void readIndex() throws IOException {
    while (blocks.next()) {
      switch (blocks.type()) {
        case BlockType.SECTION_HEADER -> numbers.clear();
        case BlockType.INTERFACE_DESCRIPTION -> numberInterface();
        case BlockType.ENHANCED_PACKET, BlockType.OBSOLETE_PACKET -> addPacket();
        case BlockType.SIMPLE_PACKET -> throw unusable("has no time");
        default -> {
          // Not a packet.
        }
      }
    }
    index.sort();
  }

  private void checkLength() throws OutputException {
    if (!blocks.isHeld()) {
      throw new OutputException(
          "cannot merge: a packet of "
              + blocks.blockBytes()
              + " bytes is too long; leave out --merged, or cut it with editcap -s");
    }
  }

  private void numberInterface() throws OutputException {
    checkLength();
    if (numbers.size() == blocks.interfaces().size()) {
      return; // One too many: the reader has ignored it.
    }
    InterfaceDescription described = blocks.interfaces().get(numbers.size());
    Interface merged =
        new Interface(described.linkType(), described.snapLen(), described.fcsBits());
    Integer known = interfaces.putIfAbsent(merged, interfaces.size());
    numbers.add(known == null ? interfaces.size() - 1 : known);
  }

  private void addPacket() throws OutputException {
    checkLength();
    if (!blocks.isPacket()) {
      throw unusable("belongs to an interface that is not described");
    }
    long nanos = blocks.seenOn.resolution().epochNanos(blocks.ticks);
    index.add(
        source.toReference().applyAsLong(nanos),
        blocks.offset(),
        numbers.get(blocks.interfaceNumber()) << 1 | (isBigEndian() ? 1 : 0));
  }

  private boolean isBigEndian() {
    return blocks.order() == ByteOrder.BIG_ENDIAN;
  }

  private OutputException unusable(String why) {
    return new OutputException(
        "cannot merge "
            + Printable.of(source.title())
            + ": a packet "
            + why
            + "; convert the capture with editcap -F pcap, or leave out --merged");
  }

  /** The interfaces of this capture in the merged file; at least one if it has packets. */
  Collection<Interface> interfaces() {
    return interfaces.keySet();
  }

  /** Sets the number that the first of {@link #interfaces} has in the merged file. */
  void numberInterfacesFrom(int number) {
    firstNumber = number;
  }

  /** The time of the first packet on the common clock; {@link Long#MAX_VALUE} if there is none. */
  long earliestNanos() {
    return index.size() == 0 ? Long.MAX_VALUE : index.nanos(0);
  }

  boolean hasNext() {
    return next < index.size();
  }

  /** The time of the next packet on the common clock, in ns since 1970. */
  long nanos() {
    return index.nanos(next);
  }

  /**
   * Writes the next packet as an Enhanced Packet Block in little-endian order.
   *
   * @param baseNanos the interface's time offset, which is not part of the packet's own time
   */
  void writeNext(BlockWriter out, long baseNanos) throws IOException {
    boolean bigEndian = (index.tag(next) & 1) != 0;
    blocks.seek(index.position(next), bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    if (!blocks.next()) {
      throw new IOException("shortened meanwhile");
    }
    if (!blocks.hasRoom()) {
      throw unusable("is longer than its block");
    }
    ByteBuffer options = OptionOrder.littleEndian(blocks);
    int dataBytes = Bytes.padded(blocks.capturedBytes());
    int bytes = PcapngRecords.PACKET_DATA_OFFSET + dataBytes + options.remaining() + Integer.BYTES;
    long ticks = index.nanos(next) - baseNanos;
    out.putInt(BlockType.ENHANCED_PACKET);
    out.putInt(bytes);
    out.putInt(firstNumber + (index.tag(next) >> 1));
    out.putInt((int) (ticks >>> 32));
    out.putInt((int) ticks);
    out.putInt(blocks.capturedBytes());
    out.putInt(blocks.frameBytes());
    out.write(blocks.bytes(), blocks.dataAt(), dataBytes);
    out.put(options);
    out.putInt(bytes);
    next++;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was written through it.
    }
  }
}
