package org.mssbridge.sieve;

import java.util.List;
import org.mssbridge.model.ChecksumState;
import org.mssbridge.model.Frame;

/** A packet of UDP of which only time and lengths matter, from a row of the ledger. */
final class PlainDatagram implements Frame {
  private Ledger.Chunk chunk;
  private int i;

  /**
   * Moves this object to a row.
   *
   * @param row index in the chunk
   */
  PlainDatagram of(Ledger.Chunk rows, int row) {
    chunk = rows;
    i = row;
    return this;
  }

  @Override
  public long timeNanos() {
    return chunk.timeNanos[i];
  }

  @Override
  public int frameBytes() {
    return chunk.frameBytes[i];
  }

  @Override
  public int capturedBytes() {
    return chunk.capturedBytes[i];
  }

  @Override
  public boolean isTcp() {
    return false;
  }

  @Override
  public boolean isTooBig() {
    return false;
  }

  @Override
  public int stream() {
    return -1;
  }

  @Override
  public String sourceAddress() {
    return "";
  }

  @Override
  public String destinationAddress() {
    return "";
  }

  @Override
  public int sourcePort() {
    return 0;
  }

  @Override
  public int destinationPort() {
    return 0;
  }

  @Override
  public boolean isFrom(String address, int port) {
    return false;
  }

  @Override
  public int ttl() {
    return -1;
  }

  @Override
  public int ipId() {
    return -1;
  }

  @Override
  public int dsField() {
    return -1;
  }

  @Override
  public boolean dontFragment() {
    return false;
  }

  @Override
  public int sequence() {
    return 0;
  }

  @Override
  public boolean hasSequence() {
    return false;
  }

  @Override
  public int acknowledgment() {
    return 0;
  }

  @Override
  public int payloadBytes() {
    return 0;
  }

  @Override
  public int flags() {
    return 0;
  }

  @Override
  public int window() {
    return 0;
  }

  @Override
  public long timestamp() {
    return -1;
  }

  @Override
  public List<Integer> optionKinds() {
    return List.of();
  }

  @Override
  public List<Integer> mssValues() {
    return List.of();
  }

  @Override
  public int windowScale() {
    return -1;
  }

  @Override
  public String optionBytes() {
    return "";
  }

  @Override
  public int checksum() {
    return -1;
  }

  @Override
  public ChecksumState checksumState() {
    return ChecksumState.UNKNOWN;
  }

  @Override
  public int optionLengthBytes() {
    return -1;
  }

  @Override
  public int optionSum() {
    return 0;
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
    return 0;
  }

  @Override
  public long tlsRandom() {
    return 0;
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
    return chunk.payloadBytesAndChecksum[i];
  }

  @Override
  public boolean isHttp() {
    return false;
  }
}
