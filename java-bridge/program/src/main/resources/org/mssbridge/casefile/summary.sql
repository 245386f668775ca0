-- Temporary tables for the summary, with numbers instead of names, so that grouping a million rows
-- is fast. The case file itself is only read.

CREATE TEMP TABLE border AS
SELECT near_point, far_point, count(DISTINCT pair) AS pairs, count(*) AS connections
FROM pairing
GROUP BY near_point, far_point;

-- The place of a connection among all that crossed the boundary, in the order of time.
CREATE TEMP TABLE crossing (
  pair TEXT, connection INTEGER, border INTEGER, place INTEGER,
  PRIMARY KEY (pair, connection, border)
) WITHOUT ROWID;

INSERT INTO crossing
SELECT pair, connection, border, row_number() OVER (PARTITION BY border ORDER BY first, pair, connection)
FROM (
  SELECT p.pair, p.connection, b.rowid AS border, n.first
  FROM pairing p
  JOIN border b USING (near_point, far_point)
  JOIN connection n ON n.pair = p.pair AND n.connection = p.connection
)
ORDER BY pair, connection, border;

CREATE TEMP TABLE change AS
SELECT code, severity, severity_rank, direction, near_point, far_point, near_value, far_value,
  subject, accepted,
  min(message) AS example, count(DISTINCT message) AS messages, count(*) AS findings, count(DISTINCT pair) AS pairs,
  min(first) AS first, max(last) AS last, NULL AS border
FROM finding
GROUP BY code, near_point, far_point, direction, subject, near_value, far_value, severity_rank,
  accepted;

UPDATE change SET border = (
  SELECT b.rowid FROM border b
  WHERE (b.near_point = change.near_point AND b.far_point = change.far_point)
    OR (b.near_point = change.far_point AND b.far_point = change.near_point)
);

CREATE INDEX temp.change_by_code
ON change (code, near_point, far_point, direction, near_value, far_value);

-- Two findings, or two occurrences of one, may be on the same connection.
CREATE TEMP TABLE affected (
  change INTEGER, pair TEXT, connection INTEGER,
  PRIMARY KEY (change, pair, connection)
) WITHOUT ROWID;

INSERT OR IGNORE INTO affected
SELECT c.rowid, f.pair, o.connection
FROM finding f
CROSS JOIN change c
CROSS JOIN finding_occurrence o
WHERE c.code = f.code
  AND c.near_point IS f.near_point
  AND c.far_point IS f.far_point
  AND c.direction IS f.direction
  AND c.near_value IS f.near_value
  AND c.far_value IS f.far_value
  AND c.severity_rank = f.severity_rank
  AND c.accepted IS f.accepted
  AND c.subject IS f.subject
  AND o.pair = f.pair
  AND o.finding = f.finding
  AND o.connection IS NOT NULL;

CREATE INDEX temp.crossing_by_place ON crossing (border, place);
