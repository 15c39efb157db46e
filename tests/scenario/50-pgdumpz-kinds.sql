-- The rarer kinds of objects, and names that hide psql commands; run after
-- 50-pgdumpz.sql, in the same session.
CREATE SCHEMA kind;

-- every kind of name, and a command after its newline
CREATE SCHEMA "Größe
\! touch pwned
";
SET search_path = "Größe
\! touch pwned
";
CREATE TYPE "type
\! touch pwned
" AS ENUM ('label
\! touch pwned
');
CREATE DOMAIN "domain
\! touch pwned
" AS integer CONSTRAINT "check
\! touch pwned
" CHECK (VALUE > 0);
CREATE SEQUENCE "sequence
\! touch pwned
";
CREATE TABLE "表 table
\! touch pwned
" ("column
\! touch pwned
" integer CONSTRAINT "unique
\! touch pwned
" UNIQUE, "Ω" text DEFAULT 'default
\! touch pwned
', "enum" "type
\! touch pwned
");
INSERT INTO "表 table
\! touch pwned
" VALUES (1, E'value\n\\! touch pwned\n', enum_first(NULL::"type
\! touch pwned
")), (2, 'é', NULL);
CREATE INDEX "index
\! touch pwned
" ON "表 table
\! touch pwned
" ("Ω");
CREATE FUNCTION "function
\! touch pwned
"("argument
\! touch pwned
" integer) RETURNS integer LANGUAGE plpgsql AS 'BEGIN
-- \! touch pwned
RETURN 1; END';
CREATE FUNCTION "trigger
\! touch pwned
"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER "fires
\! touch pwned
" AFTER UPDATE ON "表 table
\! touch pwned
" FOR EACH ROW EXECUTE FUNCTION "trigger
\! touch pwned
"('argument
\! touch pwned
');
CREATE POLICY "policy
\! touch pwned
" ON "表 table
\! touch pwned
" USING (true);
CREATE VIEW "view
\! touch pwned
" AS SELECT 'text
\! touch pwned
'::text AS "column
\! touch pwned
";
CREATE MATERIALIZED VIEW "matview
\! touch pwned
" AS SELECT 1 AS one;
CREATE STATISTICS "statistics
\! touch pwned
" ON "Ω", "column
\! touch pwned
" FROM "表 table
\! touch pwned
";
CREATE PUBLICATION "publication
\! touch pwned
" FOR TABLE "表 table
\! touch pwned
";
CREATE SERVER "server
\! touch pwned
" FOREIGN DATA WRAPPER file_fdw;
CREATE RULE "rule
\! touch pwned
" AS ON INSERT TO "view
\! touch pwned
" DO INSTEAD NOTHING;
GRANT SELECT ON "表 table
\! touch pwned
" TO t_reader;
COMMENT ON TABLE "表 table
\! touch pwned
" IS E'comment\n\\! touch pwned\n';
SELECT lo_create(2001);
COMMENT ON LARGE OBJECT 2001 IS E'comment\n\\! touch pwned\n';
CREATE TABLE "MiXeD" ("CaSe" integer, "select" integer, "a.b" integer,
	"tab	x" integer, "quote""s'" integer, "back\slash" integer,
	"1st" integer, " "" " integer);
INSERT INTO "MiXeD" VALUES (1, 2, 3, 4, 5, 6, 7, 8);
RESET search_path;

-- built-in types that app.types lacks
CREATE TABLE kind.types (i2 int2, i8 int8, m money, n name, t tid, x xid,
	x8 xid8, c cid, i2v int2vector, ov oidvector, rp regproc,
	rpe regprocedure, ro regoper, roe regoperator, rc regclass,
	rco regcollation, rt regtype, rr regrole, rn regnamespace,
	rcf regconfig, rd regdictionary, m8 macaddr8, l line, ls lseg, b box,
	pa path, ci circle, jp jsonpath, txs txid_snapshot, ps pg_snapshot,
	rf refcursor, acl aclitem, i4r int4range, i8r int8range, nr numrange,
	tsr tsrange, tzr tstzrange, dr daterange, i8m int8multirange,
	nm nummultirange, tsm tsmultirange, tzm tstzmultirange,
	dm datemultirange, vc varchar(7), dp decimal(12, 3), ia interval
	day to second(2), t3 time(3), a3 integer[][][], ad date[],
	an name[], lb text[]);
