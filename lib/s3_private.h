/*
 * Between the files of s3: the session, one call and its answer.
 */
#ifndef S3_PRIVATE_H
#define S3_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "awsenv.h"
#include "backoff.h"
#include "creds.h"
#include "endpoint.h"
#include "hash.h"
#include "net.h"
#include "s3.h"
#include "s3xml.h"
#include "sigv4.h"

#define S3_ANSWER_MAX (256u * 1024)
#define S3_PAGE_MAX (8u << 20)		/* 1,000 long keys and their data */
#define S3_PARAMS_MAX 8
#define S3_UPLOAD_HEADER "x-amz-meta-pgdumpz-upload"
#define S3_LOCK_MODE_HEADER "x-amz-object-lock-mode"
#define S3_LEGAL_HOLD_HEADER "x-amz-object-lock-legal-hold"
#define S3_HEADERS_MAX (16 + S3_STORAGE_MAX)

/* -- s3_endpoint.c: where requests go (pure) ---------------------------- */

struct s3_endpoint {
	bool is_aws;		/* its own, in our region; else custom */
	struct endpoint custom;
	struct endpoint_kind kind;	/* of AWS's */
	bool accelerate;	/* by AWS's edge, where host names go */
	bool path_style;	/* forced; else as s3_endpoint_uses_path() */
	bool virtual_host;	/* forced */
};

bool s3_endpoint_is_tls(const struct s3_endpoint *ep);

/*
 * Is the bucket named in the path? Always with a custom endpoint, which most
 * stores want, unless virtual hosts are asked for; on AWS only where a host
 * name can't hold it, or a wildcard certificate doesn't cover its dots.
 */
bool s3_endpoint_uses_path(const struct s3_endpoint *ep, const char *bucket);

/* Append the Host header and the encoded path; key NULL: the bucket's own. */
void s3_endpoint_locate(const struct s3_endpoint *ep, const char *region,
	const struct s3_name *name, struct buf *host, struct buf *path);

/* -- s3.c: the session -------------------------------------------------- */

struct s3 {
	struct awsenv *env;
	struct net *net;
	struct creds_session *creds;
	struct s3_endpoint endpoint;
	struct backoff backoff;
	int64_t limit_ms;		/* of one request that moves no object:
					 * one byte now and then is no answer */
	atomic_llong skew;		/* seconds our clock is behind */
	atomic_bool no_conditions;	/* If-None-Match was refused */
	char *expected_owner;		/* NULL: any */
	bool requester_pays;
	enum hash_kind checksum;
	char customer_key[HASH_BASE64_MAX];	/* of SSE-C; "": none */
	char customer_md5[HASH_BASE64_MAX];
	pthread_mutex_t lock;		/* of what follows */
	char *known_bucket;		/* one that is known to exist */
	char region[ENDPOINT_REGION_MAX];	/* corrected by the server's */
};

/* Now; requests in flight on other threads may learn of a better one. */
void s3_region(struct s3 *s3, char out[ENDPOINT_REGION_MAX]);

/* -- s3_request.c: one call, tried until it is answered ----------------- */

struct s3_call {
	const char *verb;	/* for messages: "upload" */
	const char *method;
	const char *bucket;
	const char *key;	/* NULL: none */
	struct sigv4_pair params[S3_PARAMS_MAX];	/* borrowed */
	size_t param_count;
	struct sigv4_pair headers[S3_HEADERS_MAX];	/* borrowed */
	size_t header_count;
	const struct s3_body *body;
	const char *expects;	/* root of the XML of a 200; then it counts
				 * as answered only with that */
	const struct s3_storage *storage;	/* its headers are sent too;
						 * NULL: none */
	enum hash_kind checksum;	/* of body; MD5 unless it is set */
	bool ignore_stop;
	unsigned stall_seconds;

	/* takes the body of a 2xx; begin() runs before each attempt */
	void (*begin)(struct s3_call *call);
	int (*receive)(void *ctx, const struct net_answer *a,
	    const void *data, size_t len, struct err *e);
	void *ctx;

	/* the answer */
	struct net_answer answer;
	struct s3xml_summary summary;	/* of an error, or what is expected */
	unsigned attempts;
	bool doubtful;		/* an attempt whose answer was lost, or was
				 * a 5xx, may have been acted on */
	/* private to s3_request.c, s3_learn.c and s3_sign.c */
	char digest[HASH_BASE64_MAX];
	bool too_many_headers;
	char region[ENDPOINT_REGION_MAX];	/* of the last attempt */
	unsigned creds_serial;		/* and its credentials */
	bool clock_corrected;		/* each once */
	bool region_corrected;
	bool creds_renewed;
	bool learned;
};

void s3_call_init(struct s3_call *c, const char *verb, const char *method,
	const char *bucket, const char *key, size_t answer_max);
void s3_call_free(struct s3_call *c);
void s3_call_param(struct s3_call *c, const char *name, const char *value);
void s3_call_header(struct s3_call *c, const char *name, const char *value);

/*
 * 0: a final answer came; its status may well be an error. -1: none came, or
 * all were of the kind that is tried again, and attempts ran out.
 */
int s3_call_send(struct s3 *s3, struct s3_call *c, struct err *e);

