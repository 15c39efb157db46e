-- What there is in a database that 50-pgdumpz*.sql have filled, kind by kind,
-- without an OID and in no order.  "== NAME" begins the answer on NAME.
SET search_path = pg_catalog;
\echo == names with a newline and a command behind it
SELECT quote_literal(name) FROM (
	SELECT nspname AS name FROM pg_namespace
	UNION ALL SELECT typname FROM pg_type WHERE typtype <> 'c'
	UNION ALL SELECT enumlabel FROM pg_enum
	UNION ALL SELECT relname FROM pg_class WHERE relkind <> 't'
	UNION ALL SELECT attname FROM pg_attribute WHERE attnum > 0
	UNION ALL SELECT conname FROM pg_constraint
	UNION ALL SELECT proname FROM pg_proc
	UNION ALL SELECT prosrc FROM pg_proc
	UNION ALL SELECT proargnames[1] FROM pg_proc
	UNION ALL SELECT tgname FROM pg_trigger
	UNION ALL SELECT encode(tgargs, 'escape') FROM pg_trigger
	UNION ALL SELECT polname FROM pg_policy
	UNION ALL SELECT rulename FROM pg_rewrite
	UNION ALL SELECT stxname FROM pg_statistic_ext
	UNION ALL SELECT pubname FROM pg_publication
	UNION ALL SELECT srvname FROM pg_foreign_server
	UNION ALL SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef
	UNION ALL SELECT description FROM pg_description) x
	WHERE name LIKE E'%\n\\\\!%';
SELECT a."column
\! touch pwned
", quote_literal(a."Ω"), quote_literal(a.enum::text) FROM "Größe
\! touch pwned
"."表 table
\! touch pwned
" a;
\echo == quoted and mixed-case names
SELECT attname FROM pg_attribute WHERE attnum > 0 AND attrelid = (SELECT oid
	FROM pg_class WHERE relname = 'MiXeD');
\echo == values of all built-in types
SELECT to_json(t) FROM app.types t;
SELECT t::text FROM kind.types t;
\echo == generated columns
SELECT attrelid::regclass, attname, attgenerated, pg_get_expr(adbin, adrelid)
	FROM pg_attribute JOIN pg_attrdef ON adrelid = attrelid AND
	adnum = attnum WHERE attgenerated <> '';
SELECT a, twice FROM kind.columns;
SELECT g FROM app.onlygen;
\echo == identity columns
SELECT attrelid::regclass, attname, attidentity, pg_get_serial_sequence(
	attrelid::regclass::text, attname) FROM pg_attribute
	WHERE attidentity <> '';
SELECT a, always FROM kind.columns;
\echo == storage, compression, statistics of columns
SELECT attname, attstorage, attcompression, attstattarget, attoptions
	FROM pg_attribute WHERE attrelid = 'kind.columns'::regclass
	AND attnum > 0 AND NOT attisdropped;
\echo == rows without a column
SELECT count(*) FROM app.nocol;
SELECT count(*) FROM kind.all_dropped;
\echo == typed tables
SELECT oid::regclass, reloftype::regtype FROM pg_class WHERE reloftype <> 0;
SELECT a, b, late FROM kind.typed;
\echo == inherited tables
SELECT inhrelid::regclass, inhparent::regclass FROM pg_inherits
	JOIN pg_class c ON c.oid = inhrelid WHERE NOT relispartition;
SELECT tableoid::regclass, a, b, late FROM kind.base1;
SELECT extra, a, b FROM kind.turned;
SELECT own, a, b, z FROM kind.both;
SELECT * FROM (SELECT more, own, a, b, z FROM kind.grandchild) x;
\echo == partitions
SELECT oid::regclass, pg_get_partkeydef(oid), pg_get_expr(relpartbound, oid),
	relpersistence FROM pg_class WHERE relispartition OR relkind = 'p';
SELECT tableoid::regclass, count(*), sum(a), sum(d), min(c), max(e)
	FROM kind.deep GROUP BY 1;
SELECT tableoid::regclass, count(*), min(id), max(at) FROM app.logs
	GROUP BY 1;
