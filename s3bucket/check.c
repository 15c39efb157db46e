/*
 * A gap is told by what it would cost, not by the name of a setting.
 */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "lifecycle.h"
#include "report.h"
#include "s3xml.h"

#define CONFIG_MAX (256u * 1024)

const struct s3_config bucket_versioning = { "versioning",
	"VersioningConfiguration" };
const struct s3_config bucket_encryption = { "encryption",
	"ServerSideEncryptionConfiguration" };
const struct s3_config bucket_public_access = { "publicAccessBlock",
	"PublicAccessBlockConfiguration" };
const struct s3_config bucket_lifecycle = { "lifecycle",
	"LifecycleConfiguration" };
const struct s3_config bucket_object_lock = { "object-lock",
	"ObjectLockConfiguration" };

struct checking {
	struct s3 *s3;
	const struct wanted *w;
	struct report report;
	struct buf text;		/* an answer */
	bool versioned;
};

/* The texts of one element: how many there are, and are as wanted. */
struct search {
	const char *path, *wanted;	/* path: its end */
	unsigned count, matches;
	char last[64];
};

static int
on_element(void *ctx, const char *path, const char *text, struct err *e)
{
	struct search *s = ctx;
	size_t len = strlen(path), end = strlen(s->path);

	(void)e;
	if (text == NULL || len < end || strcmp(path + len - end, s->path) != 0)
		return 0;
	s->count++;
	s->matches += strcmp(text, s->wanted) == 0;
	(void)snprintf(s->last, sizeof(s->last), "%s", text);
	return 0;
}

static int
search(const struct checking *c, const char *path, const char *wanted,
	struct search *s, struct err *e)
{
	const struct s3xml_handler handler = { on_element, s };

	*s = (struct search){ .path = path, .wanted = wanted };
	return s3xml_parse(c->text.data, c->text.len, &handler, e);
}

/*
 * Ask for a subresource. S3_OK or S3_MISSING; 1000 when it was dealt with: the
 * store doesn't know it, or it may not be seen; -1.
 */
#define DEALT_WITH 1000

static int
ask(struct checking *c, const struct s3_config *what, struct err *e)
{
	int rc = s3_get_config(c->s3, c->w->where.bucket, what, &c->text, e);

	if (rc == S3_UNKNOWN)
		rc = report_say(&c->report, REPORT_NOTE, what->name, e,
		    "this store doesn't know it");
	else if (rc == S3_DENIED)
		rc = report_say(&c->report, REPORT_GAP, what->name, e,
		    "these credentials may not read it");
	else
		return rc;
	return rc == 0 ? DEALT_WITH : -1;
}

static int
check_versioning(struct checking *c, struct err *e)
{
	struct search s = { .matches = 0 };
	int rc = ask(c, &bucket_versioning, e);

	if (rc != S3_OK && rc != S3_MISSING)
		return rc == DEALT_WITH ? 0 : -1;
	if (rc == S3_OK && search(c, "/Status",
	    "Enabled", &s, e) != 0)
		return -1;
	c->versioned = s.matches > 0;
	return c->versioned ? report_say(&c->report, REPORT_OK, "versioning",
	    e, "Enabled") : report_say(&c->report, REPORT_GAP, "versioning",
	    e, "%s: a backup that is deleted or replaced, by mistake or by an "
	    "intruder, is gone at once", s.count > 0 ? s.last : "never enabled");
}

static int
check_encryption(struct checking *c, struct err *e)
{
	struct search s = { .count = 0 };
	int rc = ask(c, &bucket_encryption, e);

	if (rc != S3_OK && rc != S3_MISSING)
		return rc == DEALT_WITH ? 0 : -1;
	if (rc == S3_OK && search(c, "/SSEAlgorithm", c->w->sse, &s, e) != 0)
		return -1;
	if (s.count == 0)
		return report_say(&c->report, REPORT_GAP, "encryption", e,
		    "none by default: backups lie in the clear unless each "
		    "upload asks for more");
	if (s.matches == 0 && strcmp(c->w->sse, "AES256") != 0)
		return report_say(&c->report, REPORT_GAP, "encryption", e,
		    "%s by default, not %s: whoever may read the bucket needs "
		    "no right to the key", s.last, c->w->sse);
	return report_say(&c->report, REPORT_OK, "encryption", e, "%s",
	    s.last);
}