/* Send; -1 unless the status is a 2xx. */
int s3_call_expect_ok(struct s3 *s3, struct s3_call *c, struct err *e);

/* Was the final answer of that status and code, or without any code? */
bool s3_call_is(const struct s3_call *c, int status, const char *code);

/* -- s3_sign.c: one attempt --------------------------------------------- */

/*
 * A checksum lets the server refuse what the wire, or a bug, has changed.
 * Once for all attempts.
 */
int s3_call_add_checksum(struct s3_call *c, struct err *e);

/* Sign as of now, and send: as net_send(). */
int s3_call_send_once(struct s3 *s3, struct s3_call *c, int64_t now,
	struct err *e);

/* -- s3_learn.c: what a refusal teaches ---------------------------------- */

/* Has it taught us something that makes the same request, signed at that
 * time, worth another try at once? Each thing once for a call. */
bool s3_call_learn(struct s3 *s3, struct s3_call *c, int64_t signed_at);

/* -- s3_error.c: what an answer means ----------------------------------- */

/* Fill e from an answer that is not a success. Returns -1. */
int s3_call_fail(const struct s3 *s3, const struct s3_call *c,
	struct err *e);

/* Put "cannot VERB 's3://…'" before an error. Returns -1. */
int s3_call_context(const struct s3_call *c, struct err *e);

/* The region that an answer says the bucket is in; "" when it doesn't. */
const char *s3_right_region(const struct s3_call *c);

/* Is it worth trying again? */
bool s3_is_transient(int status, const char *code);

/* -- s3_object.c -------------------------------------------------------- */

void s3_fill_info(struct s3_info *info, const struct net_answer *a);

/*
 * Does the object there bear our upload id? Resolves a lost answer. S3_OK: yes;
 * S3_EXISTS: it is another's; S3_MISSING: there is none; S3_DENIED: nobody can
 * tell, a stop was asked for or looking failed.
 */
enum s3_answer s3_find_ours(struct s3 *s3, const struct s3_name *name,
	const char *upload_id, struct s3_info *info);

/* Say of a failure that the object may be there all the same. Returns -1. */
int s3_call_doubt(const struct s3_call *c, struct err *e);

/* Note that a bucket exists; does one, as far as we know? */
void s3_remember_bucket(struct s3 *s3, const char *bucket);
bool s3_knows_bucket(struct s3 *s3, const char *bucket);

/* Was If-None-Match what the server would not have? */
bool s3_call_refuses_condition(const struct s3_call *c);

/* -- s3_storage.c: how an object is kept --------------------------------- */

/* Checksum and customer's key, as the options or the environment say. */
int s3_find_checksum(struct s3 *s3, const struct s3_options *o,
	struct err *e);
int s3_find_customer_key(struct s3 *s3, const struct s3_options *o,
	struct err *e);

/* Headers of a new object. */
void s3_call_meta(const struct s3 *s3, struct s3_call *c,
	const struct s3_meta *meta);

/* The key that an object's bytes are encrypted by, if there is one. */
void s3_call_customer_key(const struct s3 *s3, struct s3_call *c);

/*
 * That the checksum of all parts goes with the last request, or (digest, in
 * text, not NULL) which one it is. Nothing with MD5.
 */
void s3_call_whole_checksum(const struct s3 *s3, struct s3_call *c,
	const char *digest);

/* The header that a checksum is sent in. */
const char *s3_checksum_header(enum hash_kind kind);

/* Hint at the options whose headers a store may not know, or at a missing key. */
void s3_hint_storage(const struct s3_call *c, struct err *e);

/* -- s3_page.c: pages of listings --------------------------------------- */

#define S3_PAGE_TEXT 4096	/* keys, tokens and markers, decoded */

/* A page in the reading; texts are of the item at hand. */
struct s3_page {
	const char *prefix;		/* of all keys */
	const char *root;
	const char *item;		/* "Contents", "Upload", "Version" */
	const char *other_item;		/* "DeleteMarker", or NULL */
	char key[S3_PAGE_TEXT];
	char id[S3_PAGE_TEXT];		/* ETag without quotes, UploadId,
					 * VersionId */
	char storage_class[32];
	uint64_t size;
	int64_t time;
	bool has_size, has_time;

	bool has_prefixes;		/* a delimiter was asked for */
	bool wants_prefixes;		/* in the pass at hand; else items */
	bool encoded;			/* keys are url-encoded */
	bool truncated;
	char next[S3_PAGE_TEXT];	/* token or key marker */
	char next_id[S3_PAGE_TEXT];
	unsigned items;
	int result;			/* of each(), when not 0 */

	int (*emit)(struct s3_page *p, bool is_prefix, struct err *e);
	int (*each_object)(const struct s3_listed *, void *, struct err *);
	int (*each_upload)(const struct s3_listed_upload *, void *,
	    struct err *);
	int (*each_version)(const struct s3_listed_version *, void *,
	    struct err *);
	void *ctx;
};

/* Parse a page and emit its items. root, item, emit, each_… and ctx are set. */
int s3_page_read(struct s3_page *p, const void *text, size_t len,
	struct err *e);

/* "cannot read the listing: WHY". Returns -1. */
int s3_page_bad(const char *why, struct err *e);

#endif
