/*
 * The S3 REST API, one function per operation. Requests are signed (SigV4),
 * retried with backoff where that is worth it, and answered once: a function
 * returns 0, or -1 with an ERR_REMOTE that holds the server's code, message
 * and request id (escaped), and a hint. Source: Amazon S3 API Reference.
 *
 * Tried again, AWS_MAX_ATTEMPTS (8) times within five minutes of the first
 * failure: connections that fail or break, stalls, cut answers, 5xx, 429, and
 * the codes that mean the same. At once, and once each: with the server's
 * clock when ours is off, in the region that it names, with new credentials
 * when they have expired. Never: refusals. What moves no object is given up
 * after 15 minutes, however slowly its answer comes. Object data is sent as
 * UNSIGNED-PAYLOAD: its checksum (s3_checksum()) is signed instead, so that it
 * is hashed once, and TLS keeps it from malice.
 *
 * A struct s3 may be used by many threads at once; each request in flight
 * has a connection of its own out of a pool. A stop signal ends a request
 * with ERR_SIGNAL, but for the making of a multipart upload, whose id would be
 * lost, and s3_abort_multipart(), which still get their try.
 */
#ifndef S3_H
#define S3_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"
#include "hash.h"

#define S3_PART_MIN (5u << 20)			/* all parts but the last */
#define S3_PART_MAX ((uint64_t)5 << 30)
#define S3_PARTS_MAX 10000
#define S3_OBJECT_MAX ((uint64_t)5 << 40)
#define S3_KEY_MAX 1024				/* bytes of UTF-8 */
#define S3_DELETE_MAX 1000			/* keys in one request */

struct s3;

/* From options and environment; NULL fields mean: not given. */
struct s3_options {
	const char *endpoint_url;	/* else AWS_ENDPOINT_URL_S3, …_URL, AWS */
	const char *region;		/* else AWS_REGION, …_DEFAULT_REGION,
					 * the profile's, the instance's,
					 * us-east-1 */
	const char *profile;		/* else AWS_PROFILE, "default" */
	const char *ca_bundle;		/* else AWS_CA_BUNDLE, the system's */
	bool path_style;		/* neither: virtual host on AWS, path */
	bool virtual_host;		/* style elsewhere */
	unsigned stall_seconds;		/* give up when nothing moves; 0: 60 */
	const char *expected_owner;	/* account that owns the bucket, or
					 * requests are refused */
	bool requester_pays;
	const char *customer_key_file;	/* the key of SSE-C in base64; else
					 * S3_SSE_C_KEY_FILE, S3_SSE_C_KEY */
	const char *checksum;		/* crc64nvme, crc32c, crc32, md5; else
					 * AWS_REQUEST_CHECKSUM_CALCULATION,
					 * the profile's, see s3_checksum() */
	uint64_t bytes_per_second;	/* sent at most; 0: no limit */
};

struct s3 *s3_open(const struct s3_options *options, struct err *e);
void s3_close(struct s3 *s3);

/*
 * What bodies are checked by: on AWS CRC64NVME, which it knows for whole
 * objects too; elsewhere MD5, which every store knows, unless options ask for
 * another. when_supported means CRC64NVME everywhere, when_required MD5.
 */
enum hash_kind s3_checksum(const struct s3 *s3);

/*
 * Who one is, with the credentials of this session. How a tool does it:
 *
 *	#include "creds.h"
 *	struct creds_identity id;
 *
 *	if (s3_whoami(s3, &id, e) != 0) …	(creds_whoami() tells how it fails)
 *	id.account, id.arn, id.user_id, id.origin
 */
struct creds_identity;
int s3_whoami(struct s3 *s3, struct creds_identity *out, struct err *e);

/* A bucket and a key in it; both borrowed, not encoded. */
struct s3_name {
	const char *bucket;
	const char *key;
};

/* What the server said about an object. Terminated texts, "" when not said. */
struct s3_info {
	uint64_t size;
	bool has_size;		/* the server said it */
	int64_t mtime;		/* Last-Modified, UTC seconds */
	int64_t date;		/* the answer's Date: the server's clock; 0:
				 * none; s3_head() tells it of S3_MISSING and
				 * S3_DENIED too */
	char etag[128];		/* without quotes */
	char version[128];
	char storage_class[32];
	char upload_id[64];	/* our metadata x-amz-meta-pgdumpz-upload */
	char lock_mode[16];	/* of object lock */
	char legal_hold[8];	/* "ON" */
	bool restoring;		/* out of the archive, not done yet */
};

