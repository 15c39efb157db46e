/*
 * pg_restore builds indexes on many connections if it has the archive's table
 * of contents; the archive's rows are not needed for that. It opens the file
 * once for each of its processes, so it gets it by a path.
 */
#include <string.h>

#include <jansson.h>

#include "child.h"
#include "feed.h"
#include "hash.h"
#include "log.h"
#include "num.h"
#include "os.h"
#include "post.h"

#define LINE_BYTES ((size_t)64 << 20)
#define IDS_BYTES ((size_t)64 << 20)
#define COPY_SIZE 65536
#define ARGS_MAX 24

static const char prefix[] = "-- ";
static const char json_prefix[] = "-- pgdumpz: ";

/* What a dump may have been written with: nothing else reaches an argv. */
static const char *const known[] = { "--no-owner", "--no-privileges",
	"--no-tablespaces", "--no-table-access-method" };

void
post_init(struct post *p)
{
	memset(p, 0, sizeof(*p));
	p->text = p->archive = -1;
	buf_init(&p->line, LINE_BYTES);
	buf_init(&p->ids, IDS_BYTES);
}

void
post_free(struct post *p)
{
	struct err ignored;

	(void)os_close(p->text, &ignored);
	(void)os_close(p->archive, &ignored);
	entries_free(p->entries);
	buf_free(&p->line);
	buf_free(&p->ids);
	post_init(p);
}

int
post_put_text(struct post *p, const char *text, size_t len, struct err *e)
{
	if (p->text < 0 && (p->text = os_temp_file(e)) < 0)
		return -1;
	if ((p->entries == NULL && (p->entries = entries_new(e)) == NULL) ||
	    entries_put(p->entries, text, len, e) != 0)
		return -1;
	if (os_write(p->text, text, len, e) == 0)
		return 0;
	return e->kind == ERR_SIGNAL ? -1 :
	    err_context(e, "a temporary file (TMPDIR)");
}

/* -- the archive, as it comes ------------------------------------------- */

static int
not_understood(struct err *e)
{
	return err_set(e, ERR_VERDICT, "the archive of the table of contents "
	    "is not as pgdumpz writes it");
}

static int
take_head(struct post *p, const char *json, size_t len, struct err *e)
{
	json_t *head = json_loadb(json, len, 0, NULL), *one;
	size_t i, k;

	if (json_integer_value(json_object_get(head, "archive")) != 1) {
		json_decref(head);
		return not_understood(e);
	}
	p->archive_expected = (uint64_t)json_integer_value(
	    json_object_get(head, "bytes"));
	json_array_foreach(json_object_get(head, "post"), i, one) {
		buf_printf(&p->ids, "%lld\n",
		    (long long)json_integer_value(one));
	}
	json_array_foreach(json_object_get(head, "options"), i, one) {
		for (k = 0; k < sizeof(known) / sizeof(known[0]); k++)
			if (json_is_string(one) &&
			    strcmp(json_string_value(one), known[k]) == 0)
				p->options[k] = true;
	}
	json_decref(head);
	if ((p->archive = os_temp_file(e)) < 0)
		return -1;
	return buf_check(&p->ids, "a list for pg_restore", e);
}

static int
take_line(struct post *p, const char *line, size_t len, struct err *e)
{
	char text[HASH_BASE64_MAX];
	uint8_t bytes[HASH_BASE64_MAX];
	size_t n = strlen(prefix), size;

	if (p->archive < 0) {
		n = strlen(json_prefix);
		if (len < n || memcmp(line, json_prefix, n) != 0)
			return not_understood(e);
		return take_head(p, line + n, len - n, e);
	}
	if (len < n + 4 || len - n >= sizeof(text) ||
	    memcmp(line, prefix, n) != 0)
		return not_understood(e);
	len -= n;
	memcpy(text, line + n, len);
	text[len] = '\0';
	size = 3 * len / 4 - (text[len - 1] == '=') - (text[len - 2] == '=');
	if (hash_from_base64(bytes, size, text) != 0)
		return not_understood(e);
	p->archive_bytes += size;
	if (os_write(p->archive, bytes, size, e) == 0)
		return 0;
	return e->kind == ERR_SIGNAL ? -1 :
	    err_context(e, "a temporary file (TMPDIR)");
}

