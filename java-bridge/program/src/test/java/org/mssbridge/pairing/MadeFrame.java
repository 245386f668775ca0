package org.mssbridge.pairing;

import java.util.List;
import org.mssbridge.model.ChecksumState;
import org.mssbridge.model.Frame;

/** A synthetic TCP frame over IPv4 with no option but timestamps and with a correct checksum. */
final class MadeFrame implements Frame {
  int stream;
  long timeNanos;
  String source;
  String destination;
  int sourcePort;
  int destinationPort;
  int sequence;
  int acknowledgment;
  int flags;
  int payloadBytes;
  long payloadDigest;
  long timestamp;
  long tlsRandom;
  int ttl = 64;
  int ipId;
  List<Integer> optionKinds = List.of(1, 1, 8);
  int windowScale = -1;
  private int checksum;

  /** Fills the checksum in (RFC 9293, section 3.1), from the sum of the payload's words. */
  void finish(long payloadSum) {
    int headerBytes = 20 + optionLengthBytes();
    long sum = payloadSum + address(source) + address(destination) + 6 + headerBytes + payloadBytes;
    sum += sourcePort + (long) destinationPort + words(sequence) + words(acknowledgment);
    sum += ((headerBytes / 4) << 12 | flags) + window() + optionSum();
    checksum = (int) (0xffff - sum % 0xffff);
  }

  private static long address(String address) {
    String[] bytes = address.split("\\.", -1);
    long sum = 0;
    for (int i = 0; i < 4; i++) {
      sum += Long.parseLong(bytes[i]) << (i % 2 == 0 ? 8 : 0);
    }
    return sum;
  }

  private static long words(int number) {
    return (number >>> 16) + (number & 0xffffL);
  }

  @Override
  public long timeNanos() {
    return timeNanos;
  }

  @Override
  public int frameBytes() {
    return 66 + payloadBytes;
  }

  @Override
  public int capturedBytes() {
    return frameBytes();
  }

  @Override
  public boolean isTcp() {
    return true;
  }

  @Override
  public boolean isTooBig() {
    return false;
  }

  @Override
  public int stream() {
    return stream;
  }

  @Override
  public String sourceAddress() {
    return source;
  }

  @Override
  public String destinationAddress() {
    return destination;
  }

  @Override
  public int sourcePort() {
    return sourcePort;
  }

  @Override
  public int destinationPort() {
    return destinationPort;
  }

  @Override
  public boolean isFrom(String address, int port) {
    return port == sourcePort && address.equals(source);
  }

  @Override
  public int ttl() {
    return ttl;
  }

  @Override
  public int ipId() {
    return ipId;
  }

  @Override
  public int dsField() {
    return 0;
  }

  @Override
  public boolean dontFragment() {
    return true;
  }

  @Override
  public int sequence() {
    return sequence;
  }

  @Override
  public boolean hasSequence() {
    return true;
  }

  @Override
  public int acknowledgment() {
    return acknowledgment;
  }

  @Override
  public int payloadBytes() {
    return payloadBytes;
  }

  @Override
  public int flags() {
    return flags;
  }

  @Override
  public int window() {
    return 1000;
  }

  @Override
  public long timestamp() {
    return timestamp;
  }

  @Override
  public List<Integer> optionKinds() {
    return optionKinds;
  }

  @Override
  public List<Integer> mssValues() {
    return List.of();
  }

  @Override
  public int windowScale() {
    return windowScale;
  }

  @Override
  public String optionBytes() {
    return "";
  }

  @Override
  public int checksum() {
    return checksum;
  }

  @Override
  public ChecksumState checksumState() {
    return ChecksumState.UNKNOWN;
  }

  @Override
  public int optionLengthBytes() {
    return 12;
  }

  @Override
  public int optionSum() {
    return 4711;
  }

  @Override
  public int sackBlocks() {
    return 0;
  }

  @Override
  public int sackLeft(int block) {
    return 0;
  }

  @Override
  public int sackRight(int block) {
    return 0;
  }

  @Override
  public long payloadDigest() {
    return payloadDigest;
  }

  @Override
  public long tlsRandom() {
    return tlsRandom;
  }

  @Override
  public int tooBigMtu() {
    return 0;
  }

  @Override
  public String errorSender() {
    return "";
  }

  @Override
  public String errorReceiver() {
    return "";
  }

  @Override
  public int errorTtl() {
    return -1;
  }

  @Override
  public int ipBytes() {
    return 0;
  }

  @Override
  public boolean isHttp() {
    return false;
  }
}
