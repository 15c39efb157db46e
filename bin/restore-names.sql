-- For restore-db: what the new one and the old one of the database :target are
-- called at :time.  Names have 63 bytes at most, and no half characters.
SELECT pg_catalog.unnest(ARRAY[short || '_restored_' || :'time',
		short || '_before_' || :'time'])
	FROM (SELECT pg_catalog.left(:'target', n) AS short
		FROM pg_catalog.generate_series(36, 0, -1) AS n) AS s
	WHERE octet_length(short) <= 36
	ORDER BY length(short) DESC LIMIT 2;
