/*
 * How an object is kept and checked: headers that options ask for, the key of a
 * customer, checksums. Stores differ most in these, so a refusal names the
 * option to leave out. Source: Amazon S3 User Guide, "Checking object
 * integrity", "Using server-side encryption with customer-provided keys".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "s3_private.h"
#include "secretfile.h"

#define CUSTOMER_KEY_BYTES 32
#define CUSTOMER_HEADER "x-amz-server-side-encryption-customer-"
#define KEY_VARIABLE "S3_SSE_C_KEY"
#define CHECKSUM "x-amz-checksum-"

static const struct {
	const char *name;
	enum hash_kind kind;
	const char *header;
	const char *algorithm;		/* NULL: not for whole objects */
} checksums[] = {
	{ "crc64nvme", HASH_CRC64NVME, "x-amz-checksum-crc64nvme",
	    "CRC64NVME" },
	{ "crc32c", HASH_CRC32C, "x-amz-checksum-crc32c", "CRC32C" },
	{ "crc32", HASH_CRC32, "x-amz-checksum-crc32", "CRC32" },
	{ "md5", HASH_MD5, "content-md5", NULL },
};

#define CHECKSUMS (sizeof(checksums) / sizeof(checksums[0]))

/* -- checksums ---------------------------------------------------------- */

static size_t
index_of(enum hash_kind kind)
{
	size_t i = 0;

	while (i < CHECKSUMS - 1 && checksums[i].kind != kind)
		i++;
	return i;
}

const char *
s3_checksum_header(enum hash_kind kind)
{
	return checksums[index_of(kind)].header;
}

enum hash_kind
s3_checksum(const struct s3 *s3)
{
	return s3->checksum;
}

/* What the SDKs know by AWS_REQUEST_CHECKSUM_CALCULATION, in any case. */
static bool
is_word(const char *text, const char *word)
{
	for (; *word != '\0'; text++, word++)
		if (*text != *word && !(*word >= 'a' && *word <= 'z' &&
		    *text == *word - 'a' + 'A'))
			return false;
	return *text == '\0';
}

int
s3_find_checksum(struct s3 *s3, const struct s3_options *o, struct err *e)
{
	const char *when = awsenv_get(s3->env,
	    "AWS_REQUEST_CHECKSUM_CALCULATION",
	    "request_checksum_calculation");
	size_t i;

	s3->checksum = s3->endpoint.is_aws ? HASH_CRC64NVME : HASH_MD5;
	if (o->checksum != NULL) {
		for (i = 0; i < CHECKSUMS; i++)
			if (is_word(o->checksum, checksums[i].name))
				break;
		if (i == CHECKSUMS)
			return err_set(e, ERR_USAGE, "checksum '%s' is none "
			    "of crc64nvme, crc32c, crc32, md5", o->checksum);
		s3->checksum = checksums[i].kind;
		return 0;
	}
	if (when == NULL)
		return 0;
	if (is_word(when, "when_required"))
		s3->checksum = HASH_MD5;
	else if (is_word(when, "when_supported"))
		s3->checksum = HASH_CRC64NVME;
	else
		return err_set(e, ERR_USAGE, "AWS_REQUEST_CHECKSUM_CALCULATION "
		    "'%s' is neither when_supported nor when_required", when);
	return 0;
}

void
s3_call_whole_checksum(const struct s3 *s3, struct s3_call *c,
	const char *digest)
{
	size_t i = index_of(s3->checksum);

	if (checksums[i].algorithm == NULL)
		return;
	if (digest != NULL)
		s3_call_header(c, checksums[i].header, digest);
	else
		s3_call_header(c, "x-amz-checksum-algorithm",
		    checksums[i].algorithm);
	s3_call_header(c, "x-amz-checksum-type", "FULL_OBJECT");
}

/* -- the key of a customer ---------------------------------------------- */

static int
take_key(struct s3 *s3, const char *text, const char *from, struct err *e)
{
	uint8_t key[CUSTOMER_KEY_BYTES], md5[HASH_MD5_SIZE];
	int rc = -1;

	if (hash_from_base64(key, sizeof(key), text) != 0) {
		err_set(e, ERR_USAGE, "%s holds no key of %d bytes in base64",
		    from, CUSTOMER_KEY_BYTES);
		err_hint(e, "make one: openssl rand -base64 %d",
		    CUSTOMER_KEY_BYTES);
	} else if (!s3_endpoint_is_tls(&s3->endpoint)) {
		err_set(e, ERR_USAGE, "the key in %s would be sent in the "
		    "clear", from);
		err_hint(e, "use an endpoint by https://");
	} else if (hash_md5(key, sizeof(key), md5, e) == 0) {
		(void)hash_base64(s3->customer_key, key, sizeof(key));
		(void)hash_base64(s3->customer_md5, md5, sizeof(md5));
		rc = 0;
	}
	mem_wipe(key, sizeof(key));
	return rc;
}

