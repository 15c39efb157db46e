/*
 * What can't be right is found before the stream is read, not at its end.
 * Limits: Amazon S3 User Guide, "Working with object metadata", "Categorizing
 * your objects using tags", "Locking objects with Object Lock".
 */
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "storage.h"
#include "uri.h"
#include "utc.h"

#define META "x-amz-meta-"
#define META_MAX 2048		/* names and values together */
#define TAGS_MAX 10
#define TAG_KEY_MAX 128
#define TAG_VALUE_MAX 256
#define LOCK_DAYS_MAX 36500
#define DAY_SECONDS 86400
#define SSE "x-amz-server-side-encryption"

void
storage_append_options(struct opt *opts, struct storage_options *to)
{
	const struct opt own[STORAGE_OPT_COUNT] = {
		{ 0, "storage-class", "CLASS", OPT_TEXT, &to->storage_class,
		    "such as STANDARD_IA (as the bucket says)" },
		{ 0, "sse", "HOW", OPT_TEXT, &to->sse,
		    "let the server encrypt: AES256 or aws:kms" },
		{ 0, "sse-kms-key-id", "KEY", OPT_TEXT, &to->kms_key,
		    "the key for aws:kms" },
		{ 0, "bucket-key", NULL, OPT_FLAG, &to->bucket_key,
		    "derive it from a key of the bucket: fewer calls\n"
		    "of KMS" },
		{ 0, "lock-mode", "MODE", OPT_TEXT, &to->lock_mode,
		    "lock the object: GOVERNANCE or COMPLIANCE" },
		{ 0, "lock-days", "N", OPT_COUNT, &to->lock_days,
		    "for N times 24 hours" },
		{ 0, "lock-until", "DATE", OPT_TEXT, &to->lock_until,
		    "until then: YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ" },
		{ 0, "legal-hold", NULL, OPT_FLAG, &to->legal_hold,
		    "lock it until the hold is taken away" },
		{ 0, "tag", "KEY=VALUE", OPT_LIST, &to->tags,
		    "a tag of the object; up to ten times" },
		{ 0, "metadata", "KEY=VALUE", OPT_LIST, &to->metadata,
		    "metadata of the object; as often as needed" },
		{ 0, "content-type", "TYPE", OPT_TEXT, &to->content_type,
		    "instead of application/gzip" },
	};

	while (opts->name != NULL)
		opts++;
	memcpy(opts, own, sizeof(own));
}

void
storage_free_options(struct storage_options *o)
{
	opt_list_free(&o->tags);
	opt_list_free(&o->metadata);
}

static int
add(struct storage *s, const char *option, const char *name,
	const char *value, struct err *e)
{
	if (value == NULL)
		return 0;
	if (s->asked.count == S3_STORAGE_MAX)
		return err_set(e, ERR_USAGE, "%s: too many", option);
	s->headers[s->asked.count++] =
	    (struct s3_header){ name, value, option };
	return 0;
}

/* Keep a text that was made; NULL on failure. */
static const char *
keep(struct storage *s, const char *text, struct err *e)
{
	if (opt_list_add(&s->texts, text, e) != 0)
		return NULL;
	return s->texts.items[s->texts.len - 1];
}

/* -- object lock -------------------------------------------------------- */

static int
parse_date(const char *text, int64_t *seconds)
{
	char whole[UTC_TEXT];

	if (strlen(text) != strlen("2026-01-31"))
		return utc_parse_iso(text, seconds);
	(void)snprintf(whole, sizeof(whole), "%sT00:00:00Z", text);
	return utc_parse_iso(whole, seconds);
}

static int
end_of_lock(const struct storage_options *o, int64_t now, int64_t *until,
	struct err *e)
{
	if (o->lock_days > LOCK_DAYS_MAX)
		return err_set(e, ERR_USAGE, "--lock-days: at most %d",
		    LOCK_DAYS_MAX);
	if (o->lock_until == NULL) {
		*until = now + (int64_t)o->lock_days * DAY_SECONDS;
		return 0;
	}
	if (parse_date(o->lock_until, until) != 0)
		return err_set(e, ERR_USAGE, "--lock-until: '%s' is no date "
		    "such as 2027-01-31", o->lock_until);
	if (*until <= now)
		return err_set(e, ERR_USAGE, "--lock-until: '%s' is over",
		    o->lock_until);
	return 0;
}

static int
add_lock(struct storage *s, const struct storage_options *o, int64_t now,
	struct err *e)
{
	bool has_end = o->lock_days != 0 || o->lock_until != NULL;
	char date[UTC_TEXT];
	const char *kept;
	int64_t until = 0;

