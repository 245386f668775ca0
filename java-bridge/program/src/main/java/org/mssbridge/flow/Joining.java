package org.mssbridge.flow;

/** Joins two sightings at one point into one connection, by copying their rows in capture order. */
final class Joining {
  private final SegmentTable table;
  private final SegmentTable.Block block = new SegmentTable.Block();
  private final Flow[] flows;

  /** The next row to copy, of each direction of each connection. */
  private final int[] rows;

  private Joining(Connection connection, Connection stray) {
    table = connection.clientToServer().table();
    flows =
        new Flow[] {
          connection.clientToServer().withoutRows(stray.clientToServer()),
          connection.serverToClient().withoutRows(stray.serverToClient())
        };
    rows =
        new int[] {
          connection.clientToServer().firstRow(),
          connection.serverToClient().firstRow(),
          stray.clientToServer().firstRow(),
          stray.serverToClient().firstRow()
        };
  }

  /** The connection with the segments of the stray one, which has one of its ends. */
  static Connection of(Connection connection, Connection stray) {
    boolean sameRoles =
        connection.client().equals(stray.client()) || connection.server().equals(stray.server());
    Joining joining = new Joining(connection, sameRoles ? stray : stray.withRolesSwapped());
    while (joining.copyNext()) {
      // Row by row.
    }
    joining.table.finish();
    return new Connection(
        connection.stream(),
        Math.min(connection.firstFrame(), stray.firstFrame()),
        joining.flows[0],
        joining.flows[1]);
  }

  private boolean copyNext() {
    int earliest = -1;
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] >= 0 && (earliest < 0 || table.frame(rows[i]) < table.frame(rows[earliest]))) {
        earliest = i;
      }
    }
    if (earliest < 0) {
      return false;
    }
    int row = rows[earliest];
    rows[earliest] = table.next(row);
    int copy = table.appendCopy(row, block);
    Flow flow = flows[earliest % 2];
    flow.append(copy);
    if (table.hasSack(row)) {
      flow.noteSack(copy);
    }
    return true;
  }
}