int
s3_find_customer_key(struct s3 *s3, const struct s3_options *o,
	struct err *e)
{
	const char *from = o->customer_key_file != NULL ?
	    o->customer_key_file : KEY_VARIABLE;
	char *text = NULL;
	int rc;

	rc = o->customer_key_file != NULL ?
	    secretfile_read("--sse-c-key-file", from, &text, e) :
	    secretfile_get(KEY_VARIABLE, &text, e);
	if (rc == 0 && text == NULL && o->customer_key_file != NULL)
		rc = err_set(e, ERR_USAGE, "'%s' is empty", from);
	if (rc == 0 && text != NULL)
		rc = take_key(s3, text, from, e);
	mem_free_secret(text);
	return rc;
}

void
s3_call_customer_key(const struct s3 *s3, struct s3_call *c)
{
	if (s3->customer_key[0] == '\0')
		return;
	s3_call_header(c, CUSTOMER_HEADER "algorithm", "AES256");
	s3_call_header(c, CUSTOMER_HEADER "key", s3->customer_key);
	s3_call_header(c, CUSTOMER_HEADER "key-md5", s3->customer_md5);
}

/* -- headers of a new object -------------------------------------------- */

void
s3_call_meta(const struct s3 *s3, struct s3_call *c,
	const struct s3_meta *meta)
{
	const struct s3_storage *storage = &meta->storage;
	size_t i;

	s3_call_header(c, "content-type", storage->content_type != NULL ?
	    storage->content_type : "application/gzip");
	if (meta->upload_id != NULL)
		s3_call_header(c, S3_UPLOAD_HEADER, meta->upload_id);
	for (i = 0; i < storage->count; i++)
		s3_call_header(c, storage->headers[i].name,
		    storage->headers[i].value);
	s3_call_customer_key(s3, c);
	c->storage = storage;
}

static bool
asks_for(const struct s3_storage *storage, const char *header)
{
	size_t i;

	for (i = 0; i < storage->count; i++)
		if (strcmp(storage->headers[i].name, header) == 0)
			return true;
	return false;
}

int
s3_check_lock(struct s3 *s3, const struct s3_name *name,
	const struct s3_storage *storage, struct err *e)
{
	bool lock = asks_for(storage, S3_LOCK_MODE_HEADER);
	bool hold = asks_for(storage, S3_LEGAL_HOLD_HEADER);
	struct s3_info info;
	int rc;

	if (s3->endpoint.is_aws || (!lock && !hold))
		return 0;
	rc = s3_head(s3, name, &info, e);
	if (rc == S3_DENIED || (rc == S3_OK &&
	    (!lock || info.lock_mode[0] != '\0') &&
	    (!hold || strcmp(info.legal_hold, "ON") == 0)))
		return 0;
	if (rc == S3_OK)
		err_set(e, ERR_REMOTE, "the server has ignored that");
	else if (rc == S3_MISSING)
		err_set(e, ERR_REMOTE, "it is gone");
	err_context(e, "'s3://%s/%s' is stored, but %s", name->bucket,
	    name->key, rc < 0 ? "it is not known whether it is locked" :
	    "not locked");
	if (rc < 0)
		return -1;
	return err_hint(e, "let the bucket lock what is stored in it");
}

/* Does the server's refusal name this header? */
static bool
is_named(const struct s3_call *c, const char *header)
{
	return strcmp(c->summary.header, header) == 0 ||
	    strstr(c->summary.message, header) != NULL;
}

void
s3_hint_storage(const struct s3_call *c, struct err *e)
{
	const struct s3_storage *s = c->storage;
	struct buf list = BUF_INIT(256);
	bool named = false;
	size_t i, k;

	if (c->answer.status != 501 && c->answer.status != 400)
		return;
	if (s == NULL && strstr(c->summary.message, "ncryption") != NULL)
		err_hint(e, "it may be encrypted by a customer's key: give "
		    "the right one by --sse-c-key-file");
	if (strncmp(c->summary.header, CHECKSUM, strlen(CHECKSUM)) == 0 ||
	    strstr(c->summary.message, CHECKSUM) != NULL) {
		err_hint(e, "if the store doesn't know it, give "
		    "--checksum md5");
		return;
	}
	if (s == NULL || s->count == 0)
		return;
	for (i = 0; i < s->count; i++)
		named = named || is_named(c, s->headers[i].name);
	for (i = 0; i < s->count; i++) {
		for (k = 0; k < i && strcmp(s->headers[k].option,
		    s->headers[i].option) != 0; k++)
			;
		if (k == i && (!named || is_named(c, s->headers[i].name)))
			buf_printf(&list, "%s%s", list.len > 0 ? " or " : "",
			    s->headers[i].option);
	}
	err_hint(e, "if the store doesn't know it, leave out %s",
	    buf_text(&list));
	buf_free(&list);
}