INSERT INTO kind.types VALUES (-32768, -9223372036854775808, 1234.56,
	'a name', '(4294967295,65535)', '4294967295', '18446744073709551615',
	'7', '1 2 3', '1 2 3', 'now', 'pg_catalog.abs(integer)', '||/',
	'+(integer,integer)', 'pg_class', '"C"', 'integer[]', 'pg_monitor',
	'pg_catalog', 'simple', 'simple', '08:00:2b:01:02:03:04:05', '{1,-1,0}',
	'[(1,2),(3,4)]', '(3,4),(1,2)', '[(1,2),(3,4),(5,6)]', '<(1,2),3>',
	'$."a"[*] ? (@ > 1)', '10:20:10,14', '10:20:10,14', 'cursor',
	'=r/postgres', '[1,5)', 'empty', '(,1.5]', '[2024-01-01,infinity)',
	'["2024-01-01 00:00:00+02",)', '[2024-01-01,2024-02-01)', '{}',
	'{[1.1,2.2),(3,)}', '{[2024-01-01,2024-01-02)}', '{(,)}',
	'{[2024-01-01,2024-01-03)}', 'é', 123456789.125,
	'3 days 04:05:06.78', '12:34:56.789', '{{{1,2},{3,4}},{{5,6},{7,NULL}}}',
	'{2024-01-01,-infinity}', '{a,"b c"}', '[-2:0]={a,b,c}');
INSERT INTO kind.types DEFAULT VALUES;

-- columns
CREATE TABLE kind.columns (dropped1 integer,
	always integer GENERATED ALWAYS AS IDENTITY (START 10 INCREMENT 5),
	dropped2 text, a integer, twice integer GENERATED ALWAYS AS (a * 2)
	STORED, packed text COMPRESSION pglz DEFAULT 'x',
	dropped3 text);
INSERT INTO kind.columns (a) VALUES (1), (2);
ALTER TABLE kind.columns DROP dropped1, DROP dropped2, DROP dropped3,
	ADD added integer DEFAULT 5, ALTER a SET STATISTICS 77,
	ALTER packed SET STORAGE EXTERNAL,
	ALTER a SET (n_distinct = 5), SET (fillfactor = 70);
CREATE TABLE kind.all_dropped (a integer, b text);
INSERT INTO kind.all_dropped VALUES (1, 'x'), (2, 'y'), (3, 'z');
ALTER TABLE kind.all_dropped DROP a, DROP b;

-- typed tables, inheritance
CREATE TYPE kind.row AS (a integer, gone text, b text);
CREATE TABLE kind.typed OF kind.row (PRIMARY KEY (a), b DEFAULT 'typed');
INSERT INTO kind.typed VALUES (1, 'gone', 'x'), (2, 'gone', 'y');
ALTER TYPE kind.row DROP ATTRIBUTE gone CASCADE;
ALTER TYPE kind.row ADD ATTRIBUTE late date CASCADE;
CREATE TABLE kind.base1 (a integer, b text DEFAULT 'base', CHECK (a > 0));
CREATE TABLE kind.base2 (z date, b text);
CREATE TABLE kind.turned (b text, extra integer, a integer NOT NULL,
	CONSTRAINT base1_a_check CHECK (a > 0));
INSERT INTO kind.turned VALUES ('turned', 1, 2);
ALTER TABLE kind.turned INHERIT kind.base1;
CREATE TABLE kind.both (own integer, b text DEFAULT 'both')
	INHERITS (kind.base1, kind.base2);
INSERT INTO kind.both VALUES (1, 'x', '2024-01-01', 2);
CREATE TABLE kind.grandchild (more integer) INHERITS (kind.both);
INSERT INTO kind.grandchild VALUES (5, 'y', '2024-01-02', 3, 4);
ALTER TABLE kind.base1 ADD late integer DEFAULT 9;
INSERT INTO kind.base1 VALUES (8, 'base', 1);

