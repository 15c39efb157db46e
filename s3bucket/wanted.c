/*
 * Numbers that contradict each other would lose backups on the day that they
 * meet, so they are refused now.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "num.h"
#include "wanted.h"

#define DAYS_MAX 36500

void
wanted_append_options(struct opt *opts, struct wanted *to)
{
	const struct opt own[WANTED_OPT_COUNT] = {
		{ 0, "archive-days", "N", OPT_COUNT, &to->archive_days,
		    "archive backups after N days (30; 0: never)" },
		{ 0, "archive-class", "CLASS", OPT_TEXT, &to->archive_class,
		    "into this storage class (GLACIER)" },
		{ 0, "expire-days", "N", OPT_COUNT, &to->expire_days,
		    "delete them after N days (365; 0: never)" },
		{ 0, "noncurrent-days", "N", OPT_COUNT, &to->noncurrent_days,
		    "keep what was deleted or replaced for N days (30)" },
		{ 0, "abort-days", "N", OPT_COUNT, &to->abort_days,
		    "clear uploads that never ended after N days (7)" },
		{ 0, "sse", "HOW", OPT_TEXT, &to->sse,
		    "encryption by default: AES256 (the default) or\n"
		    "aws:kms" },
		{ 0, "sse-kms-key-id", "KEY", OPT_TEXT, &to->kms_key,
		    "the key for aws:kms" },
		{ 0, "retention-days", "N", OPT_COUNT, &to->retention_days,
		    "what s3prune keeps (RETENTION_DAYS)" },
		{ 0, "object-lock", NULL, OPT_FLAG, &to->object_lock,
		    "create: a bucket whose objects can be locked" },
		{ 'n', "dry-run", NULL, OPT_FLAG, &to->dry_run,
		    "apply: say what would be set, set nothing" },
	};

	while (opts->name != NULL)
		opts++;
	memcpy(opts, own, sizeof(own));
}

static int
check_days(const struct wanted *w, struct err *e)
{
	if (w->archive_days > DAYS_MAX || w->expire_days > DAYS_MAX ||
	    w->noncurrent_days > DAYS_MAX || w->abort_days > DAYS_MAX)
		return err_set(e, ERR_USAGE, "days: at most %d", DAYS_MAX);
	if (w->noncurrent_days == 0 || w->abort_days == 0)
		return err_set(e, ERR_USAGE, "--noncurrent-days and "
		    "--abort-days: at least 1");
	if (w->expire_days != 0 && w->archive_days >= w->expire_days)
		return err_set(e, ERR_USAGE, "--expire-days must be more than "
		    "--archive-days");
	return 0;
}

static int
find_retention(struct wanted *w, struct err *e)
{
	const char *text = getenv("RETENTION_DAYS");

	if (w->retention_days != 0 || text == NULL || text[0] == '\0')
		return 0;
	if (num_parse_u64(text, &w->retention_days) != 0)
		return err_set(e, ERR_USAGE, "RETENTION_DAYS '%s' is not a "
		    "number", text);
	return 0;
}

int
wanted_check_retention(const struct wanted *w, struct err *e)
{
	if (w->expire_days != 0 && w->retention_days > w->expire_days) {
		err_set(e, ERR_USAGE, "the bucket would delete backups after "
		    "%llu days, but retention keeps them for %llu",
		    (unsigned long long)w->expire_days,
		    (unsigned long long)w->retention_days);
		return err_hint(e, "give a larger --expire-days, or 0");
	}
	return 0;
}

int
wanted_settle(struct wanted *w, const char *text, struct err *e)
{
	struct buf prefix = BUF_INIT(2048);

	if (find_retention(w, e) != 0 || check_days(w, e) != 0)
		return -1;
	if (strcmp(w->sse, "AES256") != 0 && strncmp(w->sse, "aws:kms", 7) != 0)
		return err_set(e, ERR_USAGE, "--sse: '%s' is neither AES256 "
		    "nor aws:kms", w->sse);
	if (w->kms_key != NULL && strcmp(w->sse, "AES256") == 0)
		return err_set(e, ERR_USAGE,
		    "--sse-kms-key-id needs --sse aws:kms");
	if (uri_resolve(&w->where, text != NULL ? text : "",
	    getenv("S3_BUCKET"), e) != 0)
		return -1;
	buf_puts(&prefix, w->where.key);
	if (prefix.len > 0 && prefix.data[prefix.len - 1] != '/')
		buf_putc(&prefix, '/');
	if (buf_check(&prefix, "the prefix", e) == 0)
		w->prefix = mem_dup(buf_text(&prefix), e);
	buf_free(&prefix);
	return w->prefix != NULL ? 0 : -1;
}

void
wanted_free(struct wanted *w)
{
	uri_free(&w->where);
	free(w->prefix);
}
