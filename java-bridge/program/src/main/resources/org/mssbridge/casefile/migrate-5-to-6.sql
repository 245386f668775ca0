-- Version 6 keeps the key of a finding apart from its facts, which may have megabytes. The table has
-- the same columns; those that refer to it stay as they are, since nothing enforces that meanwhile.

DROP VIEW IF EXISTS finding_on_connection;
DROP VIEW IF EXISTS boundary_change;
DROP VIEW IF EXISTS change_by_day;

CREATE TABLE finding_6 (
  pair             TEXT NOT NULL REFERENCES pair ON DELETE CASCADE,
  finding          INTEGER NOT NULL,
  code             TEXT NOT NULL,
  severity         TEXT NOT NULL,
  severity_rank    INTEGER NOT NULL,
  finding_group    TEXT NOT NULL,
  direction        TEXT,
  near_point       TEXT,
  far_point        TEXT,
  subject          TEXT,
  near_value       TEXT,
  far_value        TEXT,
  message          TEXT NOT NULL,
  count            INTEGER NOT NULL,
  first            TEXT,
  last             TEXT,
  facts            TEXT NOT NULL,
  next_step        TEXT NOT NULL,
  accepted         TEXT,
  PRIMARY KEY (pair, finding)
);

INSERT INTO finding_6 (
  pair, finding, code, severity, severity_rank, finding_group, direction, near_point,
  far_point, subject, near_value, far_value, message, count, first, last, facts,
  next_step, accepted
)
SELECT
  pair, finding, code, severity, severity_rank, finding_group, direction, near_point,
  far_point, subject, near_value, far_value, message, count, first, last, facts,
  next_step, accepted
FROM finding
ORDER BY pair, finding;

DROP TABLE finding;
ALTER TABLE finding_6 RENAME TO finding;

CREATE INDEX finding_by_code ON finding (code, near_point, far_point);
CREATE INDEX finding_by_time ON finding (first);