\echo == partitions by the hash of an enum
SELECT m, count(*), sum(v) FROM kind.mood_list GROUP BY 1;
SELECT m, count(*), sum(v) FROM app.by_mood GROUP BY 1;
\echo == foreign keys
SELECT conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated
	FROM pg_constraint WHERE contype = 'f' AND conparentid = 0;
\echo == unlogged tables and sequences
SELECT oid::regclass, relkind FROM pg_class WHERE relpersistence = 'u'
	AND oid::regclass::text !~ '^pg_toast';
SELECT count(*), sum(n) FROM app.unlogged;
\echo == foreign tables
SELECT ftrelid::regclass, srvname, srvtype, srvversion, srvoptions, ftoptions,
	fdwname, fdwoptions FROM pg_foreign_table JOIN pg_foreign_server s
	ON s.oid = ftserver JOIN pg_foreign_data_wrapper f ON f.oid = srvfdw;
SELECT srvname, usename, umoptions FROM pg_user_mappings WHERE srvname =
	'nowhere';
\echo == materialized views
SELECT oid::regclass, relispopulated FROM pg_class WHERE relkind = 'm';
SELECT mood, count FROM kind.mv1;
SELECT sum FROM app.mv2;
\echo == views
SELECT oid::regclass, reloptions, pg_get_viewdef(oid) FROM pg_class
	WHERE relkind = 'v' AND oid > 16383;
\echo == row security
SELECT oid::regclass, relrowsecurity, relforcerowsecurity FROM pg_class
	WHERE relrowsecurity OR relforcerowsecurity;
SELECT who, what FROM app.secret;
\echo == policies
SELECT * FROM pg_policies;
\echo == event triggers
SELECT evtname, evtevent, evtenabled, evttags, evtfoid::regproc
	FROM pg_event_trigger;
\echo == rules
SELECT ev_class::regclass, rulename, ev_enabled, pg_get_ruledef(oid)
	FROM pg_rewrite WHERE rulename <> '_RETURN' AND oid > 16383;
\echo == triggers
SELECT tgrelid::regclass, tgname, tgenabled, tgdeferrable,
	pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal;
\echo == comments
SELECT pg_describe_object(classoid, objoid, objsubid),
	quote_literal(description) FROM pg_description WHERE objoid > 16383
	AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.deptype = 'e' AND
	d.objid = objoid AND d.classid = classoid);
\echo == privileges
SELECT kind, name, a.grantor::regrole, CASE a.grantee WHEN 0 THEN 'PUBLIC'
	ELSE a.grantee::regrole::text END, a.privilege_type, a.is_grantable
	FROM (SELECT 'class' AS kind, oid::regclass::text AS name, relacl AS acl
	FROM pg_class UNION ALL SELECT 'column', attrelid::regclass || '.' ||
	attname, attacl FROM pg_attribute UNION ALL SELECT 'function',
	oid::regprocedure::text, proacl FROM pg_proc UNION ALL SELECT 'schema',
	nspname, nspacl FROM pg_namespace UNION ALL SELECT 'type',
	oid::regtype::text, typacl FROM pg_type UNION ALL SELECT 'language',
	lanname, lanacl FROM pg_language UNION ALL SELECT 'wrapper', fdwname,
	fdwacl FROM pg_foreign_data_wrapper UNION ALL SELECT 'server', srvname,
	srvacl FROM pg_foreign_server) x, aclexplode(acl) a
	WHERE name !~ '^pg_toast';
\echo == default privileges
SELECT defaclrole::regrole, defaclnamespace::regnamespace, defaclobjtype,
	defaclacl FROM pg_default_acl;
\echo == statistics objects
SELECT stxname, pg_get_statisticsobjdef(oid), stxstattarget
	FROM pg_statistic_ext;
\echo == publications
SELECT to_jsonb(p) - 'oid' FROM pg_publication p;
SELECT pubname, prrelid::regclass, prattrs, pg_get_expr(prqual, prrelid)
	FROM pg_publication_rel JOIN pg_publication p ON p.oid = prpubid;
