-- For restore-db: what the database :target is, in a line, if it exists.
SELECT pg_catalog.pg_size_pretty(pg_catalog.pg_database_size(oid)) || ', ' ||
	(SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE datid = d.oid) ||
	' sessions'
	FROM pg_catalog.pg_database d WHERE datname = :'target';
