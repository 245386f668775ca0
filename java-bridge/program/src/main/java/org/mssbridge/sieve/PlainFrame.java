package org.mssbridge.sieve;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.mssbridge.capturefile.Bytes;
import org.mssbridge.model.ChecksumState;
import org.mssbridge.model.Frame;
import org.mssbridge.model.HeaderSum;
import org.mssbridge.model.TcpOptions;
import org.mssbridge.model.Tunnel;
import org.mssbridge.model.TunnelKind;

/**
 * A segment that the sieve read, from a row of the ledger, with the values that tshark would
 * report.
 */
final class PlainFrame implements Frame {
  private static final List<Integer> NO_OPTIONS = List.of();
  private static final List<Integer> NOP_NOP_TIMESTAMP = List.of(1, 1, 8);

  private final RecentOptions recentOptions = new RecentOptions();
  private Ledger.Chunk chunk;
  private int i;
  private int traits;
  private Conversation conversation;
  private int sender;
  private int stream;
  private boolean isFirstData;
  private byte[] details;
  private int detailsAt;
  private int optionsAt;
  private int optionsEnd;

  /**
   * Moves this object to a row.
   *
   * @param row index in the chunk
   * @param stream tshark's number of the connection
   * @param isFirstData whether its data is the first of its direction
   */
  PlainFrame of(Ledger.Chunk rows, int row, int stream, boolean isFirstData) {
    this.stream = stream;
    this.isFirstData = isFirstData;
    chunk = rows;
    i = row;
    traits = rows.traits[row];
    conversation = rows.conversation[row];
    sender = (traits & Ledger.SECOND_SENDS) == 0 ? 0 : 1;
    detailsAt = rows.detailsAt[row];
    details = rows.details;
    optionsAt = detailsAt + 1;
    optionsEnd = detailsAt == 0 ? optionsAt : optionsAt + details[detailsAt];
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
    return stream;
  }

  @Override
  public String sourceAddress() {
    return conversation.address(sender);
  }

  @Override
  public String destinationAddress() {
    return conversation.address(1 - sender);
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
    return hasTimestamp()
        ? Integer.toUnsignedLong(chunk.timestamp[i])
        : OptionList.timestamp(details, optionsAt, optionsEnd);
  }

  @Override
  public List<Integer> optionKinds() {
    if (hasTimestamp()) {
      return NOP_NOP_TIMESTAMP;
    }
    return hasOptions() ? OptionList.kinds(details, optionsAt, optionsEnd) : NO_OPTIONS;
  }

  @Override
  public List<Integer> mssValues() {
    return hasOptions() ? OptionList.mssValues(details, optionsAt, optionsEnd) : List.of();
  }

  @Override
  public int windowScale() {
    return OptionList.windowScale(details, optionsAt, optionsEnd);
  }

  @Override
  public String optionBytes() {
    HexFormat hex = HexFormat.of();
    return hasTimestamp()
        ? hex.toHexDigits(TcpHeaders.NOP_NOP_TIMESTAMP)
            + hex.toHexDigits(chunk.timestamp[i])
            + hex.toHexDigits(chunk.timestampEcho[i])
        : hex.formatHex(details, optionsAt, optionsEnd);
  }

  @Override
  public TcpOptions options() {
    return hasTimestamp()
        ? Frame.super.options()
        : recentOptions.of(details, optionsAt, optionsEnd, hasWholeHeader());
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
    return hasTimestamp() ? TcpHeaders.TIMESTAMP_OPTION_BYTES : optionsEnd - optionsAt;
  }

  @Override
  public int optionSum() {
    if (hasTimestamp()) {
      return words(TcpHeaders.NOP_NOP_TIMESTAMP)
          + words(chunk.timestamp[i])
          + words(chunk.timestampEcho[i]);
    }
    int sum = 0;
    for (int at = optionsAt; at < optionsEnd; at += Short.BYTES) {
      sum += Bytes.uint16(details, at);
    }
    return sum;
  }

  private static int words(int number) {
    return (number >>> 16) + (number & 0xffff);
  }

  @Override
  public int sackBlocks() {
    return hasOptions() ? OptionList.sackBlocks(details, optionsAt, optionsEnd) : 0;
  }

  @Override
  public int sackLeft(int block) {
    int at = OptionList.sackBlockAt(details, optionsAt, optionsEnd, block);
    return Bytes.int32(details, at);
  }

  @Override
  public int sackRight(int block) {
    int at = OptionList.sackBlockAt(details, optionsAt, optionsEnd, block);
    return Bytes.int32(details, at + Integer.BYTES);
  }

  @Override
  public long payloadDigest() {
    return isFirstData && detailsAt > 0 ? Bytes.int64(details, optionsEnd) : 0;
  }

  @Override
  public long tlsRandom() {
    return detailsAt > 0 ? Bytes.int64(details, optionsEnd + Ledger.DIGEST_BYTES) : 0;
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
    return (traits & Ledger.HTTP) != 0; // Known of what may be a direction's first data only.
  }

  @Override
  public int vlanTags() {
    return (traits >>> Ledger.VLAN_TAGS_SHIFT) & Ledger.VLAN_TAGS_MASK;
  }

  private boolean hasOptions() {
    return optionsEnd > optionsAt;
  }

  private boolean hasTimestamp() {
    return (traits & Ledger.TIMESTAMP) != 0;
  }

  private boolean isIpv6() {
    return (traits & Ledger.IPV6) != 0;
  }
}
