-- Version 5 keeps where the time of requests went and why data was sent again. Pairs of older cases
-- have no rows of it until they are compared again.

CREATE TABLE request_time (
  pair             TEXT NOT NULL,
  connection       INTEGER NOT NULL,
  first_point      TEXT NOT NULL,
  last_point       TEXT NOT NULL,
  requests         INTEGER NOT NULL,
  wait_ms          REAL NOT NULL,
  server_ms        REAL NOT NULL,
  network_ms       REAL NOT NULL,
  retransmission_ms REAL NOT NULL,
  client_ms        REAL NOT NULL,
  transfer_ms      REAL NOT NULL,
  PRIMARY KEY (pair, connection),
  FOREIGN KEY (pair, connection) REFERENCES connection ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE retransmission (
  pair             TEXT NOT NULL,
  connection       INTEGER NOT NULL,
  number           INTEGER NOT NULL,
  direction        TEXT NOT NULL,
  cause            TEXT NOT NULL,
  near_point       TEXT,
  far_point        TEXT,
  segments         INTEGER NOT NULL,
  bytes            INTEGER NOT NULL,
  PRIMARY KEY (pair, connection, number),
  FOREIGN KEY (pair, connection) REFERENCES connection ON DELETE CASCADE
) WITHOUT ROWID;
