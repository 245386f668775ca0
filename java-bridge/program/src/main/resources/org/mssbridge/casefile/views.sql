-- The views of a case file. They hold no data, so each migration creates them again.

-- The run that recorded the state of a pair. A later run may have found its files missing.
DROP VIEW IF EXISTS pair_run;
CREATE VIEW pair_run AS
SELECT p.pair, r.run, r.started, r.directory
FROM (SELECT pair, max(run) AS run FROM attempt JOIN pair USING (pair, state) GROUP BY pair) p
JOIN run r USING (run);

-- The connections with a finding, each once.
DROP VIEW IF EXISTS finding_connection;
CREATE VIEW finding_connection AS
SELECT DISTINCT pair, finding, connection FROM finding_occurrence WHERE connection IS NOT NULL;

-- One row per finding and connection with that finding.
DROP VIEW IF EXISTS finding_on_connection;
CREATE VIEW finding_on_connection AS
SELECT f.*, c.connection, n.first AS connection_first
FROM finding f
JOIN finding_connection c USING (pair, finding)
JOIN connection n USING (pair, connection);

-- The number of connections that crossed the boundary between two neighbouring points.
DROP VIEW IF EXISTS boundary;
CREATE VIEW boundary AS
SELECT near_point, far_point, count(DISTINCT pair) AS pairs, count(*) AS connections
FROM pairing
GROUP BY near_point, far_point;

-- Which boundary changes what on how many connections, since when.
DROP VIEW IF EXISTS boundary_change;
CREATE VIEW boundary_change AS
SELECT near_point, far_point, direction, code, severity, severity_rank, subject, near_value, far_value,
  count(DISTINCT pair) AS pairs,
  count(DISTINCT pair || ' ' || connection) AS connections, -- one may have two findings
  min(connection_first) AS since,
  max(connection_first) AS until,
  count(DISTINCT CASE WHEN accepted IS NOT NULL THEN pair || ' ' || connection END) AS accepted
FROM finding_on_connection
WHERE near_point IS NOT NULL
GROUP BY near_point, far_point, direction, code, severity, severity_rank, subject, near_value, far_value;

-- The same per day.
DROP VIEW IF EXISTS change_by_day;
CREATE VIEW change_by_day AS
SELECT substr(connection_first, 1, 10) AS day, near_point, far_point, direction, code,
  subject, near_value, far_value, count(DISTINCT pair || ' ' || connection) AS connections
FROM finding_on_connection
WHERE near_point IS NOT NULL
GROUP BY day, near_point, far_point, direction, code, subject, near_value, far_value;

-- The same bytes under more than one name or in more than one pair.
DROP VIEW IF EXISTS duplicate_file;
CREATE VIEW duplicate_file AS
SELECT sha256, count(*) AS places, group_concat(pair || ' ' || point || ': ' || file, char(10)) AS files
FROM (SELECT * FROM capture_file ORDER BY pair, point, number)
WHERE sha256 IS NOT NULL
GROUP BY sha256
HAVING count(*) > 1;