SELECT pubname, pnnspid::regnamespace FROM pg_publication_namespace
	JOIN pg_publication p ON p.oid = pnpubid;
\echo == subscriptions
SELECT subname, subconninfo, subslotname, subpublications, subenabled,
	subbinary, substream, subtwophasestate, subdisableonerr, subsynccommit
	FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database
	WHERE datname = current_database());
\echo == collations
SELECT collname, collprovider, collisdeterministic, collcollate, colliculocale
	FROM pg_collation WHERE oid > 16383;
\echo == operators
SELECT oid::regoperator, oprcode, oprcom::regoperator, oprrest, oprjoin
	FROM pg_operator WHERE oprnamespace::regnamespace::text IN ('app',
	'kind');
SELECT opcname, opcintype::regtype, opfname, opcdefault FROM pg_opclass c
	JOIN pg_opfamily f ON f.oid = opcfamily
	WHERE opcnamespace = 'kind'::regnamespace;
\echo == casts, conversions, transforms, languages, access methods
SELECT castsource::regtype, casttarget::regtype, castfunc::regprocedure,
	castcontext, castmethod FROM pg_cast WHERE casttarget =
	'app.pair'::regtype OR castsource = 'app.pair'::regtype;
SELECT conname, conproc, condefault FROM pg_conversion WHERE oid > 16383;
SELECT trftype::regtype, trffromsql, trftosql FROM pg_transform;
SELECT lanname, lanpltrusted, lanplcallfoid::regproc FROM pg_language;
SELECT amname, amhandler FROM pg_am;
\echo == text search objects
SELECT cfgname, prsname, array(SELECT concat_ws(' ', maptokentype, mapseqno,
	dictname) AS m FROM pg_ts_config_map m JOIN pg_ts_dict d ON d.oid =
	mapdict WHERE mapcfg = c.oid ORDER BY m) FROM pg_ts_config c
	JOIN pg_ts_parser p ON p.oid = cfgparser WHERE c.oid > 16383;
SELECT dictname, dictinitoption, tmplname FROM pg_ts_dict d
	JOIN pg_ts_template t ON t.oid = dicttemplate WHERE d.oid > 16383;
\echo == functions
SELECT oid::regprocedure, pg_get_functiondef(oid) FROM pg_proc
	WHERE pronamespace::regnamespace::text IN ('app', 'kind') AND
	prokind IN ('f', 'p');
SELECT aggfnoid::regprocedure, aggkind, aggfinalfn, agginitval
	FROM pg_aggregate WHERE aggfnoid > 16383;
\echo == types
SELECT oid::regtype, typtype, typcategory, typinput, array(SELECT enumlabel
	FROM pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder)
	FROM pg_type t WHERE typnamespace::regnamespace::text IN ('app', 'kind')
	AND typtype NOT IN ('c');
\echo == indexes and constraints
SELECT indexrelid::regclass, pg_get_indexdef(indexrelid), indisreplident
	FROM pg_index WHERE indrelid > 16383 AND
	indrelid::regclass::text !~ '^pg_toast';
SELECT conrelid::regclass, conname, pg_get_constraintdef(oid), coninhcount,
	conislocal FROM pg_constraint WHERE oid > 16383 AND contype <> 'f';
\echo == extensions
SELECT extname, extnamespace::regnamespace FROM pg_extension;
\echo == sequences
SELECT schemaname, sequencename, data_type, start_value, min_value, max_value,
	increment_by, cycle, cache_size, last_value FROM pg_sequences;
\echo == large objects
SELECT oid, lomowner::regrole, lomacl, md5(lo_get(oid)) FROM
	pg_largeobject_metadata;
\echo == replica identities and access methods of tables
SELECT c.oid::regclass, relreplident, amname, reloptions FROM pg_class c
	LEFT JOIN pg_am am ON am.oid = relam WHERE relkind IN ('r', 'p', 'm')
	AND c.oid > 16383;
\echo == owners
SELECT oid::regclass, relowner::regrole FROM pg_class WHERE oid > 16383 AND
	relkind NOT IN ('i', 'I', 't');
