/*
 * A night without a backup must not make the last good one vanish from the
 * graphs: what this run can't tell is taken from the file that it replaces,
 * line by line as it was written.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "atomfile.h"
#include "metrics.h"
#include "num.h"
#include "os.h"
#include "utf8.h"

/* What a family's value comes from. */
enum source {
	FROM_PAIR,		/* the pair of that key */
	FROM_NOW,		/* this moment, always */
	FROM_SUCCESS		/* this moment, if it was a success */
};

struct family {
	const char *name, *help, *key;
	enum source source;
};

static const struct family run_families[] = {
	{ "pgdumpz_run_timestamp_seconds", "When the last run ended.", NULL,
	    FROM_NOW },
	{ "pgdumpz_run_exit_status", "Exit status of the last run; 0: all "
	    "was done.", "exit", FROM_PAIR },
	{ "pgdumpz_run_duration_seconds", "How long the last run took.",
	    "seconds", FROM_PAIR },
	{ "pgdumpz_run_success_timestamp_seconds", "When the last run ended "
	    "that did all it should.", NULL, FROM_SUCCESS },
};

static const struct family db_families[] = {
	{ "pgdumpz_backup_ok", "Whether the last attempt made a good backup.",
	    "ok", FROM_PAIR },
	{ "pgdumpz_backup_success_timestamp_seconds", "When the last run "
	    "ended that made a good backup.", NULL, FROM_SUCCESS },
	{ "pgdumpz_backup_bytes", "Size of the last good backup.", "bytes",
	    FROM_PAIR },
	{ "pgdumpz_backup_rows", "Rows in the last good backup.", "rows",
	    FROM_PAIR },
	{ "pgdumpz_backup_duration_seconds", "How long the last good backup "
	    "took.", "seconds", FROM_PAIR },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The pairs from a "db" to the next one, or those before the first. */
struct group {
	const struct pair *items;
	size_t len;
};

static struct group
group_at(const struct pairs *pairs, size_t at)
{
	struct group g = { pairs->items + at, 0 };

	while (at + g.len < pairs->len && (strcmp(g.items[g.len].key, "db") !=
	    0 || g.len == 0))
		g.len++;
	return g;
}

static struct group
run_group(const struct pairs *pairs)
{
	if (pairs->len > 0 && strcmp(pairs->items[0].key, "db") == 0)
		return (struct group){ pairs->items, 0 };
	return group_at(pairs, 0);
}

static const char *
value_of(const struct group *g, const char *key)
{
	size_t i;

	for (i = 0; i < g->len; i++)
		if (strcmp(g->items[i].key, key) == 0)
			return g->items[i].value;
	return NULL;
}

/* Digits, and perhaps a fraction: what may stand as a value. */
static size_t
number_len(const char *text)
{
	size_t whole = strspn(text, "0123456789"), rest;

	if (whole == 0 || text[whole] != '.')
		return whole;
	rest = strspn(text + whole + 1, "0123456789");
	return rest > 0 ? whole + 1 + rest : whole;
}

/* Each pair is one that the group's families know, and a number. */
static int
check_group(const struct group *g, const struct family *families,
	size_t count, struct err *e)
{
	const struct pair *p;
	size_t i, f;

	for (i = 0; i < g->len; i++) {
		p = &g->items[i];
		if (i == 0 && strcmp(p->key, "db") == 0)
			continue;
		for (f = 0; f < count; f++)
			if (families[f].key != NULL &&
			    strcmp(families[f].key, p->key) == 0)
				break;
		if (f == count)
			return err_set(e, ERR_USAGE, "'%s' is no metric%s",
			    p->key, families == db_families ?
			    " of a database" : " of a run");
		if (p->value[0] == '\0' ||
		    p->value[number_len(p->value)] != '\0')
			return err_set(e, ERR_USAGE,
			    "'%s' of '%s' is not a number", p->value, p->key);
	}
	return 0;
}

static int
check_pairs(const struct pairs *pairs, struct err *e)
{
	struct group g = run_group(pairs);
	size_t at;

	if (check_group(&g, run_families, COUNT(run_families), e) != 0)
		return -1;
	if (value_of(&g, "exit") == NULL)
		return err_set(e, ERR_USAGE, "metrics need exit=STATUS");
	for (at = g.len; at < pairs->len; at += g.len) {
		g = group_at(pairs, at);
		if (check_group(&g, db_families, COUNT(db_families), e) != 0)
			return -1;
		if (value_of(&g, "ok") == NULL)
			return err_set(e, ERR_USAGE,
			    "database '%s' needs ok=1 or ok=0",
			    g.items[0].value);
	}
	return 0;
}

/* "name" or "name{db="..."}", as it stands before a value. */
static void
put_series(struct buf *out, const char *name, const char *db)
{
	size_t len, i, n;
	uint32_t code;

	buf_puts(out, name);
	if (db == NULL)
		return;
	buf_puts(out, "{db=\"");
	for (i = 0, len = strlen(db); i < len; i += n > 0 ? n : 1) {
		n = utf8_decode(db + i, len - i, &code);
		if (n == 0 || !utf8_is_printable(code))
			buf_puts(out, "\xef\xbf\xbd");
		else if (code == '"' || code == '\\')
			buf_printf(out, "\\%c", (char)code);
		else
			buf_put(out, db + i, n);
	}
	buf_puts(out, "\"}");
}

/* Append the lines of old that begin with start and hold a number. */
static void
put_old(struct buf *out, const char *old, const char *start)
{
	const char *line = old, *end, *value;

	for (; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		if (strncmp(line, start, strlen(start)) != 0)
			continue;
		for (value = end; value > line && value[-1] != ' '; value--)
			;
		if (number_len(value) == (size_t)(end - value) && value < end)
			buf_put(out, line, (size_t)(end + 1 - line));
	}
}

static void
put_value(struct buf *out, const struct family *f, const struct group *g,
	const char *db, int64_t now, const char *old)
{
	const char *state = value_of(g, db != NULL ? "ok" : "exit");
	bool success = state != NULL &&
	    strcmp(state, db != NULL ? "1" : "0") == 0;
	const char *value = f->key != NULL ? value_of(g, f->key) : NULL;
	struct buf series = BUF_INIT(out->max);

	put_series(&series, f->name, db);
	buf_putc(&series, ' ');
	if (series.failed)
		out->failed = true;
	else if (f->source == FROM_NOW || (f->source == FROM_SUCCESS &&
	    success))
		buf_printf(out, "%s%" PRId64 "\n", series.data, now);
	else if (value != NULL)
		buf_printf(out, "%s%s\n", series.data, value);
	else if (db != NULL || f->source == FROM_SUCCESS)
		put_old(out, old, series.data);
	buf_free(&series);
}

static void
put_family(struct buf *out, const struct family *f)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s gauge\n", f->name, f->help,
	    f->name);
}

