-- The tables of a case file; its views are in views.sql. Times are UTC with nine fractional digits,
-- so that sorting as text sorts by time; packet times are on the clock of the pair's first point.
-- Keys are natural, and rows depend only on the captures and the program: what differs from run to
-- run is in run and attempt.

CREATE TABLE run (
  run              INTEGER PRIMARY KEY,
  started          TEXT NOT NULL,
  ended            TEXT,               -- null: it is running, or was killed
  version          TEXT NOT NULL,      -- of mssbridge
  tshark           TEXT NOT NULL,
  java             TEXT NOT NULL,
  command          TEXT NOT NULL,      -- JSON array, without the program's name
  directory        TEXT NOT NULL,      -- working directory: relative names start from here
  time_zone        TEXT NOT NULL       -- of all times: UTC
);

CREATE TABLE pair (
  pair             TEXT PRIMARY KEY,   -- its id in the manifest, or made from the files' names
  state            TEXT NOT NULL CHECK (state IN ('compared', 'failed', 'unpaired')),
  reason           TEXT,               -- why it could not be compared
  version          TEXT NOT NULL,      -- of mssbridge
  tshark           TEXT NOT NULL,
  display_filter   TEXT,               -- frames that do not match it were ignored
  only_codes       TEXT,               -- findings with other codes were not recorded
  verdict          TEXT,
  matched          INTEGER,            -- connections seen at two points or more
  ambiguous        INTEGER,            -- connections with several candidates, none clearly the best
  points_by        TEXT                -- how several points of one file are told apart; null: auto
) WITHOUT ROWID;

CREATE TABLE attempt (                 -- which run worked on a pair, and when
  pair             TEXT NOT NULL,
  run              INTEGER NOT NULL REFERENCES run,
  started          TEXT NOT NULL,
  ended            TEXT NOT NULL,
  state            TEXT NOT NULL CHECK (state IN ('compared', 'failed', 'unpaired')),
  PRIMARY KEY (pair, run)
) WITHOUT ROWID;

CREATE TABLE capture (                 -- the capture of one point
  pair             TEXT NOT NULL REFERENCES pair ON DELETE CASCADE,
  point            TEXT NOT NULL,
  position         INTEGER NOT NULL,   -- along the path, from 0
  packets          INTEGER,            -- null: it could not be read
  first            TEXT,               -- on its own clock
  last             TEXT,
  complete         INTEGER,            -- 0: one of its files ends inside a packet
  clock_offset_s   REAL,               -- to add to a time of the first point
  clock_low_s      REAL,
  clock_high_s     REAL,
  clock_drift_ppm  REAL,
  command          TEXT,               -- JSON array, the exact command line of tshark
  given_point      TEXT,               -- the manifest's point, if that file holds several
  PRIMARY KEY (pair, point)
) WITHOUT ROWID;

