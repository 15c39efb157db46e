/*
 * Each thing is read, set if it is not as wanted, and read again: some stores
 * say 200 to what they don't know.
 */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "lifecycle.h"
#include "report.h"
#include "s3xml.h"

#define CONFIG_MAX (256u * 1024)
#define NAMESPACE " xmlns=\"" S3XML_NAMESPACE "\">"

struct applying {
	struct s3 *s3;
	const struct wanted *w;
	struct report report;
	struct buf text, answer;
};

/* Say that the store won't have it. */
static int
say_unknown(struct applying *a, const char *name, const struct err *why,
	struct err *e)
{
	return report_say(&a->report, REPORT_NOTE, name, e, "not set: %s",
	    why->text[0] != '\0' ? why->text : "this store doesn't know it");
}

/* Set a->text, and see whether something of that kind is there then. */
static int
set(struct applying *a, const struct s3_config *what, const char *words,
	struct err *e)
{
	const char *bucket = a->w->where.bucket;
	struct err why = ERR_INIT;
	int rc;

	if (buf_check(&a->text, what->name, e) != 0)
		return -1;
	if (a->w->dry_run)
		return report_say(&a->report, REPORT_NOTE, what->name, e,
		    "would be set: %s", words);
	rc = s3_put_config(a->s3, bucket, what, &a->text, &why);
	if (rc == S3_OK)
		rc = s3_get_config(a->s3, bucket, what, &a->answer, &why);
	if (rc == S3_OK || rc == S3_DENIED)
		return report_say(&a->report, REPORT_OK, what->name, e,
		    "set: %s", words);
	if (rc == S3_UNKNOWN || rc == S3_MISSING)
		return say_unknown(a, what->name, &why, e);
	*e = why;
	return -1;
}

static int
set_versioning(struct applying *a, struct err *e)
{
	buf_reset(&a->text);
	buf_puts(&a->text, "<VersioningConfiguration" NAMESPACE);
	s3xml_put(&a->text, "Status", "Enabled");
	buf_puts(&a->text, "</VersioningConfiguration>");
	return set(a, &bucket_versioning, "Enabled", e);
}

static int
set_encryption(struct applying *a, struct err *e)
{
	buf_reset(&a->text);
	buf_puts(&a->text, "<ServerSideEncryptionConfiguration" NAMESPACE
	    "<Rule><ApplyServerSideEncryptionByDefault>");
	s3xml_put(&a->text, "SSEAlgorithm", a->w->sse);
	if (a->w->kms_key != NULL)
		s3xml_put(&a->text, "KMSMasterKeyID", a->w->kms_key);
	buf_printf(&a->text, "</ApplyServerSideEncryptionByDefault>"
	    "<BucketKeyEnabled>%s</BucketKeyEnabled></Rule>"
	    "</ServerSideEncryptionConfiguration>",
	    strcmp(a->w->sse, "AES256") == 0 ? "false" : "true");
	return set(a, &bucket_encryption, a->w->sse, e);
}

static int
put_public_access(struct applying *a, bool block_acls, bool rest,
	const char *words, struct err *e)
{
	static const char *const text[] = { "false", "true" };

	buf_reset(&a->text);
	buf_puts(&a->text, "<PublicAccessBlockConfiguration" NAMESPACE);
	s3xml_put(&a->text, "BlockPublicAcls", text[block_acls]);
	s3xml_put(&a->text, "IgnorePublicAcls", text[rest]);
	s3xml_put(&a->text, "BlockPublicPolicy", text[rest]);
	s3xml_put(&a->text, "RestrictPublicBuckets", text[rest]);
	buf_puts(&a->text, "</PublicAccessBlockConfiguration>");
	return set(a, &bucket_public_access, words, e);
}

/* A probe that could not be deleted: why tells. */
static int
say_left(struct applying *a, bool left, const struct err *why, struct err *e)
{
	return left ? report_say(&a->report, REPORT_NOTE, "probe", e,
	    "left there: %s", why->text) : 0;
}

static bool
blocks_acls(struct applying *a)
{
	struct err ignored = ERR_INIT;

	return s3_get_config(a->s3, a->w->where.bucket, &bucket_public_access,
	    &a->answer, &ignored) == S3_OK && strstr(buf_text(&a->answer),
	    "<BlockPublicAcls>true<") != NULL;
}

