package org.mssbridge.flow;

import java.util.Arrays;
import org.mssbridge.model.Datagram;

/**
 * The DNS queries and answers of a table, in the order of the capture, 16 bytes each. One is
 * identified by its index.
 */
public final class DnsMessages {
  /** DNS over UDP (RFC 1035, section 4.2.1). */
  static final int PORT = 53;

  private static final int ANSWER = 0x8000;

  private int[] rows = {};
  private int[] starts = {};
  private long[] questions = {};
  private int size;

  /** Adds a packet if it is a query or an answer with one question. */
  void add(int row, Datagram packet) {
    long question = packet.dnsQuestion();
    if (question == 0) {
      return;
    }
    if (size == rows.length) {
      int capacity = Math.max(16, size + (size >> 1));
      rows = Arrays.copyOf(rows, capacity);
      starts = Arrays.copyOf(starts, capacity);
      questions = Arrays.copyOf(questions, capacity);
    }
    rows[size] = row;
    starts[size] = packet.dnsStart();
    questions[size++] = question;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** The message in a row of the table; -1 where it holds none. */
  public int in(int row) {
    return Math.max(-1, Arrays.binarySearch(rows, 0, size, row));
  }

  /** Its ID, which its sender chooses. */
  public int id(int message) {
    return starts[message] >>> 16;
  }

  /** Whether it answers a query. */
  public boolean isAnswer(int message) {
    return (starts[message] & ANSWER) != 0;
  }

  /** Equal for equal questions. */
  public long question(int message) {
    return questions[message];
  }
}