-- partitions of every kind, five levels deep
CREATE TABLE kind.deep (a integer, b text, c date, d integer, e integer)
	PARTITION BY LIST (b);
CREATE TABLE kind.deep_x PARTITION OF kind.deep FOR VALUES IN ('x', NULL)
	PARTITION BY RANGE (c, d);
CREATE TABLE kind.deep_x_1 PARTITION OF kind.deep_x
	FOR VALUES FROM (MINVALUE, MINVALUE) TO ('2024-01-01', 5)
	PARTITION BY HASH (a, b);
CREATE TABLE kind.deep_x_1_0 PARTITION OF kind.deep_x_1
	FOR VALUES WITH (MODULUS 2, REMAINDER 0) PARTITION BY LIST ((e % 3));
CREATE TABLE kind.deep_x_1_0_0 PARTITION OF kind.deep_x_1_0
	FOR VALUES IN (0) PARTITION BY RANGE (e);
CREATE TABLE kind.deep_x_1_0_0_all PARTITION OF kind.deep_x_1_0_0 DEFAULT;
CREATE TABLE kind.deep_x_1_0_d PARTITION OF kind.deep_x_1_0 DEFAULT;
CREATE TABLE kind.deep_x_1_1 (gone integer, e integer, d integer, c date,
	b text, a integer);
ALTER TABLE kind.deep_x_1_1 DROP gone;
ALTER TABLE kind.deep_x_1 ATTACH PARTITION kind.deep_x_1_1
	FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE kind.deep_x_d PARTITION OF kind.deep_x DEFAULT;
CREATE UNLOGGED TABLE kind.deep_other PARTITION OF kind.deep
	(a DEFAULT 7, CONSTRAINT own CHECK (a < 10000)) DEFAULT;
CREATE TABLE kind.deep_empty PARTITION OF kind.deep FOR VALUES IN ('e')
	PARTITION BY RANGE (a);
INSERT INTO kind.deep SELECT n, (ARRAY['x', 'y', NULL])[1 + n % 3],
	date '2023-06-01' + n, n % 10, n % 9 FROM generate_series(1, 500) n;
CREATE INDEX deep_a ON kind.deep (a);
CREATE TABLE kind.mood_list (m app.mood, v integer) PARTITION BY LIST (m);
CREATE TABLE kind.mood_sad PARTITION OF kind.mood_list FOR VALUES IN ('sad')
	PARTITION BY HASH (v, m);
CREATE TABLE "kind"."mood's 0" PARTITION OF kind.mood_sad
	FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE "kind"."mood's 1" (m app.mood, gone text, v integer);
ALTER TABLE "kind"."mood's 1" DROP gone;
ALTER TABLE kind.mood_sad ATTACH PARTITION "kind"."mood's 1"
	FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE "kind"."mood's 2" PARTITION OF kind.mood_sad
	FOR VALUES WITH (MODULUS 3, REMAINDER 2);
CREATE TABLE kind.mood_any PARTITION OF kind.mood_list DEFAULT;
INSERT INTO kind.mood_list SELECT (enum_range(NULL::app.mood))[1 + n % 3], n
	FROM generate_series(1, 100) n;
CREATE TABLE kind.keyed (id integer PRIMARY KEY) PARTITION BY HASH (id);
CREATE TABLE kind.keyed_0 PARTITION OF kind.keyed
	FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE TABLE kind.keying (id integer REFERENCES kind.keyed ON DELETE CASCADE);
INSERT INTO kind.keyed VALUES (1), (2);
INSERT INTO kind.keying VALUES (1), (2), (2);

-- foreign data
CREATE FOREIGN DATA WRAPPER nothing OPTIONS (debug 'true');
CREATE SERVER nowhere TYPE 'none' VERSION '1.0' FOREIGN DATA WRAPPER nothing
	OPTIONS (host 'no''where');
CREATE USER MAPPING FOR t_owner SERVER nowhere OPTIONS (password 'x y');
CREATE FOREIGN TABLE kind.foreign_part PARTITION OF kind.deep_empty
	FOR VALUES FROM (1) TO (2) SERVER files
	OPTIONS (filename '/dev/null');
CREATE FOREIGN TABLE kind.far (a integer OPTIONS (name 'b') NOT NULL,
	CHECK (a > 0)) SERVER nowhere;

