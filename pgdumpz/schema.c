/*
 * pg_restore knows how to order, quote and grant; it is given the numbers of
 * what to write, and its text is passed on.
 */
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "hash.h"
#include "json.h"
#include "manifest.h"
#include "member.h"
#include "mem.h"
#include "num.h"
#include "os.h"
#include "schema.h"

#define TEXT_MAX ((size_t)1 << 30)
#define ARGS_MAX 64
#define LINE_BYTES 57			/* 76 characters of base64 */
#define READ_LINES 256
#define SCHEMA_LEVEL 7		/* 9: four times the work, 5 % smaller */

static const char begins[] = "--\n-- PostgreSQL database dump\n--\n\n";
static const char ends[] =
	"--\n-- PostgreSQL database dump complete\n--\n\n";

void
schema_strip(struct buf *text)
{
	size_t len = strlen(ends);
	char *p, *found = NULL;

	if (strncmp(buf_text(text), begins, strlen(begins)) == 0)
		buf_drop(text, strlen(begins));
	/* the last one: a function's body may hold the same lines */
	for (p = text->data; p != NULL && (p = strstr(p, ends)) != NULL;
	    p += len)
		found = p;
	if (found == NULL)
		return;
	memmove(found, found + len,
	    text->len - (size_t)(found - text->data) - len + 1);
	text->len -= len;
}

/* Run pg_restore for the entries of that kind. */
static int
restore(const struct schema_source *s, enum toc_kind kind,
	const char *const *extra, struct buf *out, struct err *e)
{
	static const char *const env[] = { "PGPASSWORD", NULL };
	const struct opt_list *options = &s->from->options->restore;
	const char *argv[ARGS_MAX] = { s->from->programs->restore, "--file=-", "" };
	struct child_spawn how = { argv, env, s->archive->fd, -1, -1 };
	struct buf list = BUF_INIT(TEXT_MAX), use_list = BUF_INIT(1 << 16);
	struct err ignored;
	size_t n = 3, i;
	int rc;

	for (; *extra != NULL; extra++)
		argv[n++] = *extra;
	for (i = 0; i < options->len && n < ARGS_MAX - 1; i++)
		argv[n++] = options->items[i];
	argv[n] = NULL;
	toc_put_list(&s->archive->toc, kind, &list);
	rc = buf_check(&list, "a list for pg_restore", e);
	if (rc == 0 && ((how.extra = child_put_file(&use_list, "--use-list=",
	    &list, 3, e)) < 0 || os_rewind(s->archive->fd, e) != 0))
		rc = -1;
	argv[2] = buf_text(&use_list);
	if (rc == 0)
		rc = child_run(&how, out, e);
	(void)os_close(how.extra, &ignored);
	buf_free(&list);
	buf_free(&use_list);
	return rc;
}

/* Append text to out as members, split at the ends of lines. */
static int
pack_text(struct buf *out, enum seal_kind kind, const char *text, size_t len,
	struct err *e)
{
	struct member m;
	const char *end;
	size_t n;
	int rc = member_init(&m, NULL, SCHEMA_LEVEL, e);

	m.kept = out;
	member_begin(&m, kind, "", "");
	for (; rc == 0 && len > 0; text += n, len -= n) {
		end = memchr(text, '\n', len);
		n = end != NULL ? (size_t)(end - text) + 1 : len;
		rc = member_add(&m, text, n, e);
	}
	if (rc == 0)
		rc = member_end(&m, e);
	member_free(&m);
	return rc;
}

/* pg_restore's text of a kind between two lines of our own. */
static int
make_section(const struct schema_source *s, enum toc_kind kind,
	const char *const *extra, const char *const lines[2], struct buf *out,
	struct err *e)
{
	struct buf text = BUF_INIT(TEXT_MAX), all = BUF_INIT(TEXT_MAX);
	int rc = restore(s, kind, extra, &text, e);

