/* uri: what users write, and percent-encoding both ways. */
#include <string.h>

#include "mem.h"
#include "tap.h"
#include "uri.h"

#include <stdlib.h>

static const struct {
	const char *text, *base, *bucket, *key;	/* bucket NULL: an error */
} cases[] = {
	{ "s3://b-1/k", NULL, "b-1", "k" },
	{ "s3://bucket", NULL, "bucket", "" },
	{ "s3://bucket/", NULL, "bucket", "" },
	{ "s3://bucket//k", NULL, "bucket", "/k" },
	{ "s3://bucket/a//b/../c", NULL, "bucket", "a//b/../c" },
	{ "s3://bucket/k", "s3://other/p", "bucket", "k" },
	{ "k", "s3://bucket/p", "bucket", "p/k" },
	{ "k", "s3://bucket/p/", "bucket", "p/k" },
	{ "k", "bucket/p", "bucket", "p/k" },
	{ "k", "bucket", "bucket", "k" },
	{ "a/k", "s3://bucket", "bucket", "a/k" },
	{ "", "s3://bucket/p", "bucket", "p/" },
	{ "k", NULL, NULL, NULL },
	{ "k", "", NULL, NULL },
	{ "k", "s3://", NULL, NULL },
	{ "s3:///k", NULL, NULL, NULL },
	{ "s3://ab/k", NULL, NULL, NULL },
	{ "s3://bu cket/k", NULL, NULL, NULL },
	{ "s3://bu@cket/k", NULL, NULL, NULL },
	{ "s3://-bucket/k", NULL, NULL, NULL },
	{ "s3://.bucket/k", NULL, NULL, NULL },
};

static void
check_encoding(void)
{
	struct buf b = BUF_INIT(256);
	char text[64];

	uri_encode(&b, "a/b c~\xc3\xbc+%", 10, true);
	tap_text(buf_text(&b), "a/b%20c~%C3%BC%2B%25", "encode, slash kept");
	buf_reset(&b);
	uri_encode(&b, "a/b", 3, false);
	tap_text(buf_text(&b), "a%2Fb", "encode the slash");
	buf_reset(&b);
	uri_encode(&b, "\0", 1, false);
	tap_text(buf_text(&b), "%00", "encode a zero byte");
	buf_free(&b);

	memcpy(text, "a%2fb+%C3%BC", 13);
	tap_int(uri_decode(text), 0, "decode");
	tap_text(text, "a/b+\xc3\xbc", "decoded");
	memcpy(text, "a%2", 4);
	tap_int(uri_decode(text), -1, "a cut escape");
	memcpy(text, "a%zz", 5);
	tap_int(uri_decode(text), -1, "a bad escape");
	memcpy(text, "a%00", 5);
	tap_int(uri_decode(text), -1, "a zero byte");
}

int
main(void)
{
	struct err e = ERR_INIT;
	char long_key[1200];
	struct uri u;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int rc = uri_resolve(&u, cases[i].text, cases[i].base, &e);

		tap_int(rc, cases[i].bucket != NULL ? 0 : -1, "'%s' in '%s'",
		    cases[i].text, cases[i].base != NULL ? cases[i].base : "");
		if (rc != 0) {
			tap_int(e.kind, ERR_USAGE, "kind of its error");
			continue;
		}
		tap_text(u.bucket, cases[i].bucket, "bucket");
		tap_text(u.key, cases[i].key, "key");
		uri_free(&u);
	}
	memset(long_key, 'k', sizeof(long_key));
	memcpy(long_key, "s3://bucket/", 12);
	long_key[12 + 1024] = '\0';
	tap_int(uri_resolve(&u, long_key, NULL, &e), 0, "1,024 bytes of key");
	uri_free(&u);
	long_key[12 + 1024] = 'k';
	long_key[12 + 1025] = '\0';
	tap_int(uri_resolve(&u, long_key, NULL, &e), -1, "1,025 are too many");
	check_encoding();
	return tap_done();
}
