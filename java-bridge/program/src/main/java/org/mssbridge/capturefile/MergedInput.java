package org.mssbridge.capturefile;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.mssbridge.model.Printable;
import org.mssbridge.output.OutputException;

/**
 * The packets of one pcapng in the order of time: an index of 20 bytes a packet, made when the file
 * is opened, and the packets themselves from the file.
 */
final class MergedInput implements Closeable {
  private static final int PACKET = 2;
  private static final int SIMPLE_PACKET = 3;
  private static final int PACKET_DATA = 28;
  private static final int OPT_ENDOFOPT = 0;
  private static final int IF_FCSLEN = 13;

  private final MergedCapture.Source source;
  private final BlockReader in;

  /** Tagged with the number in {@link #interfaces}, and the byte order in the lowest bit. */
  private final PacketIndex index = new PacketIndex();

  private final List<Interface> interfaces = new ArrayList<>();

  /** Of the present section, in the order of their description. */
  private final List<Integer> numbers = new ArrayList<>();

  private final List<TimeResolution> resolutions = new ArrayList<>();
  private int firstNumber;
  private int next;

  /**
   * What one interface of the merged file is: all interfaces of the point that do not differ here.
   *
   * @param snapLen bytes; 0 for no limit
   * @param fcsBits length of the frame check sequence; -1 if the file does not say
   */
  record Interface(int linkType, int snapLen, int fcsBits) {}

  private MergedInput(MergedCapture.Source source, BlockReader in) {
    this.source = source;
    this.in = in;
  }

  static MergedInput open(MergedCapture.Source source) throws IOException {
    MergedInput input = new MergedInput(source, BlockReader.open(source.pcapng()));
    try {
      input.readIndex();
    } catch (IOException | RuntimeException e) {
      input.close();
      throw e;
    }
    return input;
  }

  private void readIndex() throws IOException {
    long position = 0;
    while (in.seek(position)) {
      int type = in.type();
      if (type == PcapngCopier.SECTION_HEADER) {
        numbers.clear();
        resolutions.clear();
      } else if (type == PcapngCopier.INTERFACE_DESCRIPTION) {
        addInterface(in.block());
      } else if (type == PcapngCopier.ENHANCED_PACKET || type == PACKET) {
        addPacket(in.block(), type, position);
      } else if (type == SIMPLE_PACKET) {
        throw unusable("has no time");
      }
      position += in.blockBytes();
    }
    index.sort();
  }

  private void addInterface(ByteBuffer block) {
    int end = block.limit() - Integer.BYTES;
    int fcsBits = -1;
    int at = 16;
    while (end - at >= 4 && block.getShort(at) != OPT_ENDOFOPT) {
      int length = block.getShort(at + 2) & 0xFFFF;
      if (block.getShort(at) == IF_FCSLEN && length == 1 && at + 4 < end) {
        fcsBits = block.get(at + 4) & 0xFF;
      }
      at += 4 + ((length + 3) & ~3);
    }
    Interface description = new Interface(block.getShort(8) & 0xFFFF, block.getInt(12), fcsBits);
    if (!interfaces.contains(description)) {
      interfaces.add(description);
    }
    numbers.add(interfaces.indexOf(description));
    resolutions.add(TimeResolution.of(block, 16, end));
  }

  private void addPacket(ByteBuffer block, int type, long position) throws OutputException {
    int id = type == PcapngCopier.ENHANCED_PACKET ? block.getInt(8) : block.getShort(8) & 0xFFFF;
    if (id < 0 || id >= numbers.size()) {
      throw unusable("belongs to an interface that is not described");
    }
    long ticks =
        Integer.toUnsignedLong(block.getInt(12)) << 32 | Integer.toUnsignedLong(block.getInt(16));
    long nanos = resolutions.get(id).epochNanos(ticks);
    index.add(
        source.toReference().applyAsLong(nanos),
        position,
        numbers.get(id) << 1 | (isBigEndian() ? 1 : 0));
  }

  private boolean isBigEndian() {
    return in.order() == ByteOrder.BIG_ENDIAN;
  }

  private OutputException unusable(String why) {
    return new OutputException(
        "cannot merge "
            + Printable.of(source.title())
            + ": a packet "
            + why
            + "; convert the capture with editcap -F pcap, or leave out --merged");
  }

  /** The interfaces that stand for this capture, one at least if it has packets. */
  List<Interface> interfaces() {
    return interfaces;
  }

  /** What number the first of {@link #interfaces} has in the merged file. */
  void numberInterfacesFrom(int number) {
    firstNumber = number;
  }

  /** On the common clock; the greatest number if there is no packet. */
  long earliestNanos() {
    return index.size() == 0 ? Long.MAX_VALUE : index.nanos(0);
  }

  boolean hasNext() {
    return next < index.size();
  }

  /** When the next packet was captured, on the common clock, in ns since 1970. */
  long nanos() {
    return index.nanos(next);
  }

  /**
   * Writes the next packet, as an Enhanced Packet in little-endian order.
   *
   * @param baseNanos what the interface's offset adds to its time
   */
  void writeNext(BlockWriter out, long baseNanos) throws IOException {
    boolean bigEndian = (index.tag(next) & 1) != 0;
    in.seek(index.position(next), bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    ByteBuffer block = in.block();
    boolean enhanced = in.type() == PcapngCopier.ENHANCED_PACKET;
    int capturedBytes = block.getInt(20);
    int dataBytes = (capturedBytes + 3) & ~3;
    int end = block.limit() - Integer.BYTES;
    if (capturedBytes < 0 || dataBytes < 0 || PACKET_DATA + dataBytes > end) {
      throw unusable("is longer than its block");
    }
    ByteBuffer options = OptionOrder.littleEndian(block, PACKET_DATA + dataBytes, end, enhanced);
    int bytes = PACKET_DATA + dataBytes + options.remaining() + Integer.BYTES;
    long ticks = index.nanos(next) - baseNanos;
    out.putInt(PcapngCopier.ENHANCED_PACKET);
    out.putInt(bytes);
    out.putInt(firstNumber + (index.tag(next) >> 1));
    out.putInt((int) (ticks >>> 32));
    out.putInt((int) ticks);
    out.putInt(capturedBytes);
    out.putInt(block.getInt(24));
    out.put(block.slice(PACKET_DATA, dataBytes).order(ByteOrder.LITTLE_ENDIAN));
    out.put(options);
    out.putInt(bytes);
    next++;
  }

  @Override
  public void close() {
    in.close();
  }
}
