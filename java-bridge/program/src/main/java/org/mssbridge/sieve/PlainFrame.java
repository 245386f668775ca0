package org.mssbridge.sieve;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.mssbridge.model.ChecksumState;
import org.mssbridge.model.Frame;
import org.mssbridge.model.HeaderSum;
import org.mssbridge.model.Tunnel;
import org.mssbridge.model.TunnelKind;

/**
 * A plain segment, read from a row of the ledger, with the values that tshark would have reported.
 */
final class PlainFrame implements Frame {
  private static final List<Integer> NO_OPTIONS = List.of();
  private static final List<Integer> NOP_NOP_TIMESTAMP = List.of(1, 1, 8);

  private Ledger.Chunk chunk;
  private int i;
  private int traits;
  private Conversation conversation;
  private int sender;

  /**
   * Moves this object to a row.
   *
   * @param row index in the chunk
   */
  PlainFrame of(Ledger.Chunk rows, int row) {
    chunk = rows;
    i = row;
    traits = rows.traits[row];
    conversation = rows.conversation[row];
    sender = (traits & Ledger.SECOND_SENDS) == 0 ? 0 : 1;
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
    return true;
  }

  @Override
  public boolean isTooBig() {
    return false;
  }

  @Override
  public int tunnelBytes() {
    int labels = (traits >>> Ledger.LABELS_SHIFT) & Ledger.LABELS_MASK;
    return labels * Tunnel.MPLS_ENTRY_BYTES
        + ((traits & Ledger.PPPOE) != 0 ? Tunnel.PPPOE_BYTES : 0);
  }

  @Override
  public Optional<Tunnel> tunnel() {
    int bytes = tunnelBytes();
    return bytes == 0
        ? Optional.empty()
        : Optional.of(
            Tunnel.onLink(
                (traits & Ledger.PPPOE) != 0 ? TunnelKind.PPPOE : TunnelKind.MPLS, bytes));
  }

  @Override
  public int stream() {
    return conversation.reported.stream;
  }

  @Override
  public String sourceAddress() {
    return conversation.reported.address[sender];
  }

  @Override
  public String destinationAddress() {
    return conversation.reported.address[1 - sender];
  }

  @Override
  public int sourcePort() {
    return conversation.port(sender);
  }

  @Override
  public int destinationPort() {
    return conversation.port(1 - sender);
  }

  @Override
  public boolean isFrom(String address, int port) {
    return port == sourcePort() && sourceAddress().equals(address);
  }

  @Override
  public int ttl() {
    return chunk.ttlAndDsField[i] >> 8;
  }

  @Override
  public int ipId() {
    return isIpv6() ? -1 : chunk.ipIdAndWindow[i] >>> 16;
  }

  @Override
  public int dsField() {
    return chunk.ttlAndDsField[i] & 0xff;
  }

  @Override
  public boolean dontFragment() {
    return (traits & Ledger.DONT_FRAGMENT) != 0;
  }

  @Override
  public int sequence() {
    return chunk.sequence[i];
  }

  @Override
  public boolean hasSequence() {
    return true;
  }

  @Override
  public int acknowledgment() {
    return chunk.acknowledgment[i];
  }

  @Override
  public int payloadBytes() {
    return chunk.payloadBytesAndChecksum[i] >>> 16;
  }

  @Override
  public int flags() {
    return traits & Ledger.FLAGS;
  }

  @Override
  public int window() {
    return chunk.ipIdAndWindow[i] & 0xffff;
  }

  @Override
  public long timestamp() {
    return hasTimestamp() ? Integer.toUnsignedLong(chunk.timestamp[i]) : -1;
  }

  @Override
  public List<Integer> optionKinds() {
    return hasTimestamp() ? NOP_NOP_TIMESTAMP : NO_OPTIONS;
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
    HexFormat hex = HexFormat.of();
    return hasTimestamp()
        ? hex.toHexDigits(TcpHeaders.NOP_NOP_TIMESTAMP)
            + hex.toHexDigits(chunk.timestamp[i])
            + hex.toHexDigits(chunk.timestampEcho[i])
        : "";
  }

  @Override
  public HeaderSum headerSum() {
    return HeaderSum.ofCode((traits >>> Ledger.HEADER_SUM_SHIFT) & Ledger.HEADER_SUM_MASK);
  }

  @Override
  public int checksum() {
    return chunk.payloadBytesAndChecksum[i] & 0xffff;
  }

  @Override
  public ChecksumState checksumState() {
    return ChecksumState.of((traits >>> Ledger.CHECKSUM_SHIFT) & Ledger.CHECKSUM_MASK);
  }

  @Override
  public int optionLengthBytes() {
    return hasTimestamp() ? TcpHeaders.TIMESTAMP_OPTION_BYTES : 0;
  }

  @Override
  public int optionSum() {
    return hasTimestamp()
        ? words(TcpHeaders.NOP_NOP_TIMESTAMP)
            + words(chunk.timestamp[i])
            + words(chunk.timestampEcho[i])
        : 0;
  }

  private static int words(int number) {
    return (number >>> 16) + (number & 0xffff);
  }

  @Override
  public int sackBlocks() {
    return 0;
  }

  @Override
  public int sackLeft(int block) {
    throw new IndexOutOfBoundsException(block);
  }

  @Override
  public int sackRight(int block) {
    throw new IndexOutOfBoundsException(block);
  }

  @Override
  public long payloadDigest() {
    return 0; // A direction's first data is always evidence.
  }

  @Override
  public long tlsRandom() {
    return 0; // A possible TLS hello is always evidence.
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
    return (isIpv6() ? TcpHeaders.IPV6_BYTES : TcpHeaders.IPV4_BYTES)
        + TcpHeaders.TCP_BYTES
        + optionLengthBytes()
        + payloadBytes();
  }

  @Override
  public boolean isHttp() {
    return false; // Only used for a direction's first data.
  }

  private boolean hasTimestamp() {
    return (traits & Ledger.TIMESTAMP) != 0;
  }

  private boolean isIpv6() {
    return (traits & Ledger.IPV6) != 0;
  }
}