/* Bytes that go up: in memory, or a range of a file. */
struct s3_body {
	const void *data;	/* NULL: from fd */
	int fd;			/* read by os_pread(), borrowed */
	uint64_t offset;
	uint64_t size;
	const uint8_t *digest;	/* by s3_checksum(); NULL: the function
				 * computes it */
};

/* A header of a new object that a user has asked for by an option. */
struct s3_header {
	const char *name;	/* in lower case */
	const char *value;
	const char *option;	/* "--sse", for hints */
};

/* How the server keeps an object, borrowed; without any: as the bucket says. */
struct s3_storage {
	const struct s3_header *headers;	/* S3_STORAGE_MAX at most */
	size_t count;
	const char *content_type;	/* NULL: application/gzip */
};

#define S3_STORAGE_MAX 32

/* What is said of a new object; may be all zero. */
struct s3_meta {
	struct s3_storage storage;
	const char *upload_id;	/* random, tells our object from another's */
	bool if_none_match;	/* fail with S3_EXISTS when there is one */
};

/* Results of calls where one failure is expected and is not an error. */
enum s3_answer {
	S3_OK = 0,
	S3_MISSING = 1,
	S3_EXISTS = 2,
	S3_ARCHIVED = 3,
	S3_DENIED = 4,
	S3_UNKNOWN = 5		/* the store doesn't know how */
};

/*
 * S3_OK, S3_MISSING, S3_DENIED, with e as for an error, when these credentials
 * may not look, or -1. A bucket that is missing is an error.
 */
int s3_head(struct s3 *s3, const struct s3_name *name, struct s3_info *info,
	struct err *e);

/*
 * One PUT with its checksum. S3_OK, S3_EXISTS, or -1. With a store that knows no
 * If-None-Match (501) it looks first; who writes between the two is
 * overwritten.
 */
int s3_put(struct s3 *s3, const struct s3_name *name,
	const struct s3_body *body, const struct s3_meta *meta,
	struct s3_info *info, struct err *e);

/*
 * Is an object that was just stored locked, if that was asked for? Some stores
 * take the headers and do nothing, Ceph with uploads in parts. 0 also when it
 * is not to be seen: on AWS, which does as it is told and shows locks by a right
 * of its own, and to whom may only write.
 */
int s3_check_lock(struct s3 *s3, const struct s3_name *name,
	const struct s3_storage *storage, struct err *e);

struct s3_range {
	const char *etag;	/* of the object that is meant; NULL: any */
	uint64_t offset;
	size_t size;
	void *out;		/* size bytes, filled */
};

/*
 * Have an archived object made readable for some days; it takes hours. S3_OK;
 * S3_EXISTS: that is under way already; S3_MISSING; or -1.
 */
int s3_restore(struct s3 *s3, const struct s3_name *name, unsigned days,
	struct err *e);

/*
 * Exactly that range. ERR_REMOTE when the object is shorter or has changed;
 * S3_ARCHIVED, with e as for an error, when it would have to be restored
 * first; S3_MISSING when it isn't there. info (may be NULL) as from s3_head(),
 * whole size too.
 */
int s3_get_range(struct s3 *s3, const struct s3_name *name,
	const struct s3_range *range, struct s3_info *info, struct err *e);

/* -- multipart uploads -------------------------------------------------- */

struct s3_multipart;	/* bucket, key, and the server's UploadId */

/*
 * When its answer is lost, the upload that the server has begun stays, empty,
 * until somebody clears what is old: nothing tells it from another's.
 */
struct s3_multipart *s3_create_multipart(struct s3 *s3,
	const struct s3_name *name, const struct s3_meta *meta, struct err *e);
void s3_multipart_free(struct s3_multipart *mp);	/* the memory only */
/* The server's UploadId; borrowed. */
const char *s3_multipart_id(const struct s3_multipart *mp);

/* One part, numbered from 1, with its checksum; its ETag comes back. */
int s3_put_part(struct s3 *s3, const struct s3_multipart *mp, unsigned number,
	const struct s3_body *body, char etag[128], struct err *e);

/* What an upload was begun with, and what became of its parts. */
struct s3_parts {
	const struct s3_meta *meta;
	const char (*etags)[128];	/* etags[i] is of part i + 1 */
	unsigned count;
	const uint8_t *digest;	/* of the whole by s3_checksum(), which is a
				 * CRC then; NULL with MD5 */
};