	if (o->legal_hold && add(s, "--legal-hold",
	    "x-amz-object-lock-legal-hold", "ON", e) != 0)
		return -1;
	if (o->lock_days != 0 && o->lock_until != NULL)
		return err_set(e, ERR_USAGE,
		    "--lock-days and --lock-until are both given");
	if (o->lock_mode == NULL && !has_end)
		return 0;
	if (o->lock_mode == NULL)
		return err_set(e, ERR_USAGE, "a lock needs its --lock-mode");
	if (strcmp(o->lock_mode, "GOVERNANCE") != 0 &&
	    strcmp(o->lock_mode, "COMPLIANCE") != 0)
		return err_set(e, ERR_USAGE, "--lock-mode: '%s' is neither "
		    "GOVERNANCE nor COMPLIANCE", o->lock_mode);
	if (!has_end)
		return err_set(e, ERR_USAGE,
		    "--lock-mode needs --lock-days or --lock-until");
	if (end_of_lock(o, now, &until, e) != 0 ||
	    (kept = keep(s, utc_format_iso(date, until), e)) == NULL ||
	    add(s, "--lock-mode", "x-amz-object-lock-mode", o->lock_mode,
	    e) != 0)
		return -1;
	return add(s, "--lock-mode", "x-amz-object-lock-retain-until-date",
	    kept, e);
}

/* -- tags and metadata -------------------------------------------------- */

/* One header for all of them, as a query string. */
static int
add_tags(struct storage *s, const struct opt_list *tags, struct err *e)
{
	struct buf b = BUF_INIT(16 * 1024);
	const char *text = NULL, *equals;
	size_t i;
	int rc = -1;

	if (tags->len == 0)
		return 0;
	for (i = 0; i < tags->len; i++) {
		equals = strchr(tags->items[i], '=');
		if (equals == NULL || equals == tags->items[i] ||
		    i == TAGS_MAX || equals - tags->items[i] > TAG_KEY_MAX ||
		    strlen(equals + 1) > TAG_VALUE_MAX) {
			err_set(e, ERR_USAGE, "--tag: '%s' is not KEY=VALUE, "
			    "too long, or more than %d", tags->items[i],
			    TAGS_MAX);
			goto out;
		}
		if (i > 0)
			buf_putc(&b, '&');
		uri_encode(&b, tags->items[i],
		    (size_t)(equals - tags->items[i]), false);
		buf_putc(&b, '=');
		uri_encode(&b, equals + 1, strlen(equals + 1), false);
	}
	if (buf_check(&b, "the tags", e) == 0 &&
	    (text = keep(s, buf_text(&b), e)) != NULL)
		rc = add(s, "--tag", "x-amz-tagging", text, e);
out:
	buf_free(&b);
	return rc;
}

/* Header and value, each as HTTP can carry it unchanged. */
static bool
is_metadata(const char *text)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
	size_t len = strspn(text, allowed);
	const char *c;

	if (len == 0 || text[len] != '=')
		return false;
	for (c = text + len + 1; *c != '\0'; c++)
		if (*c < ' ' || *c > '~' || (*c == ' ' && (c[1] == ' ' ||
		    c[1] == '\0' || c[-1] == '=')))
			return false;
	return len + 1 < strlen(text) && strncmp(text, "pgdumpz-upload=",
	    len + 1) != 0;
}

static int
add_metadata(struct storage *s, const struct opt_list *metadata,
	struct err *e)
{
	char name[META_MAX + sizeof(META)];
	size_t i, total = 0;
	const char *text, *kept;

	for (i = 0; i < metadata->len; i++) {
		text = metadata->items[i];
		total += strlen(text) - 1;
		if (!is_metadata(text) || total > META_MAX) {
			err_set(e, ERR_USAGE, "--metadata: '%s' can't be "
			    "stored", text);
			return err_hint(e, "KEY=VALUE, KEY of a-z 0-9 . _ -, "
			    "VALUE of ASCII, %d bytes in all", META_MAX);
		}
		(void)snprintf(name, sizeof(name), META "%.*s",
		    (int)strcspn(text, "="), text);
		if ((kept = keep(s, name, e)) == NULL ||
		    add(s, "--metadata", kept, strchr(text, '=') + 1, e) != 0)
			return -1;
	}
	return 0;
}

/* -- all of it ----------------------------------------------------------- */

int
storage_make(struct storage *s, const struct storage_options *o, int64_t now,
	struct err *e)
{
	bool is_kms = o->sse != NULL && strncmp(o->sse, "aws:kms", 7) == 0;

	memset(s, 0, sizeof(*s));
	s->asked.headers = s->headers;
	s->asked.content_type = o->content_type;
	if ((o->kms_key != NULL || o->bucket_key) && !is_kms)
		return err_set(e, ERR_USAGE, "%s needs --sse aws:kms",
		    o->bucket_key ? "--bucket-key" : "--sse-kms-key-id");
	if (add(s, "--storage-class", "x-amz-storage-class",
	    o->storage_class, e) != 0 ||
	    add(s, "--sse", SSE, o->sse, e) != 0 ||
	    add(s, "--sse-kms-key-id", SSE "-aws-kms-key-id", o->kms_key,
	    e) != 0 ||
	    add(s, "--bucket-key", SSE "-bucket-key-enabled",
	    o->bucket_key ? "true" : NULL, e) != 0)
		return -1;
	if (add_lock(s, o, now, e) != 0 || add_tags(s, &o->tags, e) != 0)
		return -1;
	return add_metadata(s, &o->metadata, e);
}

void
storage_free(struct storage *s)
{
	opt_list_free(&s->texts);
}
