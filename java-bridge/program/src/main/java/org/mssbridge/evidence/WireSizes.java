package org.mssbridge.evidence;

import java.util.OptionalInt;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.IpFamily;

/**
 * The sizes of a direction's segments on the wire: one above the MSS was cut by the sender's
 * network card after it was captured.
 */
public final class WireSizes {
  private static final int ETHERNET_MTU_BYTES = 1500;

  private final SegmentTable table;
  private final int headerBytes;
  private final int limitBytes;

  public WireSizes(Connection connection, Direction direction) {
    table = connection.flow(direction).table();
    headerBytes = IpFamily.of(connection.isIpv6()).tcpIpBytes();
    OptionalInt limit = connection.mssLimit(direction);
    limitBytes = limit.orElse(ETHERNET_MTU_BYTES - headerBytes);
  }

  /** The data of a row's segment, or of the largest piece of it. */
  public int payloadBytes(int row) {
    return Math.min(table.payloadBytes(row), Math.max(0, limitBytes - table.optionBytes(row)));
  }

  /** The length of the IP packet. */
  public int packetBytes(int row) {
    return headerBytes + table.optionBytes(row) + payloadBytes(row);
  }
}
