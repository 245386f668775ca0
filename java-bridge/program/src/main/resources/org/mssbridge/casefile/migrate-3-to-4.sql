-- Version 4 keeps the fingerprints of captures, for discover.

CREATE TABLE fingerprinted_capture (
  sha256           TEXT NOT NULL PRIMARY KEY,
  version          TEXT NOT NULL,
  reason           TEXT,
  packets          INTEGER,
  first            TEXT,
  last             TEXT,
  connections      INTEGER,
  fingerprints     BLOB
);

CREATE TABLE fingerprinted_file (
  file             TEXT PRIMARY KEY,
  sha256           TEXT NOT NULL,
  bytes            INTEGER NOT NULL,
  modified         TEXT NOT NULL
) WITHOUT ROWID;
