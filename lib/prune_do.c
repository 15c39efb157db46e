/*
 * Deletions go in batches, and each decision is said when its batch has been
 * done, so that what was said is true whenever we end.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "os.h"
#include "prune_private.h"
#include "utc.h"

#define PATHS_MAX (16 << 20)
#define REASONS_MAX (4 << 20)
#define NO_REASON SIZE_MAX

struct batch {
	const char *bucket;	/* NULL: files */
	size_t len;
	struct buf paths;	/* each with its terminator */
	size_t path_at[S3_DELETE_MAX];
	const char *keys[S3_DELETE_MAX];
	struct buf reasons;	/* of failures, likewise */
	size_t reason_at[S3_DELETE_MAX];
};

static void
reset(struct batch *b)
{
	b->bucket = NULL;
	b->len = 0;
	buf_reset(&b->paths);
	buf_reset(&b->reasons);
}

static int
add(struct prune *p, struct batch *b, uint32_t folder, const char *text,
	struct err *e)
{
	b->bucket = catalog_folder(p->catalog, folder)->bucket;
	b->path_at[b->len] = b->paths.len;
	b->reason_at[b->len] = NO_REASON;
	prune_put_path(p, &b->paths, folder, text);
	buf_put(&b->paths, "", 1);
	b->len++;
	return buf_check(&b->paths, "a batch of keys", e);
}

/* Note why the key of that number is still there; the first reason counts. */
static void
failed(size_t i, const char *why, void *ctx)
{
	struct batch *b = ctx;

	if (i >= b->len || b->reason_at[i] != NO_REASON)
		return;
	b->reason_at[i] = b->reasons.len;
	buf_puts(&b->reasons, why);
	buf_put(&b->reasons, "", 1);
}

static int
delete_files(struct batch *b, struct err *e)
{
	struct err why;
	size_t i;

	for (i = 0; i < b->len; i++) {
		if (os_check_stop(e) != 0)
			break;
		if (os_unlink(b->keys[i], &why) != 0)
			failed(i, why.text, b);
	}
	if (i == b->len)
		return 0;
	for (; i < b->len; i++)
		failed(i, e->text, b);
	return -1;
}

static int
delete_keys(struct prune *p, struct batch *b, struct err *e)
{
	const struct s3_doomed what = { .bucket = b->bucket, .keys = b->keys,
		.count = b->len, .failed = failed, .ctx = b,
		.bypass_governance = p->options->bypass_governance };
	size_t i;
	int rc;

	rc = p->options->versions ? prune_delete_versions(p, &what, e) :
	    s3_delete(p->s3, &what, e);
	if (rc == 0)
		return 0;
	for (i = 0; i < b->len; i++)
		failed(i, e->text, b);
	return -1;
}

static int
delete_batch(struct prune *p, struct batch *b, struct err *e)
{
	size_t i;

	if (b->len == 0 || p->options->dry_run)
		return 0;
	for (i = 0; i < b->len; i++)
		b->keys[i] = b->paths.data + b->path_at[i];
	return p->s3 != NULL ? delete_keys(p, b, e) : delete_files(b, e);
}

/* Say what became of one that was to go, number i of the batch. */
static int
say_gone(struct prune *p, const struct batch *b, size_t i,
	const struct retain_item *item, struct err *e)
{
	const struct catalog_entry *entry = &p->entries[item->id];
	char reason[RETAIN_REASON_MAX];

	if (b->reason_at[i] == NO_REASON) {
		p->counts->deleted++;
		return prune_say(p, "delete", entry->folder, entry->text,
		    retain_reason(reason, item), e);
	}
	p->counts->failed++;
	return prune_say(p, "error", entry->folder, entry->text,
	    b->reasons.failed ? "not deleted" :
	    b->reasons.data + b->reason_at[i], e);
}

static int
say_kept(struct prune *p, const struct retain_item *item, struct err *e)
{
	const struct catalog_entry *entry = &p->entries[item->id];
	char reason[RETAIN_REASON_MAX];

	p->counts->kept++;
	p->counts->unsealed += item->why == RETAIN_IS_UNSEALED;
	p->counts->ahead += item->why == RETAIN_IS_AHEAD;
	return prune_say(p, "keep", entry->folder, entry->text,
	    retain_reason(reason, item), e);
}

/*
 * Delete the batch, then say items [from, to), among which it is. What failed
 * is said as well before the failure is returned.
 */
static int
finish_batch(struct prune *p, struct batch *b, size_t from, size_t to,
	struct err *e)
{
	int rc = delete_batch(p, b, e), said = 0;
	size_t i, n = 0;
	struct err other;

