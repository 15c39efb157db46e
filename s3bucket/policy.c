/*
 * The least that the tools need, so that a host that is broken into can't do
 * more. Actions: Service Authorization Reference, "Amazon S3".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "check.h"
#include "os.h"

#define STDOUT 1

static json_t *
list_of(const char *const *texts)
{
	json_t *list = json_array();

	for (; *texts != NULL; texts++)
		(void)json_array_append_new(list, json_string(*texts));
	return list;
}

static json_t *
statement(const char *sid, const char *const *actions, const char *resource)
{
	json_t *s = json_object();

	(void)json_object_set_new(s, "Sid", json_string(sid));
	(void)json_object_set_new(s, "Effect", json_string("Allow"));
	(void)json_object_set_new(s, "Action", list_of(actions));
	(void)json_object_set_new(s, "Resource", json_string(resource));
	return s;
}

/* Only below the prefix; "" is all. */
static void
limit_to_prefix(json_t *statement_, const char *prefix)
{
	json_t *like = json_object(), *condition = json_object();
	char pattern[S3_KEY_MAX + 2];

	(void)snprintf(pattern, sizeof(pattern), "%s*", prefix);
	(void)json_object_set_new(like, "s3:prefix", json_string(pattern));
	(void)json_object_set_new(condition, "StringLike", like);
	(void)json_object_set_new(statement_, "Condition", condition);
}

static json_t *
make_statements(const struct wanted *w, const char *partition, bool write_only)
{
	static const char *const writes[] = { "s3:PutObject",
		"s3:AbortMultipartUpload", NULL };
	static const char *const all[] = { "s3:PutObject",
		"s3:AbortMultipartUpload", "s3:GetObject", "s3:DeleteObject",
		NULL };
	static const char *const lists[] = { "s3:ListBucket", NULL };
	static const char *const uploads[] = { "s3:ListBucketMultipartUploads",
		NULL };
	static const char *const keys[] = { "kms:GenerateDataKey",
		"kms:Decrypt", NULL };
	char bucket[128], objects[128 + S3_KEY_MAX];
	json_t *list = json_array(), *listing;

	(void)snprintf(bucket, sizeof(bucket), "arn:%s:s3:::%s", partition,
	    w->where.bucket);
	(void)snprintf(objects, sizeof(objects), "%s/%s*", bucket, w->prefix);
	(void)json_array_append_new(list, statement("Backups", write_only ?
	    writes : all, objects));
	if (!write_only) {
		listing = statement("ListBackups", lists, bucket);
		limit_to_prefix(listing, w->prefix);
		(void)json_array_append_new(list, listing);
		(void)json_array_append_new(list, statement("ListUploads",
		    uploads, bucket));
	}
	if (w->kms_key != NULL)
		(void)json_array_append_new(list, statement("Key", keys,
		    w->kms_key));
	return list;
}

static const char *
partition_of(const char *region)
{
	if (strncmp(region, "cn-", 3) == 0)
		return "aws-cn";
	return strncmp(region, "us-gov-", 7) == 0 ? "aws-us-gov" : "aws";
}

int
bucket_print_policy(const struct wanted *w, const char *region,
	bool write_only, struct err *e)
{
	json_t *policy = json_object();
	char *text;
	int rc = -1;

	(void)json_object_set_new(policy, "Version",
	    json_string("2012-10-17"));
	(void)json_object_set_new(policy, "Statement", make_statements(w,
	    partition_of(region), write_only));
	if ((text = json_dumps(policy, JSON_INDENT(2))) == NULL)
		err_set(e, ERR_LOCAL, "no memory for the policy");
	else if ((rc = os_write(STDOUT, text, strlen(text), e)) == 0)
		rc = os_write(STDOUT, "\n", 1, e);
	free(text);
	json_decref(policy);
	return rc;
}