/*
 * Make the parts an object. Success is a 200 whose body is a
 * CompleteMultipartUploadResult with an ETag. An answer that was lost is
 * resolved by s3_head(): our object bears meta->upload_id. Some stores ignore
 * if_none_match here, so it looks first, too. info->size may be 0. S3_OK,
 * S3_EXISTS (if_none_match was asked), or -1: then the upload is still to be
 * aborted.
 */
int s3_complete_multipart(struct s3 *s3, const struct s3_multipart *mp,
	const struct s3_parts *parts, struct s3_info *info, struct err *e);

/* Done, or gone already: 0. */
int s3_abort_multipart(struct s3 *s3, const struct s3_multipart *mp,
	struct err *e);

/* -- listing and deleting ----------------------------------------------- */

struct s3_listed {
	const char *key;	/* borrowed for the call */
	uint64_t size;
	int64_t mtime;
	const char *etag;	/* without quotes */
	const char *storage_class;
	bool is_prefix;		/* a common prefix, with its delimiter */
};

struct s3_list {
	const char *bucket;
	const char *prefix;	/* "" for all */
	const char *delimiter;	/* NULL: everything below */
};

/*
 * ListObjectsV2, page by page (encoding-type=url), in each the prefixes first,
 * which there are with a delimiter. each() may stop it by a
 * non-zero result, which is returned. date (may be NULL) gets the server's
 * clock of the first page.
 */
int s3_list_objects(struct s3 *s3, const struct s3_list *list,
	int (*each)(const struct s3_listed *item, void *ctx, struct err *e),
	void *ctx, int64_t *date, struct err *e);

struct s3_listed_upload {
	const char *key;
	const char *upload_id;
	int64_t initiated;	/* UTC seconds */
};

/* ListMultipartUploads below list->prefix, page by page. */
int s3_list_uploads(struct s3 *s3, const struct s3_list *list,
	int (*each)(const struct s3_listed_upload *item, void *ctx,
	    struct err *e),
	void *ctx, struct err *e);

/* A version of an object, or a marker that it is deleted. */
struct s3_listed_version {
	const char *key;
	const char *version;
};

/* ListObjectVersions below list->prefix, page by page. */
int s3_list_versions(struct s3 *s3, const struct s3_list *list,
	int (*each)(const struct s3_listed_version *item, void *ctx,
	    struct err *e),
	void *ctx, struct err *e);

/* Abort one that s3_list_uploads() showed. */
int s3_abort_listed(struct s3 *s3, const struct s3_name *name,
	const char *upload_id, struct err *e);

struct s3_doomed {
	const char *bucket;
	const char *const *keys;
	const char *const *versions;	/* one for each key, or NULL: what
					 * DELETE does without */
	size_t count;
	bool bypass_governance;	/* of object lock; a right of its own */
	void (*failed)(size_t i, const char *why, void *ctx);
	void *ctx;
};

/*
 * Delete keys, 1,000 a request. failed(i, why) is called for each key that
 * the server did not report as deleted, whatever its status. 0 when the
 * requests themselves succeeded, else -1: what they held counts as failed too.
 */
int s3_delete(struct s3 *s3, const struct s3_doomed *what, struct err *e);

/* -- the bucket itself -------------------------------------------------- */

/* S3_OK, S3_MISSING, or -1; it may be somebody else's, and closed. */
int s3_head_bucket(struct s3 *s3, const char *bucket, struct err *e);

/* In the session's region. S3_OK, S3_EXISTS when it is ours already, or -1. */
int s3_create_bucket(struct s3 *s3, const char *bucket, bool object_lock,
	struct err *e);

/* A subresource of a bucket, and the root of the XML that it is told in. */
struct s3_config {
	const char *name;		/* "lifecycle" */
	const char *root;		/* "LifecycleConfiguration" */
};

/*
 * What is set: S3_OK, text (a prepared buf, emptied first) filled; S3_MISSING
 * when nothing is; S3_UNKNOWN; S3_DENIED, with e as for an error; or -1.
 */
int s3_get_config(struct s3 *s3, const char *bucket,
	const struct s3_config *what, struct buf *text, struct err *e);

/* Set it: S3_OK, S3_UNKNOWN, with e as for an error, or -1. */
int s3_put_config(struct s3 *s3, const char *bucket,
	const struct s3_config *what, const struct buf *text, struct err *e);

/* Delete one version of an object ("": whatever DELETE does). */
int s3_delete_version(struct s3 *s3, const struct s3_name *name,
	const char *version, struct err *e);

#endif
