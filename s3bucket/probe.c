/*
 * Rights are a matter of policies of several kinds, so only doing it tells.
 */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "os.h"

#define CONFIG_MAX (256u * 1024)
#define PROBE_NAME ".pgdumpz-probe-"
#define PROBE_TEXT "stored by s3bucket check, which deletes it\n"

static int
read_back(struct s3 *s3, const struct s3_name *name, struct err *e)
{
	char text[sizeof(PROBE_TEXT) - 1];
	const struct s3_range range = { NULL, 0, sizeof(text), text };
	int rc = s3_get_range(s3, name, &range, NULL, e);

	if (rc == S3_MISSING)
		return err_set(e, ERR_REMOTE, "the probe '%s' is not there "
		    "although it was stored", name->key);
	if (rc != S3_OK)
		return -1;
	if (memcmp(text, PROBE_TEXT, sizeof(text)) != 0)
		return err_set(e, ERR_REMOTE, "the probe '%s' comes back "
		    "changed", name->key);
	return 0;
}

static int
make_key(const struct wanted *w, struct buf *key, struct err *e)
{
	uint8_t random[8];
	char hex[2 * sizeof(random) + 1];

	if (os_random(random, sizeof(random), e) != 0)
		return -1;
	buf_printf(key, "%s" PROBE_NAME "%s", w->prefix,
	    hash_hex(hex, random, sizeof(random)));
	return buf_check(key, "the probe's key", e);
}

/* Would the bucket lock what is stored? Who may not ask is told later. */
static bool
would_lock(struct s3 *s3, const char *bucket)
{
	struct buf text = BUF_INIT(CONFIG_MAX);
	struct err ignored = ERR_INIT;
	bool locks = s3_get_config(s3, bucket, &bucket_object_lock, &text,
	    &ignored) == S3_OK &&
	    strstr(buf_text(&text), "DefaultRetention>") != NULL;

	buf_free(&text);
	return locks;
}

int
bucket_probe(struct s3 *s3, const struct wanted *w, bool *left,
	struct err *e)
{
	const struct s3_body body = { .data = PROBE_TEXT, .fd = -1,
		.size = sizeof(PROBE_TEXT) - 1 };
	const struct s3_meta meta = { .upload_id = "probe",
		.storage = { NULL, 0, "text/plain" } };
	struct buf key = BUF_INIT(S3_KEY_MAX);
	struct err ignored = ERR_INIT;
	struct s3_name name = { w->where.bucket, NULL };
	struct s3_info info = { .size = 0 };
	int rc = -1;

	if (would_lock(s3, w->where.bucket))
		return 1;
	if (make_key(w, &key, e) != 0)
		goto out;
	name.key = buf_text(&key);
	rc = s3_put(s3, &name, &body, &meta, &info, e);
	if (rc == S3_OK) {
		rc = read_back(s3, &name, e);
		*left = s3_delete_version(s3, &name, info.version,
		    rc == 0 ? e : &ignored) != 0;
		if (*left)
			rc = -1;
	}
out:
	buf_free(&key);
	return rc == S3_OK ? 0 : -1;
}
