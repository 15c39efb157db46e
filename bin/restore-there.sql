-- For restore-db: has :fresh taken a place, so that :kept is what was there?
SELECT CASE WHEN datname = :'fresh' THEN 'apart' ELSE 'swapped' END
	FROM pg_catalog.pg_database WHERE datname IN (:'fresh', :'kept')
	ORDER BY datname <> :'fresh' LIMIT 1;
