-- For restore-db: the database :target becomes :kept, and :fresh takes its place.
BEGIN;
SELECT pg_catalog.pg_terminate_backend(pid)
	FROM pg_catalog.pg_stat_activity WHERE datname = :'target';
ALTER DATABASE :"target" RENAME TO :"kept";
ALTER DATABASE :"fresh" RENAME TO :"target";
COMMIT;
