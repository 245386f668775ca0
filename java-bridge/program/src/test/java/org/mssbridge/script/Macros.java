package org.mssbridge.script;

import static org.mssbridge.model.Direction.C2S;
import static org.mssbridge.model.Direction.S2C;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.mssbridge.model.Direction;

/**
 * Expands lines that stand for several ordinary packets, so that a story shows only what is
 * special.
 */
final class Macros {
  private static final long RESPONSE_NANOS = 500_000;

  private final ScriptConnection connection;
  private final Devices devices;
  private final List<String> lines = new ArrayList<>();
  private long nanos;

  private Macros(ScriptConnection connection, Devices devices, long nanos) {
    this.connection = connection;
    this.devices = devices;
    this.nanos = nanos;
  }

  static boolean isNext(ScriptWords words) {
    return words.nextIs("handshake") || words.nextIs("exchange") || words.nextIs("close");
  }

  /** The packet lines of a macro at a time. */
  static List<String> expand(
      ScriptWords words, ScriptConnection connection, Devices devices, long nanos) {
    Macros macros = new Macros(connection, devices, nanos);
    if (words.accept("handshake")) {
      macros.handshake(words);
    } else if (words.accept("exchange")) {
      macros.exchange(words);
    } else {
      words.expect("close");
      macros.close();
    }
    return macros.lines;
  }

  /**
   * {@code handshake <OPTIONS> [<OPTIONS>]}: options of the SYN, and of the SYN/ACK if they differ.
   */
  private void handshake(ScriptWords words) {
    String options = words.take("the SYN's options such as <mss 1460>");
    String replied = words.atEnd() ? options : words.take("the SYN/ACK's options");
    send(C2S, "S 0:0 " + options);
    pass(C2S);
    send(S2C, "S. 0:0 ack 1 " + replied);
    pass(S2C);
    send(C2S, ". 1 ack 1");
  }

  /** {@code exchange [N times] REQUEST RESPONSE [every DURATION] [tls]}; sizes in bytes. */
  private void exchange(ScriptWords words) {
    int request = words.takeInt("the request's size in bytes");
    int times = 1;
    if (words.accept("times")) {
      times = request;
      request = words.takeInt("the request's size in bytes");
    }
    int response = words.takeInt("the response's size in bytes");
    long everyNanos = words.accept("every") ? words.takeDurationNanos() : 0;
    boolean tls = words.accept("tls");
    long first = nanos;
    for (int i = 0; i < times; i++) {
      nanos = everyNanos == 0 ? nanos + (i == 0 ? 0 : RESPONSE_NANOS) : first + i * everyNanos;
      long asked = connection.next(C2S) + (long) i * request;
      long answered = connection.next(S2C) + (long) i * response;
      data(C2S, asked, request, answered, tls);
      pass(C2S);
      data(S2C, answered, response, asked + request, tls);
      pass(S2C);
      send(C2S, ". " + (asked + request) + " ack " + (answered + response));
    }
  }

  private void data(Direction direction, long start, int length, long ack, boolean tls) {
    if (tls) {
      byte[] header = {0x17, 3, 1, 0, 0}; // RFC 5246, section 6.2.1: application data
      ByteBuffer.wrap(header).putShort(3, (short) (length - header.length));
      connection.setText(direction, start, header);
    }
    send(direction, "P. " + start + ":" + (start + length) + " ack " + ack);
  }

  /** {@code close}: a FIN from each side, the client's first. */
  private void close() {
    long client = connection.next(C2S);
    long server = connection.next(S2C);
    send(C2S, "F. " + client + " ack " + server);
    pass(C2S);
    send(S2C, "F. " + server + " ack " + (client + 1));
    pass(S2C);
    send(C2S, ". " + (client + 1) + " ack " + (server + 1));
  }

  private void send(Direction direction, String rest) {
    BigDecimal seconds = BigDecimal.valueOf(nanos, 9);
    lines.add(seconds.toPlainString() + " " + direction.label() + " " + rest);
  }

  private void pass(Direction direction) {
    nanos +=
        RESPONSE_NANOS
            + devices.delayNanos(
                connection,
                direction,
                connection.near(direction),
                connection.near(direction.reverse()));
  }
}
