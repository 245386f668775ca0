package org.mssbridge.evidence;

import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;

/**
 * What a client asks for on a connection, as a point saw it. All data that it sends before the
 * server's next data is one request; data that is sent again counts once.
 *
 * @param count number of requests
 * @param answered how many of them data of the server follows
 * @param firstBytes data of the first request
 * @param lastBytes data of the last one
 * @param firstRow first segment of the last request, -1 where there is no request
 * @param lastRow its last segment
 */
public record Requests(
    int count, int answered, int firstBytes, int lastBytes, int firstRow, int lastRow) {

  /** Whether data of the server follows the last request. */
  public boolean isLastAnswered() {
    return answered == count;
  }

  /** Counts the requests of a connection. */
  public static Requests of(Connection seen) {
    Walk walk = new Walk(seen.clientToServer().table());
    int client = seen.clientToServer().firstRow();
    int server = seen.serverToClient().firstRow();
    while (client >= 0 || server >= 0) {
      if (server < 0 || (client >= 0 && client < server)) {
        walk.ask(client);
        client = walk.table.next(client);
      } else {
        walk.answer(server);
        server = walk.table.next(server);
      }
    }
    return new Requests(
        walk.count, walk.answered, walk.firstBytes, walk.lastBytes, walk.firstRow, walk.lastRow);
  }

  /**
   * Whether the client sent the last data, as far as the order of segments shows: what is sent
   * again may be among it.
   */
  public static boolean endsWithClient(Connection seen) {
    Flow client = seen.clientToServer();
    return client.lastDataRow() >= 0 && client.lastDataRow() > seen.serverToClient().lastDataRow();
  }

  private static final class Walk {
    private final SegmentTable table;
    private final NewBytes client = new NewBytes();
    private final NewBytes server = new NewBytes();
    private int count;
    private int answered;
    private int firstBytes;
    private int lastBytes;
    private int firstRow = -1;
    private int lastRow = -1;

    Walk(SegmentTable table) {
      this.table = table;
    }

    void ask(int row) {
      int bytes = client.advance(table, row);
      if (bytes > 0) {
        if (answered == count) {
          count++;
          lastBytes = 0;
          firstRow = row;
        }
        lastRow = row;
        lastBytes += bytes;
        firstBytes = count == 1 ? lastBytes : firstBytes;
      }
    }

    void answer(int row) {
      if (server.advance(table, row) > 0) {
        answered = count;
      }
    }
  }
}
