package org.mssbridge.sieve;

import java.util.List;
import java.util.Optional;
import org.mssbridge.model.ChecksumState;
import org.mssbridge.model.Frame;
import org.mssbridge.model.HeaderSum;
import org.mssbridge.model.IpFragment;
import org.mssbridge.model.Tunnel;
import org.mssbridge.model.TunnelKind;
import org.mssbridge.model.Unreachable;

/**
 * A frame that tshark has read without the frames before it, with what these would have changed:
 * the number of its connection, and whether its data is the first of a direction.
 */
final class Renumbered implements Frame {
  private Frame frame;
  private int stream;
  private long payloadDigest;
  private boolean http;

  /** Moves this object to a frame of tshark's. */
  Renumbered of(Frame tsharks, int number, long digest, boolean isHttp) {
    frame = tsharks;
    stream = number;
    payloadDigest = digest;
    http = isHttp;
    return this;
  }

  @Override
  public int stream() {
    return stream;
  }

  @Override
  public long payloadDigest() {
    return payloadDigest;
  }

  @Override
  public boolean isHttp() {
    return http;
  }

  @Override
  public long timeNanos() {
    return frame.timeNanos();
  }

  @Override
  public int frameBytes() {
    return frame.frameBytes();
  }

  @Override
  public int capturedBytes() {
    return frame.capturedBytes();
  }

  @Override
  public boolean isTcp() {
    return frame.isTcp();
  }

  @Override
  public boolean isTooBig() {
    return frame.isTooBig();
  }

  @Override
  public boolean isUnreachable() {
    return frame.isUnreachable();
  }

  @Override
  public Unreachable.Type errorType() {
    return frame.errorType();
  }

  @Override
  public int errorCode() {
    return frame.errorCode();
  }

  @Override
  public Optional<IpFragment> fragment() {
    return frame.fragment();
  }

  @Override
  public int tunnelBytes() {
    return frame.tunnelBytes();
  }

  @Override
  public Optional<Tunnel> tunnel() {
    return frame.tunnel();
  }

  @Override
  public int vlanTags() {
    return frame.vlanTags();
  }

  @Override
  public Optional<TunnelKind> encrypted() {
    return frame.encrypted();
  }

  @Override
  public String sourceAddress() {
    return frame.sourceAddress();
  }

  @Override
  public String destinationAddress() {
    return frame.destinationAddress();
  }

  @Override
  public int sourcePort() {
    return frame.sourcePort();
  }

  @Override
  public int destinationPort() {
    return frame.destinationPort();
  }

  @Override
  public boolean isFrom(String address, int port) {
    return frame.isFrom(address, port);
  }

  @Override
  public int ttl() {
    return frame.ttl();
  }

  @Override
  public int ipId() {
    return frame.ipId();
  }

  @Override
  public int dsField() {
    return frame.dsField();
  }

  @Override
  public boolean dontFragment() {
    return frame.dontFragment();
  }

  @Override
  public HeaderSum headerSum() {
    return frame.headerSum();
  }

  @Override
  public int sequence() {
    return frame.sequence();
  }

  @Override
  public boolean hasSequence() {
    return frame.hasSequence();
  }

  @Override
  public int acknowledgment() {
    return frame.acknowledgment();
  }

  @Override
  public int payloadBytes() {
    return frame.payloadBytes();
  }

  @Override
  public int flags() {
    return frame.flags();
  }

  @Override
  public int window() {
    return frame.window();
  }

  @Override
  public long timestamp() {
    return frame.timestamp();
  }

  @Override
  public List<Integer> optionKinds() {
    return frame.optionKinds();
  }

  @Override
  public List<Integer> mssValues() {
    return frame.mssValues();
  }

  @Override
  public int windowScale() {
    return frame.windowScale();
  }

  @Override
  public String optionBytes() {
    return frame.optionBytes();
  }

  @Override
  public int checksum() {
    return frame.checksum();
  }

  @Override
  public ChecksumState checksumState() {
    return frame.checksumState();
  }

  @Override
  public int optionLengthBytes() {
    return frame.optionLengthBytes();
  }

  @Override
  public int optionSum() {
    return frame.optionSum();
  }

  @Override
  public int sackBlocks() {
    return frame.sackBlocks();
  }

  @Override
  public int sackLeft(int block) {
    return frame.sackLeft(block);
  }

  @Override
  public int sackRight(int block) {
    return frame.sackRight(block);
  }

  @Override
  public long tlsRandom() {
    return frame.tlsRandom();
  }

  @Override
  public int tooBigMtu() {
    return frame.tooBigMtu();
  }

  @Override
  public String errorSender() {
    return frame.errorSender();
  }

  @Override
  public String errorReceiver() {
    return frame.errorReceiver();
  }

  @Override
  public int errorTtl() {
    return frame.errorTtl();
  }

  @Override
  public int ipBytes() {
    return frame.ipBytes();
  }
}
