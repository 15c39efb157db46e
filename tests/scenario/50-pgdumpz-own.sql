-- What a role that is no superuser can have in a database of its own, some of
-- its own rights revoked.
CREATE EXTENSION hstore;
COMMENT ON EXTENSION hstore IS 'trusted';
CREATE SCHEMA own;
CREATE TYPE own.mood AS ENUM ('sad', 'ok', 'happy');
CREATE FUNCTION own.double(integer) RETURNS integer LANGUAGE sql IMMUTABLE
	AS 'SELECT $1 * 2';
CREATE TABLE own.t (id serial PRIMARY KEY, v text, h hstore,
	g integer GENERATED ALWAYS AS (own.double(3)) STORED);
INSERT INTO own.t (v, h) SELECT md5(n::text), hstore('n', n::text)
	FROM generate_series(1, 100) n;
CREATE TABLE own.child (t integer REFERENCES own.t, always integer
	GENERATED ALWAYS AS IDENTITY);
INSERT INTO own.child SELECT n FROM generate_series(1, 100) n;
CREATE TABLE own.moods (m own.mood, v integer) PARTITION BY HASH (m);
CREATE TABLE own.moods_0 PARTITION OF own.moods
	FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE own.moods_1 PARTITION OF own.moods
	FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO own.moods SELECT m, n FROM unnest(enum_range(NULL::own.mood)) m,
	generate_series(1, 10) n;
CREATE TABLE own.policed (who text);
INSERT INTO own.policed VALUES ('a'), ('b');
ALTER TABLE own.policed ENABLE ROW LEVEL SECURITY;
CREATE POLICY nobody ON own.policed USING (false);
CREATE FUNCTION own.refuse() RETURNS trigger LANGUAGE plpgsql
	AS 'BEGIN RAISE EXCEPTION ''fired''; END';
CREATE TRIGGER refuse BEFORE INSERT ON own.t FOR EACH ROW
	EXECUTE FUNCTION own.refuse();
CREATE VIEW own.v AS SELECT id FROM own.t;
CREATE MATERIALIZED VIEW own.mv AS SELECT count(*) FROM own.t;
SELECT lo_from_bytea(3001, 'read'), lo_from_bytea(3002, 'more');
COMMENT ON LARGE OBJECT 3001 IS 'read only';

GRANT SELECT ON own.t, own.v TO t_reader;
GRANT SELECT (t) ON own.child TO t_reader;
GRANT SELECT ON LARGE OBJECT 3001 TO t_reader;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER, REFERENCES ON own.t,
	own.child, own.moods, own.moods_0, own.moods_1 FROM tester;
REVOKE UPDATE, USAGE ON SEQUENCE own.t_id_seq FROM tester;
REVOKE UPDATE ON LARGE OBJECT 3001 FROM tester;
REVOKE CREATE ON SCHEMA own FROM tester;
REVOKE EXECUTE ON FUNCTION own.double(integer), own.refuse() FROM PUBLIC,
	tester;
REVOKE USAGE ON TYPE own.mood FROM PUBLIC, tester;
ALTER DEFAULT PRIVILEGES IN SCHEMA own GRANT SELECT ON TABLES TO t_reader;
ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM PUBLIC;
