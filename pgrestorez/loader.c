/*
 * A text of rows is a COPY statement, the rows, and a line "\." that ends
 * them; a large one comes in pieces, cut anywhere.
 */
#include <stdlib.h>
#include <string.h>

#include "copyhead.h"
#include "copyin.h"
#include "loader.h"
#include "mem.h"

#define SQL_MAX ((size_t)1 << 30)
#define END "\\.\n"
#define END_LEN 3

struct loader {
	struct pg *conn;
	struct copyin *copy;
	struct buf part;	/* text that waits for more */
	bool in_rows;		/* the member's head has been read */
	char tail[END_LEN];	/* held back: may be the end */
	size_t tail_len;
	bool failed;
	struct err why;
};

struct loader *
loader_new(struct pg *conn, bool may_freeze, struct err *e)
{
	struct loader *l = mem_new(1, sizeof(*l), e);

	if (l == NULL)
		return NULL;
	l->conn = conn;
	buf_init(&l->part, SQL_MAX);
	if ((l->copy = copyin_new(conn, may_freeze, e)) == NULL) {
		loader_free(l);
		return NULL;
	}
	return l;
}

void
loader_free(struct loader *l)
{
	if (l == NULL)
		return;
	copyin_free(l->copy);
	buf_free(&l->part);
	free(l);
}

/* -- rows --------------------------------------------------------------- */

int
loader_finish(struct loader *l, struct err *e)
{
	return copyin_finish(l->copy, e);
}

/* All but the last three bytes so far. */
static int
put_piece(struct loader *l, const char *rows, size_t len, struct err *e)
{
	size_t keep = len < END_LEN ? len : END_LEN, out;

	if (len == 0)	/* the last piece may be that */
		return 0;
	out = l->tail_len + keep > END_LEN ? l->tail_len + keep - END_LEN : 0;
	if (copyin_put_piece(l->copy, l->tail, out, e) != 0 ||
	    copyin_put_piece(l->copy, rows, len - keep, e) != 0)
		return -1;
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
	bool ends = l->tail_len == END_LEN &&
	    memcmp(l->tail, END, END_LEN) == 0;

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
	struct copyhead parts;
	long head;

	if (l->part.len > 0) {
		buf_put(&l->part, text, len);
		text = buf_text(&l->part);
		len = l->part.len;
	}
	head = copyhead_scan(&parts, text, len);
	if (head < 0)
		return not_rows(e);
	if (head == 0 && l->part.len == 0)
		buf_put(&l->part, text, len);
	if (buf_check(&l->part, "a list of columns", e) != 0)
		return -1;
	return head;
}

/* Take the head off the text. Returns 1: rows follow, 0: more is needed, -1. */
static int
take_head(struct loader *l, const struct check_text *t, const char **text,
	size_t *len, struct err *e)
{
	long head = read_head(l, t, e);

	if (head < 0)
		return -1;
	if (head == 0)
		return t->ends ? not_rows(e) : 0;
	if (l->part.len > 0) {
		*text = buf_text(&l->part);
		*len = l->part.len;
	}
	if (copyin_into(l->copy, *text, (size_t)head, e) != 0)
		return -1;
	*text += head;
	*len -= (size_t)head;
	return 1;
}

/* All rows of a member, and their end. */
static int
put_whole(struct loader *l, const char *rows, size_t len, struct err *e)
{
	if (len < END_LEN ||
	    memcmp(rows + len - END_LEN, END, END_LEN) != 0)
		return not_rows(e);
	return copyin_put_rows(l->copy, rows, len - END_LEN, e);
}

static int
load_rows(struct loader *l, const struct check_text *t, struct err *e)
{
	const char *text = t->data;
	size_t len = t->len;
	bool whole = !l->in_rows && t->ends;
	int rc;

	if (!l->in_rows && (rc = take_head(l, t, &text, &len, e)) <= 0)
		return rc;
	l->in_rows = !whole;
	rc = whole ? put_whole(l, text, len, e) : put_piece(l, text, len, e);
	buf_reset(&l->part);
	return rc == 0 && t->ends && !whole ? end_rows(l, e) : rc;
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

bool
loader_freezes(const struct loader *l)
{
	return copyin_freezes(l->copy);
}

int
loader_put(struct loader *l, const struct check_text *t, struct err *e)
{
	int rc;

	if (l->failed) {	/* maybe by a text that comes later */
		*e = l->why;
		return -1;
	}
	rc = t->kind == SEAL_DATA ? load_rows(l, t, e) : run_text(l, t, e);
	l->failed = rc != 0;
	if (l->failed)
		l->why = *e;
	return rc;
}