static int
check_public_access(struct checking *c, struct err *e)
{
	static const char *const flags[] = { "/IgnorePublicAcls",
		"/BlockPublicPolicy", "/RestrictPublicBuckets" };
	int rc = ask(c, &bucket_public_access, e);
	unsigned set = 0;
	struct search s;
	size_t i;

	if (rc != S3_OK && rc != S3_MISSING)
		return rc == DEALT_WITH ? 0 : -1;
	/* BlockPublicAcls adds no more than a refusal of what is ignored */
	for (i = 0; rc == S3_OK && i < 3; i++) {
		if (search(c, flags[i], "true", &s, e) != 0)
			return -1;
		set += s.matches > 0;
	}
	if (set == 3)
		return report_say(&c->report, REPORT_OK,
		    bucket_public_access.name, e, "all is blocked");
	return report_say(&c->report, REPORT_GAP, bucket_public_access.name, e,
	    "%u of 3 blocked: one ACL or policy made by mistake shows the "
	    "backups to everybody", set);
}

static int
check_object_lock(struct checking *c, struct err *e)
{
	struct search mode = { .count = 0 }, s = { .count = 0 };
	int rc = ask(c, &bucket_object_lock, e);

	if (rc != S3_OK && rc != S3_MISSING)
		return rc == DEALT_WITH ? 0 : -1;
	if (rc == S3_OK && (search(c, "/DefaultRetention/Mode", "", &mode,
	    e) != 0 || search(c, "/ObjectLockEnabled", "Enabled", &s, e) != 0))
		return -1;
	if (s.matches > 0)
		return report_say(&c->report, REPORT_OK, "object-lock", e,
		    "enabled, %s by default", mode.count > 0 ? mode.last : "nothing");
	return report_say(&c->report, c->w->object_lock ? REPORT_GAP :
	    REPORT_NOTE, "object-lock", e, "off: whoever has the right to "
	    "delete can delete all backups");
}

static int
check_lifecycle(struct checking *c, struct err *e)
{
	struct lifecycle l = { NULL, 0 };
	int rc = ask(c, &bucket_lifecycle, e);

	if (rc != S3_OK && rc != S3_MISSING)
		return rc == DEALT_WITH ? 0 : -1;
	rc = lifecycle_parse(&l, &c->text, e);
	if (rc == 0)
		rc = lifecycle_check(&l, c->w, c->versioned, &c->report, e);
	lifecycle_free(&l);
	return rc;
}

static int
check_probe(struct checking *c, struct err *e)
{
	struct err why = ERR_INIT;
	bool left = false;
	int rc = bucket_probe(c->s3, c->w, &left, &why);

	if (rc == 1)
		return report_say(&c->report, REPORT_NOTE, "probe", e,
		    "not stored: the bucket would lock it. s3put --check "
		    "begins an upload only");
	if (rc == 0)
		return report_say(&c->report, REPORT_OK, "probe", e,
		    "stored, read and deleted again");
	if (why.kind == ERR_SIGNAL) {
		*e = why;
		return -1;
	}
	return report_say(&c->report, REPORT_GAP, "probe", e, "%s%s",
	    why.text, left ? "; it is left there" : "");
}

int
bucket_check(struct s3 *s3, const struct wanted *w, struct err *e)
{
	struct checking c = { .s3 = s3, .w = w, .text = BUF_INIT(CONFIG_MAX) };
	int rc = s3_head_bucket(s3, w->where.bucket, e);

	if (rc == S3_MISSING) {
		err_set(e, ERR_VERDICT, "there is no bucket '%s'",
		    w->where.bucket);
		err_hint(e, "make it: s3bucket create s3://%s",
		    w->where.bucket);
		return -1;
	}
	if (rc != S3_OK || check_versioning(&c, e) != 0 ||
	    check_encryption(&c, e) != 0 || check_public_access(&c, e) != 0 ||
	    check_object_lock(&c, e) != 0 || check_lifecycle(&c, e) != 0 ||
	    check_probe(&c, e) != 0)
		rc = -1;
	buf_free(&c.text);
	if (rc != 0 || c.report.gaps == 0)
		return rc;
	err_set(e, ERR_VERDICT, "'%s' has %u gap%s", w->where.bucket,
	    c.report.gaps, c.report.gaps > 1 ? "s" : "");
	return err_hint(e, "see what would be set: s3bucket apply --dry-run");
}