int
post_put_archive(struct post *p, const char *text, size_t len, struct err *e)
{
	const char *at, *end;
	int rc = 0;

	buf_put(&p->line, text, len);
	if (buf_check(&p->line, "a line of the archive", e) != 0)
		return -1;
	at = buf_text(&p->line);
	while (rc == 0 && (end = strchr(at, '\n')) != NULL) {
		rc = take_line(p, at, (size_t)(end - at), e);
		at = end + 1;
	}
	buf_drop(&p->line, (size_t)(at - buf_text(&p->line)));
	return rc;
}

/* -- pg_restore --------------------------------------------------------- */

/* `pg_restore -l`, into list. -1: this pg_restore can't read it. */
static int
list(const struct post *p, const struct programs *programs,
	const char *option, struct buf *out, struct err *e)
{
	static const char *const env[] = { "PGPASSWORD", NULL };
	const char *argv[] = { programs->restore, "--list", option, NULL };
	struct child_spawn how = { .argv = argv, .env = env,
		.in = p->archive, .out = -1 };

	buf_reset(out);
	if (p->archive < 0 || p->archive_bytes == 0 ||
	    p->archive_bytes != p->archive_expected)
		return err_set(e, ERR_VERDICT, "there is no whole archive");
	return os_rewind(p->archive, e) == 0 ? child_run(&how, out, e) : -1;
}

static size_t
put_options(const struct post *p, const struct options *o, const char **argv)
{
	const bool wanted[] = { p->options[0] || o->no_owner,
		p->options[1] || o->no_acl, p->options[2], p->options[3] };
	size_t k, n = 0;

	for (k = 0; k < sizeof(known) / sizeof(known[0]); k++)
		if (wanted[k])
			argv[n++] = known[k];
	return n;
}

/*
 * Run pg_restore on the archive for the entries of that list. Both are put
 * behind the options in how's argv, at end.
 */
static int
run_list(const struct post *p, struct child_spawn *how, const char **end,
	const struct buf *ids, struct buf *out, struct err *e)
{
	struct buf use_list = BUF_INIT(1 << 16), archive = BUF_INIT(1 << 16);
	struct err ignored;
	int rc = -1;

	how->extra = p->archive;
	how->in = child_put_file(&use_list, "--use-list=", ids, 0, e);
	if (how->in >= 0 &&
	    child_put_path(&archive, "", p->archive, 3, e) == 0 &&
	    os_rewind(p->archive, e) == 0) {
		end[0] = buf_text(&use_list);
		end[1] = buf_text(&archive);
		rc = child_run(how, out, e);
	}
	(void)os_close(how->in, &ignored);
	buf_free(&use_list);
	buf_free(&archive);
	return rc;
}

static int
run_pg_restore(const struct post *p, const struct options *o,
	const struct programs *programs, const struct target *t,
	struct err *e)
{
	struct buf conninfo = BUF_INIT(1 << 16), password = BUF_INIT(1 << 16);
	struct buf role = BUF_INIT(1024), jobs = BUF_INIT(64);
	struct buf out = BUF_INIT(1 << 20);
	const char *argv[ARGS_MAX] = { programs->restore, "--exit-on-error",
		"--no-password" };
	const char *env[] = { NULL, "PGCLIENTENCODING", NULL };
	struct child_spawn how = { .argv = argv, .env = env, .out = -1 };
	size_t n = 3;
	int rc;

	buf_puts(&conninfo, "--dbname=");
	rc = pg_place_conninfo(t->place, &conninfo, e);
	pg_place_put_password(t->place, &password);
	env[0] = buf_text(&password);
	buf_printf(&jobs, "--jobs=%llu", (unsigned long long)o->jobs);
	argv[n++] = buf_text(&jobs);
	argv[n++] = buf_text(&conninfo);
	n += put_options(p, o, argv + n);
	if (o->role != NULL) {
		buf_printf(&role, "--role=%s", o->role);
		argv[n++] = buf_text(&role);
	}
	if (rc == 0)
		rc = buf_check(&role, "the name of a role", e);
	if (rc == 0)
		rc = run_list(p, &how, argv + n, &p->ids, &out, e);
	buf_free(&conninfo);
	buf_free_secret(&password);
	buf_free(&role);
	buf_free(&jobs);
	buf_free(&out);
	return rc;
}