	if (rc == 0) {
		schema_strip(&text);
		buf_puts(&all, lines[0]);
		buf_put(&all, text.data, text.len);
		buf_puts(&all, lines[1]);
		rc = buf_check(&all, "the schema", e);
	}
	if (rc == 0)
		rc = pack_text(out, kind == TOC_PRE ? SEAL_PRE : SEAL_POST,
		    all.data, all.len, e);
	buf_free(&text);
	buf_free(&all);
	return rc;
}

/* {"pre":1,...}: whoever restores a stream needs this before its manifest. */
static int
put_pre_line(const struct schema_source *s, struct buf *out, struct err *e)
{
	static const char *const keys[] = { "server", "server_num", "database",
		"encoding", "collate", "ctype", "provider", "locale",
		"rules" };
	json_t *line = json_pack("{s:i, s:b}", "pre", 1,
	    "create", s->from->options->create), *value;
	size_t i;
	int rc;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if ((value = json_object_get(s->from->head, keys[i])) != NULL)
			(void)json_object_set(line, keys[i], value);
	rc = manifest_put_line(line, out, e);
	json_decref(line);
	return rc;
}

int
schema_make_pre(const struct schema_source *s, struct buf *out, struct err *e)
{
	struct buf head = BUF_INIT(1 << 16);
	const char *lines[2] = { NULL, "" };
	const char *extra[] = { "--no-privileges", NULL };
	int rc;

	buf_puts(&head, "-- PostgreSQL database, dumped by pgdumpz "
	    PGDUMPZ_VERSION "; gzverify tells whether it is whole\n");
	rc = put_pre_line(s, &head, e);
	buf_putc(&head, '\n');
	lines[0] = buf_text(&head);
	if (s->from->options->create)	/* with the privileges on it */
		extra[0] = "--create";
	if (rc == 0)
		rc = make_section(s, TOC_PRE, extra, lines, out, e);
	buf_free(&head);
	return rc;
}

int
schema_make_post(const struct schema_source *s, struct buf *out, struct err *e)
{
	static const char *const lines[2] = { "\n",
		"\n-- end of the database, dumped by pgdumpz\n" };
	static const char *const extra[] = { NULL };

	return make_section(s, TOC_POST, extra, lines, out, e);
}

/* -- sequences ---------------------------------------------------------- */

/* A string literal: 'it''s'. Returns what follows it. */
static const char *
scan_literal(const char *p, struct buf *out)
{
	if (*p++ != '\'')
		return NULL;
	for (; *p != '\0'; p++) {
		if (*p == '\'' && *++p != '\'')
			return p;
		buf_putc(out, *p);
	}
	return NULL;
}

static const char *
scan_last(const char *p, int64_t *last)
{
	bool negative = *p == '-';
	uint64_t n;
	size_t len;

	p += negative;
	len = strspn(p, "0123456789");
	if (len == 0 || num_parse_u64_len(p, len, &n) != 0)
		return NULL;
	*last = (int64_t)(negative ? 0 - n : n);
	return p + len;
}

/* p stands behind "SELECT pg_catalog.setval(". */
static const char *
scan_setval(const char *p, struct schema_setval *v, struct buf *name)
{
	if ((p = scan_literal(p, name)) == NULL || strncmp(p, ", ", 2) != 0 ||
	    (p = scan_last(p + 2, &v->last)) == NULL)
		return NULL;
	v->called = strncmp(p, ", true);\n", 9) == 0;
	if (!v->called && strncmp(p, ", false);\n", 10) != 0)
		return NULL;
	return p + (v->called ? 9 : 10);
}

int
schema_next_setval(const char **at, struct schema_setval *v, struct buf *name)
{
	static const char start[] = "SELECT pg_catalog.setval(";
	const char *p = *at, *end;

	while (*p != '\0' && strncmp(p, start, strlen(start)) != 0) {
		p += strcspn(p, "\n");
		p += *p == '\n';
	}
	if (*p == '\0')
		return 0;
	if ((end = scan_setval(p + strlen(start), v, name)) == NULL)
		return -1;
	v->sql = p;
	v->len = (size_t)(end - p);
	*at = end;
	return 1;
}