/* One family of all databases. */
static void
put_databases(struct buf *out, const struct family *f,
	const struct pairs *pairs, int64_t now, const char *old)
{
	size_t at = run_group(pairs).len;
	struct buf start = BUF_INIT(256);
	struct group g;

	if (at == pairs->len) {
		buf_printf(&start, "%s{", f->name);
		put_old(out, old, buf_text(&start));
		buf_free(&start);
	}
	for (; at < pairs->len; at += g.len) {
		g = group_at(pairs, at);
		put_value(out, f, &g, g.items[0].value, now, old);
	}
}

int
metrics_put(struct buf *out, int64_t now, const struct pairs *pairs,
	const char *old, struct err *e)
{
	struct group run = run_group(pairs);
	size_t i;

	if (check_pairs(pairs, e) != 0)
		return -1;
	for (i = 0; i < COUNT(run_families); i++) {
		put_family(out, &run_families[i]);
		put_value(out, &run_families[i], &run, NULL, now, old);
	}
	for (i = 0; i < COUNT(db_families); i++) {
		put_family(out, &db_families[i]);
		put_databases(out, &db_families[i], pairs, now, old);
	}
	return buf_check(out, "the text of the metrics", e);
}

/* The file that will be replaced; one that can't be read has nothing. */
static void
read_old(const char *path, struct buf *old)
{
	struct err ignored;
	struct os_stat st;
	int fd = os_open_read(path, &ignored);
	ssize_t n = 0;
	char *room;

	if (fd < 0)
		return;
	if (os_fstat(fd, &st, &ignored) == 0 && st.kind == OS_FILE &&
	    (room = buf_room(old, (size_t)st.size)) != NULL)
		n = os_read_full(fd, room, (size_t)st.size, &ignored);
	if (n > 0)
		buf_filled(old, (size_t)n);
	(void)os_close(fd, &ignored);
}

int
metrics_write(const char *path, int64_t now, const struct pairs *pairs,
	struct err *e)
{
	struct buf text = BUF_INIT(METRICS_FILE_MAX);
	struct buf old = BUF_INIT(METRICS_FILE_MAX);
	struct atomfile *file = NULL;
	int rc = -1;

	read_old(path, &old);
	if (metrics_put(&text, now, pairs, buf_text(&old), e) != 0 ||
	    (file = atomfile_begin(path, e)) == NULL)
		goto out;
	if (os_write(atomfile_fd(file), text.data, text.len, e) != 0 ||
	    os_make_readable(atomfile_fd(file), e) != 0)
		err_context(e, "'%s'", path);
	else
		rc = atomfile_commit(file, e);
out:
	atomfile_free(file);
	buf_free(&text);
	buf_free(&old);
	return rc;
}