/*
 * Nothing could be stored (or, locked: true, it wasn't tried) even before.
 * BlockPublicAcls, when it is set, may be why; if not, it stays.
 */
static int
set_untried(struct applying *a, bool locked, struct err *e)
{
	struct err why = ERR_INIT;
	bool left = false, had = blocks_acls(a);

	if (had && locked)
		return put_public_access(a, true, true, "all is blocked", e);
	if (put_public_access(a, false, true, "all but BlockPublicAcls, which "
	    "some stores can't", e) != 0)
		return -1;
	if (!had || bucket_probe(a->s3, a->w, &left, &why) == 0)
		return 0;
	if (say_left(a, left, &why, e) != 0)
		return -1;
	return put_public_access(a, true, true, "again all is blocked, as it "
	    "was", e);
}

/*
 * A backup must still be storable: with BlockPublicAcls Ceph 16 refuses every
 * upload. Where that can't be tried, it isn't set anew.
 */
static int
set_public_access(struct applying *a, struct err *e)
{
	struct err why = ERR_INIT;
	bool left = false;
	int before;

	if (a->w->dry_run)
		return put_public_access(a, true, true, "all is blocked", e);
	before = bucket_probe(a->s3, a->w, &left, &why);
	if (say_left(a, left, &why, e) != 0)
		return -1;
	if (before != 0)
		return set_untried(a, before > 0, e);
	if (put_public_access(a, true, true, "all is blocked", e) != 0)
		return -1;
	if (bucket_probe(a->s3, a->w, &left, &why) == 0)
		return 0;
	if (say_left(a, left, &why, e) != 0)
		return -1;
	return put_public_access(a, false, true, "again without "
	    "BlockPublicAcls: with it this store refuses uploads", e);
}

static int
set_lifecycle(struct applying *a, struct err *e)
{
	struct err why = ERR_INIT;
	char words[160];
	int rc = s3_get_config(a->s3, a->w->where.bucket, &bucket_lifecycle,
	    &a->answer, &why);

	if (rc == S3_UNKNOWN)
		return say_unknown(a, "lifecycle", &why, e);
	if (rc != S3_OK && rc != S3_MISSING) {
		*e = why;
		return -1;
	}
	buf_reset(&a->text);
	if (lifecycle_merge(&a->answer, a->w, &a->text, e) != 0)
		return -1;
	(void)snprintf(words, sizeof(words), "archive after %llu days, expire "
	    "after %llu, versions after %llu, uploads after %llu (0: never)",
	    (unsigned long long)a->w->archive_days,
	    (unsigned long long)a->w->expire_days,
	    (unsigned long long)a->w->noncurrent_days,
	    (unsigned long long)a->w->abort_days);
	return set(a, &bucket_lifecycle, words, e);
}

int
bucket_apply(struct s3 *s3, const struct wanted *w, struct err *e)
{
	struct applying a = { .s3 = s3, .w = w, .text = BUF_INIT(CONFIG_MAX),
		.answer = BUF_INIT(CONFIG_MAX) };
	int rc = -1;

	if (wanted_check_retention(w, e) == 0 &&
	    set_public_access(&a, e) == 0 && set_versioning(&a, e) == 0 &&
	    set_encryption(&a, e) == 0 && set_lifecycle(&a, e) == 0)
		rc = 0;
	buf_free(&a.text);
	buf_free(&a.answer);
	return rc;
}

int
bucket_create(struct s3 *s3, const struct wanted *w, struct err *e)
{
	const char *bucket = w->where.bucket;
	struct buf text = BUF_INIT(CONFIG_MAX);
	struct report report = { 0 };
	struct err why = ERR_INIT;
	int rc = s3_create_bucket(s3, bucket, w->object_lock, e);

	if (rc != S3_OK && rc != S3_EXISTS)
		return -1;
	/* Ceph, and AWS in us-east-1, say 200 to one that we have already */
	if (w->object_lock && s3_get_config(s3, bucket, &bucket_object_lock,
	    &text, &why) == S3_MISSING) {
		err_set(e, ERR_VERDICT, "bucket '%s' is there already, without "
		    "object lock", bucket);
		rc = -1;
	} else {
		rc = report_say(&report, REPORT_OK, "bucket", e, "%s",
		    rc == S3_EXISTS ? "is there already" : "made");
	}
	buf_free(&text);
	return rc;
}
