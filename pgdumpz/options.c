/*
 * Each option goes to the program that acts on it: pg_dump decides what there
 * is, pg_restore how it is written.
 */
#include <stdio.h>
#include <string.h>

#include "options.h"
#include "pgopt.h"

#define OPTIONS_MAX 64

static const char usage[] =
	"pgdumpz [OPTION]... [DBNAME | URI | CONNINFO]\n"
	"       pgdumpz --globals [OPTION]...\n"
	"       pgdumpz --check [OPTION]... [DBNAME | URI | CONNINFO]";

/* What of it, and how fast. */
static size_t
put_source(struct opt *out, struct options *o)
{
	const struct opt table[] = {
		{ 0, "role", "ROLE", OPT_TEXT, &o->session.role,
		    "SET ROLE before anything else" },
		{ 'j', "jobs", "N", OPT_COUNT, &o->jobs,
		    "connections that copy (one a processor)" },
		{ 'Z', "compress", "LEVEL", OPT_COUNT, &o->level,
		    "1 is fast, 9 or 12 is small" },
		{ 'g', "globals", NULL, OPT_FLAG, &o->globals,
		    "roles and tablespaces instead of a database" },
		{ 0, "no-role-passwords", NULL, OPT_FLAG,
		    &o->no_role_passwords, "--globals without passwords" },
		{ 0, "check", NULL, OPT_FLAG, &o->check,
		    "dump nothing; exit 0 if DB could be dumped" },
	};

	memcpy(out, table, sizeof(table));
	return sizeof(table) / sizeof(table[0]);
}

/* What is left out, which is pg_dump's to decide. */
static size_t
put_filters(struct opt *out, struct options *o)
{
	const struct opt table[] = {
		{ 'n', "schema", "PATTERN", OPT_PASS, &o->dump,
		    "these schemas only" },
		{ 'N', "exclude-schema", "PATTERN", OPT_PASS, &o->dump,
		    "not these schemas" },
		{ 't', "table", "PATTERN", OPT_PASS, &o->dump,
		    "these tables only" },
		{ 'T', "exclude-table", "PATTERN", OPT_PASS, &o->dump,
		    "not these tables" },
		{ 'e', "extension", "PATTERN", OPT_PASS, &o->dump,
		    "these extensions only" },
		{ 0, "exclude-table-data", "PATTERN", OPT_PASS, &o->dump,
		    "these tables without their rows" },
		{ 's', "schema-only", NULL, OPT_PASS, &o->dump,
		    "no rows at all" },
		{ 'b', "blobs", NULL, OPT_PASS, &o->dump,
		    "large objects, also with -n and -t" },
		{ 'B', "no-blobs", NULL, OPT_PASS, &o->dump,
		    "no large objects" },
		{ 0, "strict-names", NULL, OPT_PASS, &o->dump,
		    "every PATTERN must match something" },
		{ 0, "no-comments", NULL, OPT_PASS, &o->dump,
		    "no comments on objects" },
		{ 0, "no-publications", NULL, OPT_PASS, &o->dump,
		    "no publications" },
		{ 0, "no-security-labels", NULL, OPT_PASS, &o->dump,
		    "no security labels" },
		{ 0, "no-subscriptions", NULL, OPT_PASS, &o->dump,
		    "no subscriptions" },
		{ 0, "no-toast-compression", NULL, OPT_PASS, &o->dump,
		    "no compression methods of columns" },
		{ 0, "no-unlogged-table-data", NULL, OPT_PASS, &o->dump,
		    "unlogged tables without their rows" },
	};

	memcpy(out, table, sizeof(table));
	return sizeof(table) / sizeof(table[0]);
}

