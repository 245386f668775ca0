-- Version 3 knows captures of several points in one file.

ALTER TABLE pair ADD COLUMN points_by TEXT;

ALTER TABLE capture ADD COLUMN given_point TEXT;
