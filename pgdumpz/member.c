/*
 * A megabyte is enough for a good compression, and small enough for the
 * processor's cache and for a reader that checks many at once.
 */
#include <string.h>

#include "member.h"

#define LIMIT ((size_t)3 << 30)		/* a row is at most 1 GiB of COPY */
#define KEEP (4 * MEMBER_TEXT)		/* memory that stays between rows */

int
member_init(struct member *m, struct seal_writer *out, int level,
	struct err *e)
{
	memset(m, 0, sizeof(*m));
	buf_init(&m->text, LIMIT);
	buf_init(&m->packed, LIMIT);
	m->out = out;
	m->head = m->foot = "";
	return (m->packer = seal_packer_new(level, e)) != NULL ? 0 : -1;
}

void
member_free(struct member *m)
{
	seal_packer_free(m->packer);
	buf_free(&m->text);
	buf_free(&m->packed);
}

void
member_begin(struct member *m, enum seal_kind kind, const char *head,
	const char *foot)
{
	m->kind = kind;
	m->head = head;
	m->foot = foot;
	buf_reset(&m->text);
}

int
member_add(struct member *m, const void *text, size_t len, struct err *e)
{
	if (m->text.len > 0 && m->text.len + len > MEMBER_TEXT &&
	    member_end(m, e) != 0)
		return -1;
	if (m->text.len == 0)
		buf_puts(&m->text, m->head);
	buf_put(&m->text, text, len);
	return m->text.failed ? buf_check(&m->text, "a row", e) : 0;
}

static int
deliver(struct member *m, struct err *e)
{
	if (m->out != NULL)
		return seal_writer_put(m->out, m->packed.data, m->packed.len,
		    e);
	buf_put(m->kept, m->packed.data, m->packed.len);
	return buf_check(m->kept, "the schema", e);
}

int
member_end(struct member *m, struct err *e)
{
	int rc;

	if (m->text.len == 0)
		return 0;
	buf_puts(&m->text, m->foot);
	rc = buf_check(&m->text, "a row", e);
	buf_reset(&m->packed);
	if (rc == 0)
		rc = seal_pack(m->packer, m->kind, m->text.data, m->text.len,
		    &m->packed, e);
	buf_reset(&m->text);
	if (m->text.cap > KEEP)
		buf_free(&m->text);
	if (rc == 0)
		rc = deliver(m, e);
	if (m->packed.cap > KEEP)
		buf_free(&m->packed);
	m->written += rc == 0;
	return rc;
}