static int
add_sequence(json_t *sequences, const struct schema_setval *v,
	const char *name, const char *encoding, struct err *e)
{
	json_t *one = json_object();

	(void)json_object_set_new(one, "sequence", json_name(name, encoding));
	(void)json_object_set_new(one, "last", json_integer(v->last));
	(void)json_object_set_new(one, "called", json_boolean(v->called));
	if (json_object_size(one) == 3 &&
	    json_array_append_new(sequences, one) == 0)
		return 0;
	json_decref(one);
	return err_set(e, ERR_LOCAL, "no memory for a sequence");
}

/* Statements alone: pg_restore's header would unset what a session has set. */
int
schema_make_serial(const struct schema_source *s, struct buf *out,
	json_t *sequences, struct err *e)
{
	static const char *const extra[] = { NULL };
	struct buf text = BUF_INIT(TEXT_MAX), sql = BUF_INIT(TEXT_MAX);
	struct buf name = BUF_INIT(1 << 16);
	struct schema_setval v;
	const char *at;
	int rc, more = 1;

	if (!toc_has(&s->archive->toc, TOC_SEQUENCE))
		return 0;
	rc = restore(s, TOC_SEQUENCE, extra, &text, e);
	at = buf_text(&text);
	while (rc == 0 && (more = schema_next_setval(&at, &v, &name)) > 0) {
		buf_put(&sql, v.sql, v.len);
		rc = add_sequence(sequences, &v, buf_text(&name),
		    s->from->encoding, e);
		buf_reset(&name);
	}
	if (rc == 0 && more < 0)
		rc = err_set(e, ERR_LOCAL, "cannot understand pg_restore's "
		    "setval()");
	if (rc == 0)
		rc = buf_check(&sql, "the values of sequences", e);
	if (rc == 0 && sql.len > 0)
		rc = pack_text(out, SEAL_SERIAL, sql.data, sql.len, e);
	buf_free(&text);
	buf_free(&sql);
	buf_free(&name);
	return rc;
}

/* -- the archive -------------------------------------------------------- */

/*
 * {"archive":1,"bytes":N,"options":[OPTIONS],"post":[IDS]}. The options are
 * few and hold no value, so none needs quoting.
 */
static void
put_archive_head(const struct schema_source *s, struct buf *out)
{
	const struct opt_list *options = &s->from->options->restore;
	const struct toc *toc = &s->archive->toc;
	const char *comma = "";
	size_t i;

	buf_printf(out, "-- pgdumpz: {\"archive\":1,\"bytes\":%llu,"
	    "\"options\":[", (unsigned long long)s->archive->size);
	for (i = 0; i < options->len; i++)
		buf_printf(out, "%s\"%s\"", i > 0 ? "," : "",
		    options->items[i]);
	buf_puts(out, "],\"post\":[");
	for (i = 0; i < toc->len; i++) {
		if (toc->entries[i].kind != TOC_POST)
			continue;
		buf_printf(out, "%s%llu", comma,
		    (unsigned long long)toc->entries[i].id);
		comma = ",";
	}
	buf_puts(out, "]}\n");
}

static void
put_base64(struct buf *out, const uint8_t *bytes, size_t len)
{
	char line[4 * ((LINE_BYTES + 2) / 3) + 1];
	size_t at, n;

	for (at = 0; at < len; at += n) {
		n = len - at < LINE_BYTES ? len - at : LINE_BYTES;
		buf_puts(out, "-- ");
		buf_puts(out, hash_base64(line, bytes + at, n));
		buf_putc(out, '\n');
	}
}

int
schema_make_archive(const struct schema_source *s, struct buf *out,
	struct err *e)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	uint8_t bytes[LINE_BYTES * READ_LINES];
	uint64_t at = 0;
	ssize_t n;
	int rc;

	put_archive_head(s, &text);
	while ((n = os_pread(s->archive->fd, bytes, sizeof(bytes), at,
	    e)) > 0) {
		put_base64(&text, bytes, (size_t)n);
		at += (uint64_t)n;
	}
	rc = n < 0 ? -1 : buf_check(&text, "the archive", e);
	if (rc == 0)
		rc = pack_text(out, SEAL_ARCHIVE, text.data, text.len, e);
	buf_free(&text);
	return rc;
}
