/*
 * The order of things: seals, policy, deletions, leftovers. The plan is whole
 * before the first deletion.
 */
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "mem.h"
#include "os.h"
#include "prune_private.h"
#include "uri.h"

#define LINES_MAX (256 * 1024)
#define LINES_FULL (32 * 1024)
#define NAME_SHOWN_MAX 8192	/* a key of 1,024 bytes, all escaped, fits */

void
prune_append_options(struct opt *opts, struct prune_options *to)
{
	struct retain_policy *p = &to->policy;
	const struct opt common[PRUNE_OPT_COUNT] = {
		{ 0, "days", "N", OPT_COUNT, &p->days,
		    "keep what is at most N times 24 hours old" },
		{ 0, "keep-last", "N", OPT_COUNT, &p->keep_last,
		    "keep the N newest (at least and by default 1)" },
		{ 0, "daily", "N", OPT_COUNT, &p->daily,
		    "keep the newest of each of the N last days" },
		{ 0, "weekly", "N", OPT_COUNT, &p->weekly,
		    "likewise of weeks, from Monday on" },
		{ 0, "monthly", "N", OPT_COUNT, &p->monthly,
		    "likewise of months" },
		{ 0, "yearly", "N", OPT_COUNT, &p->yearly,
		    "likewise of years" },
		{ 0, "name", "NAME", OPT_TEXT, &to->name,
		    "only backups of this database" },
		{ 'n', "dry-run", NULL, OPT_FLAG, &to->dry_run,
		    "print the plan, delete nothing" },
	};

	while (opts->name != NULL)
		opts++;
	memcpy(opts, common, sizeof(common));
}

int
prune_check_options(const struct prune_options *options, struct err *e)
{
	if (options->name != NULL && options->name[0] == '\0')
		return err_set(e, ERR_USAGE, "--name is empty");
	return retain_check_policy(&options->policy, e);
}

void
prune_put_path(const struct prune *p, struct buf *out, uint32_t folder,
	const char *text)
{
	buf_puts(out, catalog_folder(p->catalog, folder)->path);
	buf_puts(out, text);
}

int
prune_flush(struct prune *p, struct err *e)
{
	int rc = buf_check(&p->lines, "the list of decisions", e);

	if (rc == 0 && p->lines.len > 0)
		rc = os_write(p->options->out, p->lines.data, p->lines.len, e);
	buf_reset(&p->lines);
	return rc;
}

int
prune_say(struct prune *p, const char *verb, uint32_t folder,
	const char *text, const char *reason, struct err *e)
{
	const char *bucket = catalog_folder(p->catalog, folder)->bucket;
	struct buf name = BUF_INIT(NAME_SHOWN_MAX * 8);
	char shown[NAME_SHOWN_MAX];
	int rc;

	if (p->options->full_names && bucket != NULL)
		buf_printf(&name, "s3://%s/", bucket);
	if (p->options->full_names)
		prune_put_path(p, &name, folder, text);
	else
		buf_puts(&name, text);
	rc = buf_check(&name, "a name", e);
	err_escape(shown, sizeof(shown), buf_text(&name), name.len);
	buf_free(&name);
	buf_printf(&p->lines, "%s\t%s\t", verb, shown);
	err_escape(shown, sizeof(shown), reason, strlen(reason));
	buf_printf(&p->lines, "%s\n", shown);
	if (rc == 0 && p->lines.len >= LINES_FULL)
		rc = prune_flush(p, e);
	return rc;
}

/* Leave out what is gone; items stay in the order of the entries. */
static void
drop_gone(struct prune *p)
{
	size_t i, n = 0;

	for (i = 0; i < p->len; i++)
		if (p->items[i].state != PRUNE_GONE)
			p->items[n++] = p->items[i];
	p->planned = n;
}

/* Apply the policy to each NAME of each folder by itself. */
static void
mark(struct prune *p)
{
	struct retain_set set;
	size_t i, end;

	for (i = 0; i < p->planned; i = end) {
		for (end = i; end < p->planned && catalog_same_set(
		    &p->entries[p->items[i].id],
		    &p->entries[p->items[end].id]); end++)
			;
		set.items = p->items + i;
		set.len = end - i;
		retain_mark(&set, &p->options->policy, p->options->now);
	}
}

static int
plan(struct prune *p, struct err *e)
{
	size_t i;

	p->entries = catalog_entries(p->catalog, &p->len);
	p->items = mem_new(p->len, sizeof(p->items[0]), e);
	if (p->items == NULL)
		return -1;
	for (i = 0; i < p->len; i++) {
		p->items[i].time = p->entries[i].time;
		p->items[i].id = (uint32_t)i;
	}
	if (prune_look_at_seals(p, e) != 0)
		return -1;
	drop_gone(p);
	mark(p);
	return 0;
}

int
prune_run(struct catalog *catalog, struct s3 *s3,
	const struct prune_options *options, struct prune_counts *counts,
	struct err *e)
{
	struct prune p = { catalog, s3, options, counts, NULL, 0, NULL, 0,
		BUF_INIT(LINES_MAX) };
	struct err other;
	int rc;

	memset(counts, 0, sizeof(*counts));
	rc = prune_check_options(options, e);
	if (rc == 0)
		rc = plan(&p, e);
	if (rc == 0)
		rc = prune_carry_out(&p, e);
	if (rc == 0)
		rc = prune_clear_leftovers(&p, e);
	/* what was done is said, whatever failed after it */
	if (prune_flush(&p, rc == 0 ? e : &other) != 0)
		rc = -1;
	if (rc == 0 && counts->failed > 0)
		rc = err_set(e, s3 != NULL ? ERR_REMOTE : ERR_LOCAL,
		    "could not delete %zu of %zu", counts->failed,
		    counts->failed + counts->deleted);
	buf_free(&p.lines);
	free(p.items);
	return rc;
}

void
prune_warn(const struct prune_counts *counts, const char *where)
{
	static const char *const plural[] = { "", "s" };

	if (strcmp(where, "-") != 0 &&
	    counts->kept + counts->deleted + counts->failed == 0)
		log_warn("there are no backups in '%s'", where);
	if (counts->unsealed > 0)
		log_warn("%zu backup%s without a seal: neither counted nor "
		    "deleted", counts->unsealed, plural[counts->unsealed > 1]);
	if (counts->ahead > 0)
		log_warn("%zu backup%s dated ahead of the clock: neither "
		    "counted nor deleted", counts->ahead,
		    plural[counts->ahead > 1]);
}
