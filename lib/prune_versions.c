/*
 * In a bucket with versions a deletion only hides an object. To be rid of it
 * for good, each of its versions has to be found and deleted by its id.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "prune_private.h"

#define TEXTS_MAX (4u << 20)

/* Versions on their way to one request. */
struct gathering {
	struct prune *p;
	const struct s3_doomed *what;	/* the objects */
	size_t at;			/* the one whose versions are listed */
	size_t count;
	size_t owner[S3_DELETE_MAX];	/* of each version: number in what */
	size_t text_at[S3_DELETE_MAX];
	const char *keys[S3_DELETE_MAX];
	const char *versions[S3_DELETE_MAX];
	struct buf texts;
};

static void
on_failed(size_t i, const char *why, void *ctx)
{
	struct gathering *g = ctx;

	g->what->failed(g->owner[i], why, g->what->ctx);
}

static int
flush(struct gathering *g, struct err *e)
{
	struct s3_doomed versions = { .bucket = g->what->bucket,
		.keys = g->keys, .versions = g->versions, .count = g->count,
		.bypass_governance = g->what->bypass_governance,
		.failed = on_failed, .ctx = g };
	size_t i;
	int rc;

	for (i = 0; i < g->count; i++)
		g->versions[i] = g->texts.data + g->text_at[i];
	rc = g->count > 0 ? s3_delete(g->p->s3, &versions, e) : 0;
	g->count = 0;
	buf_reset(&g->texts);
	return rc;
}

static int
on_version(const struct s3_listed_version *item, void *ctx, struct err *e)
{
	struct gathering *g = ctx;

	/* a longer key begins like that, too */
	if (strcmp(item->key, g->what->keys[g->at]) != 0)
		return 0;
	if (g->count == S3_DELETE_MAX && flush(g, e) != 0)
		return -1;
	g->owner[g->count] = g->at;
	g->keys[g->count] = g->what->keys[g->at];
	g->text_at[g->count++] = g->texts.len;
	buf_puts(&g->texts, item->version);
	buf_put(&g->texts, "", 1);
	return buf_check(&g->texts, "the ids of versions", e);
}

int
prune_delete_versions(struct prune *p, const struct s3_doomed *what,
	struct err *e)
{
	struct gathering *g = mem_new(1, sizeof(*g), e);
	struct s3_list list = { what->bucket, NULL, NULL };
	int rc = 0;

	if (g == NULL)
		return -1;
	g->p = p;
	g->what = what;
	buf_init(&g->texts, TEXTS_MAX);
	for (; rc == 0 && g->at < what->count; g->at++) {
		list.prefix = what->keys[g->at];
		rc = s3_list_versions(p->s3, &list, on_version, g, e);
	}
	if (rc == 0)
		rc = flush(g, e);
	buf_free(&g->texts);
	free(g);
	return rc;
}