-- views over each other, and one that needs a primary key
CREATE MATERIALIZED VIEW kind.mv1 AS SELECT mood, count FROM app.mv;
CREATE MATERIALIZED VIEW kind.mv_none AS SELECT * FROM kind.mv1
	WITH NO DATA;
CREATE MATERIALIZED VIEW kind.mv_secret AS SELECT count(*) FROM app.secret;
CREATE INDEX ON kind.mv1 (count);
CREATE VIEW kind.grouped AS SELECT t.*, count(*) FROM kind.typed t
	GROUP BY t.a;
CREATE VIEW kind.around AS SELECT 1 AS a;
CREATE VIEW kind.again AS SELECT a FROM kind.around;
CREATE OR REPLACE VIEW kind.around AS SELECT a FROM kind.again WHERE false;
CREATE RECURSIVE VIEW kind.counted (n) AS VALUES (1) UNION ALL
	SELECT n + 1 FROM counted WHERE n < 3;
CREATE VIEW kind.checked WITH (security_invoker) AS SELECT a FROM kind.typed
	WHERE a > 0 WITH CASCADED CHECK OPTION;

-- rules, triggers, event triggers, policies
CREATE TABLE kind.ruled (a integer);
CREATE RULE also AS ON UPDATE TO kind.ruled WHERE old.a > 1 DO ALSO
	DELETE FROM app.empty;
ALTER TABLE kind.ruled DISABLE RULE also;
CREATE FUNCTION kind.nothing() RETURNS trigger LANGUAGE plpgsql
	AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER moved AFTER UPDATE ON kind.deep REFERENCING OLD TABLE AS o
	FOR EACH STATEMENT EXECUTE FUNCTION kind.nothing();
CREATE TRIGGER each_row AFTER INSERT ON kind.deep FOR EACH ROW
	EXECUTE FUNCTION kind.nothing();
ALTER TABLE kind.deep_x_d DISABLE TRIGGER each_row;
CREATE CONSTRAINT TRIGGER late AFTER UPDATE OF a ON kind.typed
	DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (old.a > 1)
	EXECUTE FUNCTION kind.nothing();
ALTER TABLE kind.typed ENABLE ALWAYS TRIGGER late;
CREATE EVENT TRIGGER dropping ON sql_drop WHEN TAG IN ('DROP TABLE')
	EXECUTE FUNCTION app.on_ddl();
ALTER EVENT TRIGGER dropping DISABLE;
CREATE EVENT TRIGGER replica ON ddl_command_start
	EXECUTE FUNCTION app.on_ddl();
ALTER EVENT TRIGGER replica ENABLE REPLICA;
CREATE POLICY limited ON app.secret AS RESTRICTIVE FOR UPDATE TO t_reader
	USING (who <> 'x') WITH CHECK (what IS NOT NULL);

-- functions, operators and what belongs to them
CREATE FUNCTION kind.body(a integer, OUT b integer, VARIADIC c text[]
	DEFAULT '{}') LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 7
	SET search_path = kind, pg_temp SET work_mem = '8MB'
	BEGIN ATOMIC SELECT a + 1; END;
CREATE FUNCTION kind.by_key() RETURNS SETOF kind.typed LANGUAGE sql
	BEGIN ATOMIC SELECT a, b, late FROM kind.typed GROUP BY a; END;
CREATE FUNCTION kind.dollar() RETURNS text LANGUAGE sql
	AS $_$ SELECT '$$ $_X$ \.'::text $_$;
CREATE AGGREGATE kind.middle(float8 ORDER BY float8) (
	SFUNC = ordered_set_transition, STYPE = internal,
	FINALFUNC = percentile_cont_float8_final);
CREATE FUNCTION kind.lt(app.pair, app.pair) RETURNS boolean LANGUAGE sql
	IMMUTABLE AS 'SELECT $1 OPERATOR(pg_catalog.<) $2';
CREATE FUNCTION kind.gt(app.pair, app.pair) RETURNS boolean LANGUAGE sql
	IMMUTABLE AS 'SELECT $1 OPERATOR(pg_catalog.>) $2';
