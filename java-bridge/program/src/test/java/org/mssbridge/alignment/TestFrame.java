package org.mssbridge.alignment;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import org.mssbridge.model.ChecksumState;
import org.mssbridge.model.Frame;
import org.mssbridge.model.HeaderSum;
import org.mssbridge.model.TcpFlags;
import org.mssbridge.model.TcpOptions;

/**
 * A TCP segment as a capture shows it, for synthetic streams.
 *
 * @param timeNanos when it was captured
 * @param fromClient who sent it
 * @param sequence raw sequence number
 * @param acknowledgment raw acknowledgment number
 * @param payloadBytes length of its data
 * @param flags of the TCP header
 * @param ipId IPv4 identification
 */
record TestFrame(
    long timeNanos,
    boolean fromClient,
    int sequence,
    int acknowledgment,
    int payloadBytes,
    int flags,
    int ipId) {
  static final int SYN = TcpFlags.SYN;
  static final int ACK = TcpFlags.ACK;

  /** The frame with these values, and defaults for all others. */
  Frame asFrame() {
    return (Frame)
        Proxy.newProxyInstance(
            Frame.class.getClassLoader(),
            new Class<?>[] {Frame.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "timeNanos" -> timeNanos;
                  case "isTcp" -> true;
                  case "sourceAddress" -> fromClient ? "192.0.2.1" : "192.0.2.2";
                  case "destinationAddress" -> fromClient ? "192.0.2.2" : "192.0.2.1";
                  case "sourcePort" -> fromClient ? 50001 : 443;
                  case "destinationPort" -> fromClient ? 443 : 50001;
                  case "isFrom" -> arguments[0].equals(fromClient ? "192.0.2.1" : "192.0.2.2");
                  case "sequence" -> sequence;
                  case "acknowledgment" -> acknowledgment;
                  case "payloadBytes" -> payloadBytes;
                  case "flags" -> flags;
                  case "ipId" -> ipId;
                  case "ttl" -> 64;
                  case "window" -> 1000;
                  case "timestamp" -> -1L;
                  case "checksum" -> -1;
                  case "checksumState" -> ChecksumState.UNKNOWN;
                  case "headerSum" -> HeaderSum.UNKNOWN;
                  case "options" -> new TcpOptions(List.of(), List.of(), -1, "", true);
                  case "fragment" -> Optional.empty();
                  case "hasSequence" -> true;
                  default -> nothing(method.getReturnType());
                });
  }

  private static Object nothing(Class<?> type) {
    if (type == boolean.class) {
      return false;
    }
    if (type == long.class) {
      return 0L;
    }
    return type == int.class ? 0 : null;
  }
}