/* How it is read and written. */
static size_t
put_manner(struct opt *out, struct options *o)
{
	const struct opt table[] = {
		{ 0, "load-via-partition-root", NULL, OPT_FLAG, &o->via_root,
		    "load partitions through their root" },
		{ 0, "enable-row-security", NULL, OPT_FLAG,
		    &o->session.row_security,
		    "only the rows that policies let through" },
		{ 0, "lock-wait-timeout", "TIME", OPT_TEXT, &o->lock_wait,
		    "fail when a table stays locked longer" },
		{ 'O', "no-owner", NULL, OPT_PASS, &o->restore,
		    "whoever restores will own everything" },
		{ 'x', "no-privileges", NULL, OPT_PASS, &o->restore,
		    "no GRANT, no REVOKE" },
		{ 0, "no-acl", NULL, OPT_PASS, &o->restore,
		    "the same" },
		{ 0, "no-tablespaces", NULL, OPT_PASS, &o->restore,
		    "everything into the default tablespace" },
		{ 0, "no-table-access-method", NULL, OPT_PASS,
		    &o->restore, "everything with the default one" },
		{ 0, "quote-all-identifiers", NULL, OPT_FLAG,
		    &o->session.quotes_all, "quote every name" },
		{ 'C', "create", NULL, OPT_FLAG, &o->create,
		    "create the database and connect to it" },
		{ 0, "pg-bin", "DIR", OPT_TEXT, &o->bin_dir,
		    "where pg_dump and pg_restore are" },
		{ 'v', "verbose", NULL, OPT_FLAG, &o->verbose,
		    "say what is being done" },
	};

	memcpy(out, table, sizeof(table));
	return sizeof(table) / sizeof(table[0]);
}

/* What acts in pg_dump and in us as well. */
static int
pass_on(struct options *o, struct err *e)
{
	const struct {
		const char *name, *value;
		bool is_wanted;
	} both[] = {
		{ "--role=", o->session.role,
		    o->session.role != NULL },
		{ "--load-via-partition-root", "", o->via_root },
		{ "--enable-row-security", "", o->session.row_security },
		{ "--quote-all-identifiers", "", o->session.quotes_all },
	};
	char text[1024];
	size_t i;

	for (i = 0; i < sizeof(both) / sizeof(both[0]); i++) {
		if (!both[i].is_wanted)
			continue;
		if (snprintf(text, sizeof(text), "%s%s", both[i].name,
		    both[i].value) >= (int)sizeof(text))
			return err_set(e, ERR_USAGE, "the value of %s is too "
			    "long", both[i].name);
		if (opt_list_add(&o->dump, text, e) != 0)
			return -1;
	}
	return 0;
}

static bool
is_of_globals(const char *option)
{
	static const char *const names[] = { "--role=",
		"--quote-all-identifiers", "--no-comments",
		"--no-security-labels", "--no-owner", "--no-privileges",
		"--no-acl", "--no-tablespaces" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strncmp(option, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

/* What selects parts of a database would do nothing to globals. */
static int
check_globals(const struct options *o, struct err *e)
{
	const struct opt_list *const lists[] = { &o->dump, &o->restore };
	size_t n, i;

	for (n = 0; n < 2; n++) {
		for (i = 0; i < lists[n]->len; i++)
			if (!is_of_globals(lists[n]->items[i]))
				return err_set(e, ERR_USAGE, "%s can't be "
				    "used with --globals",
				    lists[n]->items[i]);
	}
	return o->create ? err_set(e, ERR_USAGE, "--create can't be used "
	    "with --globals") : 0;
}

int
options_parse(struct options *o, int argc, char **argv, bool *done,
	struct err *e)
{
	struct opt table[OPTIONS_MAX] = { 0 };
	size_t n = PGOPT_COUNT;
	const struct opt_tool tool = { "pgdumpz", usage,
		"Dump a PostgreSQL database, in parallel, as a sealed gzip "
		"stream of SQL\non standard output. Restore: gunzip -c FILE "
		"| psql DBNAME", table, 0, 1, false };
	struct opt_result result;

	pgopt_append(table, &o->login);
	n += put_source(table + n, o);
	n += put_filters(table + n, o);
	(void)put_manner(table + n, o);
	if (opt_parse(&tool, argc, argv, &result, e) != 0)
		return -1;
	*done = result.done;
	if (result.nargs > 0 && o->login.database != NULL)
		return err_set(e, ERR_USAGE, "two databases: '%s' and '%s'",
		    o->login.database, result.args[0]);
	if (result.nargs > 0)
		o->login.database = result.args[0];
	if (pass_on(o, e) != 0)
		return -1;
	if (o->no_role_passwords && !o->globals)
		return err_set(e, ERR_USAGE, "--no-role-passwords is of use "
		    "with --globals only");
	return o->globals ? check_globals(o, e) : 0;
}

void
options_free(struct options *o)
{
	opt_list_free(&o->dump);
	opt_list_free(&o->restore);
}
