/*
 * What can't be turned into the binary form for sure goes as it is: the server
 * gets both forms one after the other, and the table the same rows.
 */
#include <stdlib.h>
#include <string.h>

#include "binrows.h"
#include "columns.h"
#include "copyhead.h"
#include "copyin.h"
#include "freeze.h"
#include "mem.h"

#define ROWS_MAX ((size_t)128 << 20)	/* of a text of 8 MiB */
#define SEND_SIZE ((size_t)64 << 10)	/* fits a processor's cache */
#define LARGE ((size_t)64 << 10)	/* rows that are worth a question */

enum form { CLOSED, TEXT, BINARY };

struct copyin {
	struct pg *conn;
	bool may_freeze;
	struct buf head;	/* of the table, its newline included */
	enum form open;
	bool asked;		/* for the types of this table */
	bool frozen;		/* its rows are, in a transaction */
	binvalue_put *columns[COLUMNS_MAX];
	struct binrows rows;	/* n is 0: it is loaded by text */
	struct buf out;		/* rows in binary form */
};

struct copyin *
copyin_new(struct pg *conn, bool may_freeze, struct err *e)
{
	struct copyin *c = mem_new(1, sizeof(*c), e);

	if (c == NULL)
		return NULL;
	c->conn = conn;
	c->may_freeze = may_freeze;
	buf_init(&c->head, COPYHEAD_MAX);
	buf_init(&c->rows.scratch, ROWS_MAX);
	buf_init(&c->out, ROWS_MAX);
	c->rows.columns = c->columns;
	return c;
}

void
copyin_free(struct copyin *c)
{
	if (c == NULL)
		return;
	buf_free(&c->head);
	buf_free(&c->rows.scratch);
	buf_free(&c->out);
	free(c);
}

/* -- one COPY ----------------------------------------------------------- */

static int
fail(const struct copyin *c, struct err *e)
{
	struct copyhead parts;
	char safe[256];

	if (copyhead_scan(&parts, c->head.data, c->head.len) <= 0)
		return -1;
	err_escape(safe, sizeof(safe), parts.table, parts.table_len);
	return err_context(e, "cannot load the rows of %s", safe);
}

static int
end(struct copyin *c, struct err *e)
{
	int rc = 0;

	if (c->open == BINARY)
		rc = pg_load_put(c->conn, BINROWS_END, BINROWS_END_LEN, e);
	if (c->open != CLOSED && rc == 0)
		rc = pg_load_end(c->conn, e);
	c->open = CLOSED;
	return rc == 0 ? 0 : fail(c, e);
}

int
copyin_finish(struct copyin *c, struct err *e)
{
	bool frozen = c->frozen;

	c->frozen = false;
	if (end(c, e) != 0)
		return -1;
	return !frozen || freeze_end(c->conn, e) == 0 ? 0 : fail(c, e);
}

static int
open_copy(struct copyin *c, enum form form, struct err *e)
{
	static const char *const options[][2] = {
		[TEXT] = { "", " (FREEZE)" },
		[BINARY] = { " (FORMAT binary)", " (FORMAT binary, FREEZE)" },
	};
	struct buf sql = BUF_INIT(COPYHEAD_MAX + 64);
	int rc;

	buf_put(&sql, c->head.data, c->head.len - strlen(";\n"));
	buf_puts(&sql, options[form][c->frozen]);
	rc = buf_check(&sql, "a list of columns", e);
	if (rc == 0)
		rc = pg_load_begin(c->conn, buf_text(&sql), e);
	if (rc == 0 && form == BINARY)
		rc = pg_load_put(c->conn, BINROWS_HEAD, BINROWS_HEAD_LEN, e);
	buf_free(&sql);
	return rc;
}

/* Have it open in that form. */
static int
begin(struct copyin *c, enum form form, struct err *e)
{
	if (c->open == form)
		return 0;
	if (end(c, e) != 0)
		return -1;
	if (open_copy(c, form, e) != 0)
		return fail(c, e);
	c->open = form;
	return 0;
}

int
copyin_into(struct copyin *c, const char *head, size_t len, struct err *e)
{
	if (c->head.len == len && memcmp(c->head.data, head, len) == 0)
		return 0;
	if (copyin_finish(c, e) != 0)
		return -1;
	c->asked = false;
	c->rows.n = 0;
	buf_reset(&c->head);
	buf_put(&c->head, head, len);
	return buf_check(&c->head, "a list of columns", e);
}

bool
copyin_freezes(const struct copyin *c)
{
	return c->frozen;
}

/* -- rows --------------------------------------------------------------- */

int
copyin_put_piece(struct copyin *c, const char *text, size_t len,
	struct err *e)
{
	if (begin(c, TEXT, e) != 0)
		return -1;
	return pg_load_put(c->conn, text, len, e) == 0 ? 0 : fail(c, e);
}

/* As many of the rows as can be; *done is how much of the text that was. */
static int
put_binary(struct copyin *c, const char *rows, size_t len, size_t *done,
	struct err *e)
{
	*done = 0;
	if (begin(c, BINARY, e) != 0)
		return -1;
	do {
		buf_reset(&c->out);
		*done += binrows_put(&c->rows, rows + *done, len - *done,
		    &c->out, SEND_SIZE);
		if (pg_load_put(c->conn, buf_text(&c->out), c->out.len,
		    e) != 0)
			return fail(c, e);
	} while (c->out.len >= SEND_SIZE);
	return 0;
}

int
copyin_put_rows(struct copyin *c, const char *rows, size_t len,
	struct err *e)
{
	size_t done;

	if (!c->asked && len >= LARGE) {
		if (copyin_finish(c, e) != 0)
			return -1;
		c->asked = true;
		c->rows.n = columns_ask(c->conn, buf_text(&c->head),
		    c->columns);
		c->frozen = c->may_freeze &&
		    freeze_begin(c->conn, buf_text(&c->head));
	}
	if (c->rows.n > 0) {
		if (put_binary(c, rows, len, &done, e) != 0)
			return -1;
		if (done == len)
			return 0;
		/* the next rows are likely to be the same */
		c->rows.n = 0;
		rows += done;
		len -= done;
	}
	return copyin_put_piece(c, rows, len, e);
}
