/*
 * What went up and what came down are told in the same form, so that one can
 * be compared with the other.
 */
#include <inttypes.h>

#include "hash.h"
#include "receipt.h"

#define SHOWN_MAX (RECEIPT_MAX / 2)	/* 1,024 bytes, all escaped, fit */

int
receipt_put(struct buf *out, const struct receipt *r, struct err *e)
{
	struct buf uri = BUF_INIT(SHOWN_MAX);
	char sha256[HASH_HEX_MAX], shown[SHOWN_MAX];

	uri_print(&uri, r->where->bucket, r->where->key);
	err_escape(shown, sizeof(shown), buf_text(&uri), uri.len);
	buf_free(&uri);
	buf_puts(out, shown);
	buf_printf(out, "\t%" PRIu64 "\t%s\t%s\t%s\n", r->bytes, r->etag,
	    r->version[0] != '\0' ? r->version : "-",
	    hash_hex(sha256, r->sha256, HASH_SHA256_SIZE));
	return buf_check(out, "the receipt", e);
}
