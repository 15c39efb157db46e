/*
 * gzverify lets the seal out last, so whoever waits for it runs nothing of a
 * stream whose beginning alone has come.
 */
#include "check.h"
#include "sealedtext.h"

static int
take_text(void *ctx, const struct check_text *t, struct err *e)
{
	struct buf *out = ctx;

	buf_put(out, t->data, t->len);
	return buf_check(out, "the text", e);
}

int
sealedtext_read(int fd, struct buf *out, struct err *e)
{
	struct check c = { .name = "standard input", .jobs = 1,
		.hooks = { .ctx = out, .ordered = ~0u, .text = take_text } };
	int rc = check_stream(&c, fd, e);

	if (rc == 0 && !c.sealed)
		rc = err_set(e, ERR_VERDICT, "'%s' is not sealed", c.name);
	check_free(&c);
	return rc;
}