/* -- psql --------------------------------------------------------------- */

static int
feed_file(struct feed *f, int fd, struct err *e)
{
	char block[COPY_SIZE];
	ssize_t n;

	if (os_rewind(fd, e) != 0)
		return -1;
	while ((n = os_read(fd, block, sizeof(block), e)) > 0)
		if (feed_put(f, block, (size_t)n, e) != 0)
			return -1;
	return n < 0 ? -1 : 0;
}

static int
run_psql(const struct post *p, const struct options *o,
	const struct programs *programs, const struct target *t,
	struct err *e)
{
	struct feed *f;
	int rc = -1;

	if (p->text < 0)
		return 0;
	f = feed_start(programs, t->place, o, e);
	if (f != NULL && feed_file(f, p->text, e) == 0)
		rc = feed_end(f, e);
	feed_free(f);
	return rc;
}

/* What pg_restore is told to restore is at least what POST holds. */
static int
check_list(const struct post *p, const struct buf *all, struct err *e)
{
	size_t held = p->entries != NULL ? entries_count(p->entries) : 0;
	size_t listed;

	if (entries_match(buf_text(&p->ids), buf_text(all), &listed, e) != 0)
		return -1;
	if (listed >= held)
		return 0;
	(void)err_set(e, ERR_VERDICT, "the backup contradicts itself: its SQL "
	    "text has %zu indexes, constraints, privileges and such, and its "
	    "archive lists %zu of them", held, listed);
	return err_hint(e, "restore its text: gunzip -c FILE | psql -X -v "
	    "ON_ERROR_STOP=1 -d DATABASE");
}

int
post_run(struct post *p, const struct options *o,
	const struct programs *programs, const struct target *t,
	struct err *e)
{
	struct buf all = BUF_INIT(IDS_BYTES);
	struct err why = ERR_INIT;
	int rc = 0;

	p->is_readable = list(p, programs, NULL, &all, &why) == 0;
	if (p->is_readable)
		rc = check_list(p, &all, e);
	buf_free(&all);
	if (p->is_readable && rc == 0 && p->ids.len > 0)
		rc = run_pg_restore(p, o, programs, t, e);
	if (p->is_readable)
		return rc;
	if (o->verbose)
		log_note("indexes are built one after the other: %s",
		    why.text);
	return run_psql(p, o, programs, t, e);
}

/* -- the database's own ------------------------------------------------- */

/* Append the numbers of the entries of all that are not in other. */
static void
put_others(const char *all, const char *other, struct buf *out)
{
	const char *end;
	size_t n;

	for (; *all != '\0'; all = end + (*end == '\n')) {
		end = all + strcspn(all, "\n");
		n = strspn(all, "0123456789");
		/* both lists have the same order */
		if (strncmp(all, other, (size_t)(end - all)) == 0)
			other += (size_t)(end - all) + (*end == '\n');
		else if (n > 0)
			buf_printf(out, "%.*s\n", (int)n, all);
		else
			other += strcspn(other, "\n") + 1;
	}
}

int
post_properties(const struct post *p, const struct options *o,
	const struct programs *programs, struct buf *out, struct err *e)
{
	struct buf all = BUF_INIT(IDS_BYTES), other = BUF_INIT(IDS_BYTES);
	struct buf ids = BUF_INIT(IDS_BYTES);
	const char *argv[ARGS_MAX] = { programs->restore, "--create",
		"--file=-" };
	static const char *const env[] = { "PGPASSWORD", NULL };
	struct child_spawn how = { .argv = argv, .env = env, .out = -1 };
	size_t n = 3;
	int rc = 0;

	n += put_options(p, o, argv + n);
	if (p->is_readable) {
		rc = list(p, programs, NULL, &other, e);
		if (rc == 0)
			rc = list(p, programs, "--create", &all, e);
		put_others(buf_text(&all), buf_text(&other), &ids);
		if (rc == 0)
			rc = buf_check(&ids, "a list for pg_restore", e);
	}
	if (rc == 0 && ids.len > 0)
		rc = run_list(p, &how, argv + n, &ids, out, e);
	buf_free(&all);
	buf_free(&other);
	buf_free(&ids);
	return rc;
}