CREATE TABLE capture_file (            -- rotated files of one point are one capture
  pair             TEXT NOT NULL,
  point            TEXT NOT NULL,
  number           INTEGER NOT NULL,   -- in the order of time, from 0
  file             TEXT NOT NULL,
  sha256           TEXT,               -- null: it could not be read
  bytes            INTEGER,
  modified         TEXT,
  first_frame      INTEGER,            -- its first frame's number in the capture; null: frames of several files alternate
  PRIMARY KEY (pair, point, number),
  FOREIGN KEY (pair, point) REFERENCES capture ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE connection (
  pair             TEXT NOT NULL REFERENCES pair ON DELETE CASCADE,
  connection       INTEGER NOT NULL,
  first            TEXT NOT NULL,
  points           INTEGER NOT NULL,   -- number of points that saw it
  confidence       REAL NOT NULL,      -- of the weakest pairing, 0 to 1
  isn_delta_c2s    INTEGER,            -- modulo 2^32, last point minus first
  isn_delta_s2c    INTEGER,
  sack_translated  INTEGER,
  lost_segments_c2s INTEGER,
  lost_segments_s2c INTEGER,
  lost_bytes_c2s   INTEGER,
  lost_bytes_s2c   INTEGER,
  PRIMARY KEY (pair, connection)
) WITHOUT ROWID;

CREATE TABLE sighting (                -- a connection as one point saw it
  pair             TEXT NOT NULL,
  connection       INTEGER NOT NULL,
  point            TEXT NOT NULL,
  client           TEXT NOT NULL,
  server           TEXT NOT NULL,
  stream           INTEGER NOT NULL,   -- tcp.stream
  frames           INTEGER NOT NULL,
  first_frame      INTEGER NOT NULL,
  mss_c2s          INTEGER,            -- as announced by the client, bytes
  mss_s2c          INTEGER,
  PRIMARY KEY (pair, connection, point),
  FOREIGN KEY (pair, connection) REFERENCES connection ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE pairing (                 -- two neighbouring sightings, and why they match
  pair             TEXT NOT NULL,
  connection       INTEGER NOT NULL,
  near_point       TEXT NOT NULL,      -- the client's side
  far_point        TEXT NOT NULL,
  confidence       REAL NOT NULL,
  matched_by       TEXT NOT NULL,      -- JSON array
  functions        TEXT NOT NULL,      -- JSON array: functions of the devices between them
  PRIMARY KEY (pair, connection, near_point),
  FOREIGN KEY (pair, connection) REFERENCES connection ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE request_time (            -- what the requests of a connection waited for, added up
  pair             TEXT NOT NULL,
  connection       INTEGER NOT NULL,
  first_point      TEXT NOT NULL,      -- of the points that saw them, from the client's side
  last_point       TEXT NOT NULL,
  requests         INTEGER NOT NULL,
  wait_ms          REAL NOT NULL,
  server_ms        REAL NOT NULL,      -- behind the last point
  network_ms       REAL NOT NULL,      -- between the points and back
  retransmission_ms REAL NOT NULL,     -- until something was sent again
  client_ms        REAL NOT NULL,      -- pauses of the client within requests
  transfer_ms      REAL NOT NULL,      -- the rest
  PRIMARY KEY (pair, connection),
  FOREIGN KEY (pair, connection) REFERENCES connection ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE retransmission (          -- data of a connection that was sent again, and why
  pair             TEXT NOT NULL,
  connection       INTEGER NOT NULL,
  number           INTEGER NOT NULL,   -- from 0
  direction        TEXT NOT NULL,      -- c2s, s2c
  cause            TEXT NOT NULL,      -- lost_between, ack_lost, needless, ...
  near_point       TEXT,               -- where it was lost, in the direction of what was lost
  far_point        TEXT,
  segments         INTEGER NOT NULL,
  bytes            INTEGER NOT NULL,
  PRIMARY KEY (pair, connection, number),
  FOREIGN KEY (pair, connection) REFERENCES connection ON DELETE CASCADE
) WITHOUT ROWID;

-- Facts may have megabytes. WITHOUT ROWID they would be read with each search for a key.
CREATE TABLE finding (
  pair             TEXT NOT NULL REFERENCES pair ON DELETE CASCADE,
  finding          INTEGER NOT NULL,   -- the severest first, from 0
  code             TEXT NOT NULL,
  severity         TEXT NOT NULL,
  severity_rank    INTEGER NOT NULL,   -- 0 comment to 4 error
  finding_group    TEXT NOT NULL,
  direction        TEXT,               -- c2s, s2c; null: both or none
  near_point       TEXT,               -- nearer the sender
  far_point        TEXT,
  subject          TEXT,               -- what changed; null: nothing did
  near_value       TEXT,               -- its value at the near point, or before
  far_value        TEXT,               -- its value at the far point, or after
  message          TEXT NOT NULL,
  count            INTEGER NOT NULL,   -- number of occurrences
  first            TEXT,
  last             TEXT,
  facts            TEXT NOT NULL,      -- JSON object
  next_step        TEXT NOT NULL,
  accepted         TEXT,               -- why it is expected; null: it is not
  PRIMARY KEY (pair, finding)
);

CREATE TABLE finding_occurrence (      -- each occurrence of a finding
  pair             TEXT NOT NULL,
  finding          INTEGER NOT NULL,
  occurrence       INTEGER NOT NULL,   -- in the order of discovery, from 0
  connection       INTEGER,            -- null: not about a single connection
  message          TEXT,               -- null: same as the finding's
  PRIMARY KEY (pair, finding, occurrence),
  FOREIGN KEY (pair, finding) REFERENCES finding ON DELETE CASCADE
) WITHOUT ROWID;

-- Two occurrences may name the same frame. The key starts with the sort order of the exports.
CREATE TABLE finding_frame (
  pair             TEXT NOT NULL,
  finding          INTEGER NOT NULL,
  occurrence       INTEGER NOT NULL,
  point            TEXT NOT NULL,
  frame            INTEGER NOT NULL,   -- in the capture of the point
  time             TEXT,               -- on the clock of this point
  PRIMARY KEY (pair, finding, point, frame, occurrence),
  FOREIGN KEY (pair, finding) REFERENCES finding ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE cause (
  pair             TEXT NOT NULL,
  finding          INTEGER NOT NULL,
  rank             INTEGER NOT NULL,   -- the likeliest first, from 1
  cause            TEXT NOT NULL,
  supporting       TEXT NOT NULL,      -- JSON array
  against          TEXT NOT NULL,      -- JSON array
  source           TEXT NOT NULL,
  PRIMARY KEY (pair, finding, rank),
  FOREIGN KEY (pair, finding) REFERENCES finding ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE expectation (             -- the policy of the last run
  number           INTEGER PRIMARY KEY,
  pair             TEXT,               -- a pattern such as office-*; null: any
  code             TEXT,               -- null in any of these: any
  direction        TEXT,
  near_point       TEXT,
  far_point        TEXT,
  near_value       TEXT,
  far_value        TEXT,
  reason           TEXT NOT NULL
);

CREATE TABLE fingerprinted_capture (   -- a capture that discover has read, whatever its names
  sha256           TEXT NOT NULL PRIMARY KEY, -- of the file as it is stored
  version          TEXT NOT NULL,      -- of mssbridge; another version reads the capture again
  reason           TEXT,               -- why it cannot be used; null: it can
  packets          INTEGER,
  first            TEXT,               -- on its own clock
  last             TEXT,
  connections      INTEGER,
  fingerprints     BLOB                -- of its connections; only that version reads them
);

CREATE TABLE fingerprinted_file (      -- where discover has seen it
  file             TEXT PRIMARY KEY,   -- absolute
  sha256           TEXT NOT NULL,
  bytes            INTEGER NOT NULL,
  modified         TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX attempt_by_run ON attempt (run);
CREATE INDEX capture_file_by_digest ON capture_file (sha256);
CREATE INDEX connection_by_time ON connection (first);
CREATE INDEX finding_by_code ON finding (code, near_point, far_point);
CREATE INDEX finding_by_time ON finding (first);
CREATE INDEX finding_frame_by_frame ON finding_frame (pair, point, frame);
CREATE INDEX finding_occurrence_by_connection ON finding_occurrence (pair, finding, connection);
CREATE INDEX sighting_by_client ON sighting (client);
CREATE INDEX sighting_by_server ON sighting (server);