	for (i = from; i < to && said == 0; i++)
		said = p->items[i].why != 0 ?
		    say_kept(p, &p->items[i], &other) :
		    say_gone(p, b, n++, &p->items[i], &other);
	if (said == 0)
		said = prune_flush(p, &other);
	reset(b);
	if (rc == 0 && said != 0)
		*e = other;
	return rc != 0 ? rc : said;
}

static struct batch *
batch_new(struct err *e)
{
	struct batch *b = mem_new(1, sizeof(*b), e);

	if (b == NULL)
		return NULL;
	buf_init(&b->paths, PATHS_MAX);
	buf_init(&b->reasons, REASONS_MAX);
	return b;
}

static void
batch_free(struct batch *b)
{
	if (b == NULL)
		return;
	buf_free(&b->paths);
	buf_free(&b->reasons);
	free(b);
}

static const char *
bucket_of(const struct prune *p, uint32_t folder)
{
	return catalog_folder(p->catalog, folder)->bucket;
}

/* One request is for one bucket. */
static bool
fits(const struct prune *p, const struct batch *b, uint32_t folder)
{
	if (b->len == 0)
		return true;
	return b->len < S3_DELETE_MAX && (p->s3 == NULL ||
	    strcmp(b->bucket, bucket_of(p, folder)) == 0);
}

int
prune_carry_out(struct prune *p, struct err *e)
{
	struct batch *b = batch_new(e);
	size_t i, from = 0;
	int rc = b == NULL ? -1 : 0;

	for (i = 0; i < p->planned && rc == 0; i++) {
		const struct catalog_entry *entry =
		    &p->entries[p->items[i].id];

		if (p->items[i].why != 0)
			continue;
		if (!fits(p, b, entry->folder)) {
			rc = finish_batch(p, b, from, i, e);
			from = i;
		}
		if (rc == 0)
			rc = add(p, b, entry->folder, entry->text, e);
	}
	if (rc == 0)
		rc = finish_batch(p, b, from, p->planned, e);
	batch_free(b);
	return rc;
}

/*
 * Remove a partial file unless somebody writes it. 1 done, 0 locked or gone,
 * -1 error. The lock is held until the name is gone.
 */
static int
sweep_file(const struct prune *p, const char *path, struct err *e)
{
	struct os_stat st;
	struct err ignored;
	int fd, rc;

	if (os_lstat(path, &st, e) != 0)
		return -1;
	if (st.kind != OS_FILE)
		return 0;
	if ((fd = os_open_read(path, e)) < 0)
		return -1;
	rc = os_lock(fd, e);
	if (rc == 1)	/* a writer may have put another in its place */
		rc = os_is_same_file(fd, path, e);
	if (rc == 1 && !p->options->dry_run && os_unlink(path, e) != 0)
		rc = -1;
	(void)os_close(fd, &ignored);
	return rc;
}

static int
sweep_upload(const struct prune *p, const struct catalog_leftover *l,
	const char *path, struct err *e)
{
	struct s3_name name = { bucket_of(p, l->folder), path };

	if (p->options->dry_run)
		return 1;
	return s3_abort_listed(p->s3, &name, l->upload_id, e) == 0 ? 1 : -1;
}

static int
sweep(struct prune *p, const struct catalog_leftover *l, struct err *e)
{
	struct buf path = BUF_INIT(PATHS_MAX);
	char date[UTC_TEXT], reason[UTC_TEXT + 64];
	struct err why = ERR_INIT;
	int rc;

	prune_put_path(p, &path, l->folder, l->text);
	rc = buf_check(&path, "a path", &why);
	if (rc == 0)
		rc = l->upload_id != NULL ?
		    sweep_upload(p, l, buf_text(&path), &why) :
		    sweep_file(p, buf_text(&path), &why);
	buf_free(&path);
	if (rc == 0)
		return 0;
	if (rc < 0) {
		p->counts->failed++;
		return prune_say(p, "error", l->folder, l->text, why.text, e);
	}
	p->counts->deleted++;
	(void)snprintf(reason, sizeof(reason), "%s of %s, never finished",
	    l->upload_id != NULL ? "upload" : "partial file",
	    utc_format_iso(date, l->time));
	return prune_say(p, "delete", l->folder, l->text, reason, e);
}

int
prune_clear_leftovers(struct prune *p, struct err *e)
{
	const struct catalog_leftover *all;
	size_t len, i;
	int rc = 0;

	all = catalog_leftovers(p->catalog, &len);
	for (i = 0; i < len && rc == 0; i++) {
		if (all[i].time >= p->options->now - PRUNE_LEFTOVER_AGE)
			continue;
		if ((rc = os_check_stop(e)) == 0)
			rc = sweep(p, &all[i], e);
	}
	return rc;
}
