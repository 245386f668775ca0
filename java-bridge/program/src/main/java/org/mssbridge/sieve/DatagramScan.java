package org.mssbridge.sieve;

import java.io.IOException;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.mssbridge.capturefile.Bytes;
import org.mssbridge.capturefile.CaptureRecords;
import org.mssbridge.model.Datagram;
import org.mssbridge.model.DatagramSink;
import org.mssbridge.model.Frame;
import org.mssbridge.model.IpAddress;
import org.mssbridge.model.UdpHeader;

/**
 * Reads what a capture holds besides TCP. The sieve alone does so, whoever reads the TCP segments;
 * where tshark is given such a packet too, a share of both is compared.
 */
final class DatagramScan {
  /** So many are compared, and of the others one in so many. */
  private static final int FIRST = 256;

  private static final int EACH = 256;

  private final DatagramSink sink;
  private final DatagramHeaders headers = new DatagramHeaders();
  private final Queue<Sample> samples = new ConcurrentLinkedQueue<>();
  private final Ledger ledger;
  private final Referee referee;
  private final DatagramFragments fragments;
  private long lastNanos;
  private int read;

  DatagramScan(DatagramSink sink, Ledger ledger, Referee referee) {
    this.sink = sink;
    this.fragments = new DatagramFragments(sink);
    this.ledger = ledger;
    this.referee = referee;
  }

  /** What the sieve read of a frame, to be compared. */
  private record Sample(
      int number,
      String source,
      String destination,
      int ttl,
      int id,
      int ds,
      boolean df,
      int ip,
      Optional<UdpHeader> udp,
      String udpEnds) {
    Sample(int number, DatagramHeaders packet) {
      this(
          number,
          text(packet.isIpv6(), packet.sourceHigh(), packet.sourceLow()),
          text(packet.isIpv6(), packet.destinationHigh(), packet.destinationLow()),
          packet.ttl(),
          packet.isIpv6() ? -1 : packet.ipId(),
          packet.dsField(),
          packet.dontFragment(),
          packet.ipBytes(),
          packet.protocol() == Datagram.UDP ? Optional.of(packet.udp()) : Optional.empty(),
          packet.protocol() == Datagram.UDP ? packet.udpEnds() : "");
    }

    private static String text(boolean ipv6, long high, long low) {
      byte[] bytes = new byte[ipv6 ? 16 : 4];
      if (ipv6) {
        Bytes.putInt64(bytes, 0, high);
        Bytes.putInt64(bytes, 8, low);
      } else {
        Bytes.putInt32(bytes, 0, (int) low);
      }
      return IpAddress.text(bytes);
    }

    /** An address in one way of writing it: some versions of tshark have another. */
    private static String rewritten(String address) {
      byte[] bytes = IpAddress.bytes(address);
      return bytes.length == 0 ? address : IpAddress.text(bytes);
    }

    /** What differs; empty if nothing does. */
    String difference(Frame frame) {
      return !isAlike(frame)
          ? "the IP header"
          : !isUdpAlike(frame) ? "the UDP header" : isDataAlike(frame) ? "" : "the data of UDP";
    }

    /** Packets are known by a digest of all of it: where it begins and ends must be the same. */
    private boolean isDataAlike(Frame frame) {
      return frame.udp().isEmpty() || frame.udpEnds().isEmpty() || frame.udpEnds().equals(udpEnds);
    }

    /** tshark shows none where it takes the data for more than a UDP packet. */
    private boolean isUdpAlike(Frame frame) {
      return frame.udp().isEmpty() || udp.isEmpty() || frame.udp().equals(udp);
    }

    private boolean isAlike(Frame frame) {
      return rewritten(frame.sourceAddress()).equals(source)
          && rewritten(frame.destinationAddress()).equals(destination)
          && frame.ttl() == ttl
          && frame.ipId() == id
          && frame.dsField() == ds
          && frame.dontFragment() == df
          && frame.ipBytes() == ip;
    }
  }

  /**
   * Reads all packets of a capture, without tshark.
   *
   * @throws NotSiftedException if the file deviates from its format
   */
  static void readAll(CaptureRecords records, DatagramSink sink) throws IOException {
    new DatagramScan(sink, new Ledger(), Refereeing.none().next()).readAll(records);
  }

  private void readAll(CaptureRecords records) throws IOException {
    int number = 0;
    while (records.next()) {
      if (records.isFrame()) {
        number++;
        add(number, records);
      }
    }
    finish();
  }

  /** Call it after the last frame. */
  void finish() {
    fragments.finish(lastNanos);
  }

  private void add(int number, CaptureRecords records) {
    lastNanos = Math.max(lastNanos, records.timeNanos());
    if (records.isPacket()
        && records.timeNanos() != Ledger.NO_TIME
        && LinkLayer.knows(records.linkType())
        && !records.mayHaveCheckSequence()) {
      take(
          number,
          headers.read(
              records.linkType(),
              records.bytes(),
              records.dataAt(),
              records.capturedBytes(),
              records.frameBytes(),
              records.timeNanos()));
    }
  }

  /**
   * Reads a frame in which the sieve found no TCP segment.
   *
   * @param isShown whether tshark must be given it whatever it holds
   * @return whether tshark must be given it
   */
  boolean add(
      int number,
      int linkType,
      byte[] bytes,
      int at,
      int capturedBytes,
      int frameBytes,
      long timeNanos,
      boolean isShown) {
    lastNanos = Math.max(lastNanos, timeNanos);
    DatagramHeaders.Reading reading =
        headers.read(linkType, bytes, at, capturedBytes, frameBytes, timeNanos);
    take(number, reading);
    if (reading != DatagramHeaders.Reading.WHOLE) {
      return true;
    }
    boolean isPlain = headers.isPlain();
    boolean isWanted =
        isShown || !isPlain || referee.wantsDatagram(number, 31 * headers.kind() + linkType);
    if (isPlain) {
      ledger.describe(headers, isWanted);
    }
    if (isWanted && (isPlain || read++ < FIRST || read % EACH == 0)) {
      samples.add(new Sample(number, headers));
    }
    return isWanted;
  }

  private void take(int number, DatagramHeaders.Reading reading) {
    switch (reading) {
      case WHOLE -> sink.accept(number, headers);
      case FRAGMENT -> headers.giveTo(fragments, number);
      case ERROR -> sink.acceptError(headers.error(number));
      case ADDRESSES -> sink.acceptUnread(number, headers);
      case OTHER -> {}
    }
  }

  /**
   * Compares a frame from tshark, unless it found other IP headers in it; called on the thread that
   * merges.
   */
  void compare(int number, Frame frame) {
    Sample sample = samples.peek();
    while (sample != null && sample.number() <= number) {
      samples.poll();
      boolean isOnlyHeader = frame.tunnelBytes() == 0 && frame.stream() < 0;
      String difference = sample.number() == number && isOnlyHeader ? sample.difference(frame) : "";
      if (!difference.isEmpty()) {
        throw NotSiftedException.difference("frame " + number + ": " + difference);
      }
      sample = samples.peek();
    }
  }
}
