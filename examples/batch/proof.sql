-- Which connections met it, when, and which frames of which files prove it?
SELECT substr(n.first, 1, 19) AS connection_began, s.client,
  c.file, f.frame - ifnull(c.first_frame, 1) + 1 AS frame, substr(c.sha256, 1, 12) AS sha256
FROM finding AS d
JOIN finding_occurrence AS o USING (pair, finding)
JOIN finding_frame AS f USING (pair, finding, occurrence)
JOIN connection AS n USING (pair, connection)
JOIN sighting AS s USING (pair, connection, point)
JOIN capture_file AS c USING (pair, point)
WHERE d.code = 'sack.untranslated'
  -- Of rotated files, the one that holds the frame.
  AND c.number = (SELECT max(number) FROM capture_file AS o
    WHERE o.pair = f.pair AND o.point = f.point AND o.first_frame <= f.frame)
ORDER BY n.first, c.file, frame;
