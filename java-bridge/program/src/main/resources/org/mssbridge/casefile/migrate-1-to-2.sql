-- Version 2 has a row for each occurrence of a finding, and a column for what changed.

-- Version 1 had the subject of a change only in the facts or in the code. No other SQL knows facts
-- or codes.
ALTER TABLE finding ADD COLUMN subject TEXT;

UPDATE finding
SET subject = CASE
  WHEN code GLOB 'option.*' THEN json_extract(facts, '$.option')
  WHEN code GLOB 'mss.*' THEN 'MSS'
  WHEN code = 'ecn.bleached' THEN 'ECN'
  WHEN code = 'dscp.changed' THEN 'DSCP'
  WHEN code IN ('path.hops', 'ttl.reset') THEN 'TTL'
  WHEN code = 'pmtud.adapted' THEN 'largest segment'
END
WHERE near_value IS NOT NULL;

-- Version 1 named the boundary of this verdict only in the facts.
UPDATE finding
SET near_point = json_extract(facts, '$.client_side_point'),
  far_point = json_extract(facts, '$.server_side_point')
WHERE code = 'path.middlebox' AND near_point IS NULL;

-- Version 1 did not record which frames of a connection belong to one occurrence: frames with the
-- same message become one. So there may be fewer occurrences than finding.count.
CREATE TABLE finding_occurrence (
  pair             TEXT NOT NULL,
  finding          INTEGER NOT NULL,
  occurrence       INTEGER NOT NULL,
  connection       INTEGER,
  message          TEXT,
  PRIMARY KEY (pair, finding, occurrence),
  FOREIGN KEY (pair, finding) REFERENCES finding ON DELETE CASCADE
) WITHOUT ROWID;

INSERT INTO finding_occurrence (pair, finding, occurrence, connection, message)
SELECT pair, finding,
  row_number() OVER (PARTITION BY pair, finding ORDER BY connection, message) - 1,
  connection, message
FROM (
  SELECT DISTINCT pair, finding, connection, message FROM finding_frame
  UNION ALL
  SELECT pair, finding, connection, NULL FROM finding_connection c
  WHERE NOT EXISTS (
    SELECT 1 FROM finding_frame f
    WHERE f.pair = c.pair AND f.finding = c.finding AND f.connection = c.connection
  )
  UNION ALL
  SELECT pair, finding, NULL, NULL FROM finding o
  WHERE NOT EXISTS (SELECT 1 FROM finding_frame f WHERE f.pair = o.pair AND f.finding = o.finding)
    AND NOT EXISTS (
      SELECT 1 FROM finding_connection c WHERE c.pair = o.pair AND c.finding = o.finding
    )
);

CREATE INDEX finding_occurrence_by_connection ON finding_occurrence (pair, finding, connection);

DROP TABLE finding_connection; -- it is a view now

CREATE TEMP TABLE frame_before AS SELECT * FROM finding_frame;
DROP TABLE finding_frame;

CREATE TABLE finding_frame (
  pair             TEXT NOT NULL,
  finding          INTEGER NOT NULL,
  occurrence       INTEGER NOT NULL,
  point            TEXT NOT NULL,
  frame            INTEGER NOT NULL,
  time             TEXT,
  PRIMARY KEY (pair, finding, point, frame, occurrence),
  FOREIGN KEY (pair, finding) REFERENCES finding ON DELETE CASCADE
) WITHOUT ROWID;

INSERT INTO finding_frame (pair, finding, occurrence, point, frame, time)
SELECT f.pair, f.finding, o.occurrence, f.point, f.frame, f.time
FROM frame_before f
JOIN finding_occurrence o
  ON o.pair = f.pair AND o.finding = f.finding
  AND o.connection IS f.connection AND o.message IS f.message;

CREATE INDEX finding_frame_by_frame ON finding_frame (pair, point, frame);

DROP TABLE temp.frame_before;

CREATE TEMP TABLE attempt_before AS SELECT * FROM attempt;
DROP TABLE attempt;

CREATE TABLE attempt (
  pair             TEXT NOT NULL,
  run              INTEGER NOT NULL REFERENCES run,
  started          TEXT NOT NULL,
  ended            TEXT NOT NULL,
  state            TEXT NOT NULL CHECK (state IN ('compared', 'failed', 'unpaired')),
  PRIMARY KEY (pair, run)
) WITHOUT ROWID;

INSERT INTO attempt (pair, run, started, ended, state)
SELECT pair, run, started, ended, state FROM attempt_before;

CREATE INDEX attempt_by_run ON attempt (run);

DROP TABLE temp.attempt_before;
