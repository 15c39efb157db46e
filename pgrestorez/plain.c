/*
 * The text of pg_dump, run by psql as it comes. Its last lines tell whether it
 * is all there; they are looked for when it has been run.
 */
#include <stdlib.h>

#include "mem.h"
#include "os.h"
#include "progress.h"
#include "restore_private.h"

#define BLOCK_SIZE ((size_t)256 << 10)

static int
run_text(struct restore *r, const char *text, size_t len, struct err *e)
{
	dumptext_feed(&r->foreign.text, text, len);
	return feed_put(r->feed, text, len, e);
}

static int
take_text(void *ctx, const struct check_text *t, struct err *e)
{
	return run_text(ctx, t->data, t->len, e);
}

/* Gzip, sealed by gzverify or not, is checked on its way. */
static int
run_gzip(struct restore *r, struct err *e)
{
	r->check.hooks = (struct check_hooks){ .ctx = r, .text = take_text };
	return restore_read(r, e);
}

static int
run_plain(struct restore *r, struct err *e)
{
	struct progress progress;
	char *block = mem_new(BLOCK_SIZE, 1, e);
	uint64_t done = r->head.len;
	ssize_t n = 1;
	int rc;

	if (block == NULL)
		return -1;
	progress_start(&progress, 0);
	rc = run_text(r, r->head.data, r->head.len, e);
	while (rc == 0 && (n = os_read(STDIN, block, BLOCK_SIZE, e)) > 0) {
		done += (uint64_t)n;
		progress_show(&progress, done, NULL);
		rc = run_text(r, block, (size_t)n, e);
	}
	free(block);
	return n < 0 ? -1 : rc;
}

int
plain_restore(struct restore *r, struct err *e)
{
	struct target_locale how = { .encoding = NULL };
	bool is_gzip = r->foreign.make == FOREIGN_GZIP;

	if (*r->foreign.encoding != '\0')
		how.encoding = r->foreign.encoding;
	if (target_create(&r->target, &how, e) != 0 ||
	    (r->feed = feed_start(&r->programs, r->target.place, r->options,
	    e)) == NULL ||
	    (is_gzip ? run_gzip(r, e) : run_plain(r, e)) != 0 ||
	    feed_end(r->feed, e) != 0)
		return -1;
	if (dumptext_is_whole(&r->foreign.text))
		return 0;
	(void)err_set(e, ERR_VERDICT, "the text lacks pg_dump's last lines: "
	    "it is not all there");
	return err_hint(e, "make a new dump; pg_dump, or what carried its "
	    "text, has failed");
}
