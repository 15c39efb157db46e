/*
 * The rows go to the server as they stand in the stream; only the line "\."
 * that ends a member's is left out, and so is a COPY that is open already.
 */
#include <stdlib.h>
#include <string.h>

#include "loader.h"
#include "mem.h"

#define HEAD_MAX ((size_t)4 << 20)	/* 1600 columns with long names */
#define SQL_MAX ((size_t)1 << 30)
#define END_LEN 3			/* "\.\n" */

struct loader {
	struct pg *conn;
	struct buf open;	/* the COPY that is open; empty: none */
	struct buf part;	/* text that waits for more */
	bool in_rows;		/* the member's head has been read */
	char tail[END_LEN];	/* held back: may be the end */
	size_t tail_len;
	bool failed;
};

struct loader *
loader_new(struct pg *conn, struct err *e)
{
	struct loader *l = mem_new(1, sizeof(*l), e);

	if (l == NULL)
		return NULL;
	l->conn = conn;
	buf_init(&l->open, HEAD_MAX);
	buf_init(&l->part, SQL_MAX);
	return l;
}

void
loader_free(struct loader *l)
{
	if (l == NULL)
		return;
	buf_free(&l->open);
	buf_free(&l->part);
	free(l);
}

long
loader_scan_head(const char *text, size_t len)
{
	static const char begins[] = "COPY ", ends[] = " FROM stdin";
	size_t i, n = strlen(ends);
	bool quoted = false;

	for (i = 0; i < len && i < strlen(begins); i++)
		if (text[i] != begins[i])
			return -1;
	for (; i < len && (quoted || text[i] != ';'); i++)
		if (text[i] == '"')
			quoted = !quoted;
	if (i + 1 >= len)
		return i > HEAD_MAX ? -1 : 0;
	if (text[i + 1] != '\n' || i < n + strlen(begins) ||
	    memcmp(text + i - n, ends, n) != 0)
		return -1;
	return (long)i + 2;
}

/* -- rows --------------------------------------------------------------- */

static int
fail(const struct loader *l, struct err *e)
{
	const char *name = buf_text(&l->open) + strlen("COPY ");
	char safe[256];
	size_t n;
	bool quoted = false;

	if (l->open.len == 0)
		return -1;
	for (n = 0; name[n] != '\0' && (quoted || name[n] != ' '); n++)
		if (name[n] == '"')
			quoted = !quoted;
	err_escape(safe, sizeof(safe), name, n);
	return err_context(e, "cannot load the rows of %s", safe);
}

int
loader_finish(struct loader *l, struct err *e)
{
	int rc = 0;

	if (l->open.len > 0 && pg_load_end(l->conn, e) != 0)
		rc = fail(l, e);
	buf_reset(&l->open);
	return rc;
}

static int
open_copy(struct loader *l, const char *head, size_t len, struct err *e)
{
	if (l->open.len == len && memcmp(l->open.data, head, len) == 0)
		return 0;
	if (loader_finish(l, e) != 0)
		return -1;
	buf_put(&l->open, head, len);
	if (buf_check(&l->open, "a list of columns", e) != 0 ||
	    pg_load_begin(l->conn, buf_text(&l->open), e) != 0)
		return fail(l, e);
	return 0;
}

/* All but the last three bytes so far. */
static int
put_rows(struct loader *l, const char *rows, size_t len, struct err *e)
{
	size_t keep = len < END_LEN ? len : END_LEN, out;

	out = l->tail_len + keep > END_LEN ? l->tail_len + keep - END_LEN : 0;
	if (pg_load_put(l->conn, l->tail, out, e) != 0 ||
	    pg_load_put(l->conn, rows, len - keep, e) != 0)
		return fail(l, e);
	memmove(l->tail, l->tail + out, l->tail_len - out);
	l->tail_len -= out;
	memcpy(l->tail + l->tail_len, rows + len - keep, keep);
	l->tail_len += keep;
	return 0;
}

static int
not_rows(struct err *e)
{
	return err_set(e, ERR_VERDICT, "a text of rows is not as pgdumpz "
	    "writes it");
}

static int
end_rows(struct loader *l, struct err *e)
{
	bool ends = l->in_rows && l->tail_len == END_LEN &&
	    memcmp(l->tail, "\\.\n", END_LEN) == 0;

	l->in_rows = false;
	l->tail_len = 0;
	return ends ? 0 : not_rows(e);
}

/* Until the head is whole. Returns its length, 0: more is needed, -1. */
static long
read_head(struct loader *l, const struct check_text *t, struct err *e)
{
	const char *text = t->data;
	size_t len = t->len;
	long head;

	if (l->part.len > 0) {
		buf_put(&l->part, text, len);
		text = buf_text(&l->part);
		len = l->part.len;
	}
	head = loader_scan_head(text, len);
	if (head < 0)
		return not_rows(e);
	if (head == 0 && l->part.len == 0)
		buf_put(&l->part, text, len);
	if (buf_check(&l->part, "a list of columns", e) != 0)
		return -1;
	return head;
}

static int
load_rows(struct loader *l, const struct check_text *t, struct err *e)
{
	const char *text = t->data;
	size_t len = t->len;
	long head;

	if (!l->in_rows && len > 0) {
		if ((head = read_head(l, t, e)) < 0)
			return -1;
		if (head == 0)
			return t->ends ? not_rows(e) : 0;
		if (l->part.len > 0) {
			text = buf_text(&l->part);
			len = l->part.len;
		}
		if (open_copy(l, text, (size_t)head, e) != 0)
			return -1;
		l->in_rows = true;
		text += head;
		len -= (size_t)head;
	}
	if (len > 0 && put_rows(l, text, len, e) != 0)
		return -1;
	buf_reset(&l->part);
	return t->ends ? end_rows(l, e) : 0;
}

/* -- statements --------------------------------------------------------- */

static int
run_text(struct loader *l, const struct check_text *t, struct err *e)
{
	int rc;

	if (loader_finish(l, e) != 0)
		return -1;
	buf_put(&l->part, t->data, t->len);
	rc = buf_check(&l->part, "a member", e);
	if (rc == 0 && t->ends) {
		rc = pg_exec(l->conn, buf_text(&l->part), e);
		if (rc != 0)
			(void)err_context(e, t->kind == SEAL_SERIAL ?
			    "cannot set the values of sequences" :
			    "cannot load large objects");
		buf_reset(&l->part);
	}
	return rc;
}

int
loader_put(struct loader *l, const struct check_text *t, struct err *e)
{
	int rc;

	if (l->failed)	/* the reason is that of an earlier member */
		return err_set(e, ERR_LOCAL, "the connection has failed");
	rc = t->kind == SEAL_DATA ? load_rows(l, t, e) : run_text(l, t, e);
	l->failed = rc != 0;
	return rc;
}