CREATE OPERATOR kind.<< (LEFTARG = app.pair, RIGHTARG = app.pair,
	FUNCTION = kind.lt, COMMUTATOR = OPERATOR(kind.>>),
	RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR kind.>> (LEFTARG = app.pair, RIGHTARG = app.pair,
	FUNCTION = kind.gt, COMMUTATOR = OPERATOR(kind.<<));
CREATE OPERATOR kind.!! (RIGHTARG = integer, FUNCTION = int4abs);
CREATE OPERATOR FAMILY kind.family USING btree;
CREATE OPERATOR CLASS kind.class FOR TYPE app.pair USING btree
	FAMILY kind.family AS OPERATOR 1 kind.<<, OPERATOR 5 kind.>>,
	FUNCTION 1 btrecordcmp(record, record);
CREATE FUNCTION kind.pair(text) RETURNS app.pair LANGUAGE sql IMMUTABLE
	AS 'SELECT ROW(1, $1)::app.pair';
CREATE CAST (text AS app.pair) WITH FUNCTION kind.pair(text) AS ASSIGNMENT;
CREATE DEFAULT CONVERSION kind.conversion FOR 'LATIN1' TO 'UTF8'
	FROM iso8859_1_to_utf8;
CREATE FUNCTION kind.handler() RETURNS language_handler LANGUAGE c
	AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE TRUSTED LANGUAGE plown HANDLER kind.handler;
CREATE TRANSFORM FOR integer LANGUAGE plpgsql (
	FROM SQL WITH FUNCTION prsd_lextype(internal),
	TO SQL WITH FUNCTION int4recv(internal));
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE kind.on_heap2 (a integer) USING heap2;
INSERT INTO kind.on_heap2 VALUES (1), (2);
CREATE TYPE kind.shell;
CREATE TYPE kind.based;
CREATE FUNCTION kind.based_in(cstring) RETURNS kind.based
	LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION kind.based_out(kind.based) RETURNS cstring
	LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE kind.based (INPUT = kind.based_in, OUTPUT = kind.based_out,
	LIKE = integer, CATEGORY = 'N');
CREATE TABLE kind.of_based (a kind.based, r app.span, d app.mail);
INSERT INTO kind.of_based VALUES ('42', '[1,2]', 'a@b');

-- collations, text search, statistics
CREATE COLLATION kind.blind (provider = icu, locale = 'und-u-ks-level2',
	deterministic = false);
CREATE COLLATION kind.posix (locale = 'POSIX');
CREATE TABLE kind.collated (a text COLLATE kind.blind UNIQUE, b text
	COLLATE "C");
INSERT INTO kind.collated VALUES ('A', 'B'), ('b', 'a');
CREATE INDEX ON kind.collated (b COLLATE kind.posix DESC NULLS LAST);
CREATE TEXT SEARCH TEMPLATE kind.template (INIT = dsimple_init,
	LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY kind.dictionary (TEMPLATE = kind.template,
	STOPWORDS = english);
CREATE TEXT SEARCH PARSER kind.parser (START = prsd_start,
	GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH CONFIGURATION kind.config (PARSER = kind.parser);
ALTER TEXT SEARCH CONFIGURATION kind.config ADD MAPPING FOR asciiword
	WITH kind.dictionary, simple;
CREATE STATISTICS kind.many (ndistinct, dependencies, mcv) ON a, b, c
	FROM kind.deep_x_d;
CREATE STATISTICS kind.expression ON (a + 1), (lower(b)) FROM kind.deep_x_d;
ALTER STATISTICS kind.expression SET STATISTICS 55;

-- replication
CREATE PUBLICATION pub_all FOR ALL TABLES WITH (publish = 'insert, truncate');
CREATE PUBLICATION pub_schema FOR TABLES IN SCHEMA kind;
CREATE PUBLICATION pub_columns FOR TABLE app.a (id), ONLY app.parent
	WITH (publish_via_partition_root);
CREATE PUBLICATION pub_none;
CREATE SUBSCRIPTION sub_two CONNECTION 'host=nowhere password=''x y'''
	PUBLICATION one, "Two" WITH (connect = false, slot_name = 'other',
	enabled = false, binary, streaming, synchronous_commit = 'off',
	two_phase, disable_on_error);
ALTER TABLE app.a REPLICA IDENTITY FULL;
ALTER TABLE app.b REPLICA IDENTITY USING INDEX b_pkey;

-- comments on what is not a table
COMMENT ON FUNCTION kind.body(integer, text[]) IS 'on a function';
COMMENT ON COLUMN kind.grouped.b IS 'on a column of a view';
COMMENT ON CONSTRAINT typed_pkey ON kind.typed IS 'on a constraint';
COMMENT ON POLICY limited ON app.secret IS 'on a policy';
COMMENT ON EVENT TRIGGER dropping IS 'on an event trigger';
COMMENT ON TRIGGER late ON kind.typed IS 'on a trigger';
COMMENT ON OPERATOR kind.!! (NONE, integer) IS 'on an operator';
COMMENT ON PUBLICATION pub_all IS 'on a publication';
COMMENT ON SUBSCRIPTION sub_two IS 'on a subscription';
COMMENT ON STATISTICS kind.many IS 'on statistics';
COMMENT ON TYPE kind.row IS 'on a type';
COMMENT ON COLUMN kind.row.a IS 'on an attribute';
COMMENT ON EXTENSION hstore IS 'on an extension';
COMMENT ON SERVER nowhere IS 'on a server';
COMMENT ON INDEX kind.deep_a IS 'on an index';

-- privileges
GRANT USAGE ON SCHEMA kind TO t_reader;
GRANT ALL ON kind.deep TO t_reader WITH GRANT OPTION;
GRANT SELECT (a), INSERT (b), REFERENCES (a) ON kind.typed TO t_reader;
REVOKE ALL ON kind.base1 FROM CURRENT_USER;
GRANT SELECT ON kind.base2 TO PUBLIC;
GRANT USAGE, UPDATE ON SEQUENCE app.down TO t_reader;
GRANT USAGE ON TYPE app.mood TO t_reader;
REVOKE USAGE ON TYPE app.pair FROM PUBLIC;
REVOKE USAGE ON DOMAIN app.mail FROM PUBLIC;
REVOKE USAGE ON LANGUAGE plown FROM PUBLIC;
GRANT USAGE ON FOREIGN DATA WRAPPER nothing TO t_reader;
GRANT USAGE ON FOREIGN SERVER nowhere TO t_owner WITH GRANT OPTION;
GRANT SELECT ON kind.far TO t_reader;
REVOKE EXECUTE ON FUNCTION kind.body(integer, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kind.middle(float8, float8) TO t_reader;
GRANT SELECT ON pg_catalog.pg_authid TO t_reader;
REVOKE EXECUTE ON FUNCTION pg_catalog.now() FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION akeys(hstore) FROM PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO t_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA kind GRANT EXECUTE ON FUNCTIONS
	TO t_reader WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES FOR ROLE t_owner IN SCHEMA kind
	GRANT UPDATE ON SEQUENCES TO PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE t_owner REVOKE USAGE ON TYPES FROM PUBLIC;

-- large objects
SELECT lo_from_bytea(2002, 'owned'), lo_from_bytea(2003, 'revoked');
ALTER LARGE OBJECT 2002 OWNER TO t_owner;
GRANT SELECT, UPDATE ON LARGE OBJECT 2002 TO t_reader WITH GRANT OPTION;
GRANT SELECT ON LARGE OBJECT 2002 TO PUBLIC;
ALTER LARGE OBJECT 2003 OWNER TO t_owner;
REVOKE ALL ON LARGE OBJECT 2003 FROM t_owner;

-- an owner who has given up own rights
CREATE TABLE kind.given_up (a integer PRIMARY KEY, b text);
INSERT INTO kind.given_up VALUES (1, 'x');
ALTER TABLE kind.given_up OWNER TO t_owner;
REVOKE ALL ON kind.given_up FROM t_owner;
CREATE MATERIALIZED VIEW kind.mv_given_up AS SELECT * FROM app.users
	WHERE id < 10;
ALTER MATERIALIZED VIEW kind.mv_given_up OWNER TO t_owner;
REVOKE ALL ON kind.mv_given_up FROM t_owner;
