/*
 * What users write for a place in S3, and percent-encoding both ways.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "uri.h"

#define SCHEME "s3://"
#define KEY_MAX 1024		/* Amazon S3, "Creating object key names" */

static bool
has_scheme(const char *text)
{
	return strncmp(text, SCHEME, strlen(SCHEME)) == 0;
}

/*
 * Amazon S3's bucket naming rules, kept loose where other stores are: upper
 * case and underscore pass, what would break out of a URL does not.
 */
static bool
is_bucket(const char *text, size_t len)
{
	size_t i;

	if (len < 3 || len > 255 || text[0] == '.' || text[0] == '-')
		return false;
	for (i = 0; i < len; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		    "0123456789.-_", text[i]) == NULL)
			return false;
	return true;
}

/* bucket/key without a scheme; suffix is joined to the key by one slash. */
static int
split(struct uri *out, const char *text, const char *suffix, struct err *e)
{
	size_t len = strcspn(text, "/");
	const char *key = text[len] == '/' ? text + len + 1 : "";
	struct buf b = BUF_INIT(KEY_MAX);
	int rc = -1;

	if (!is_bucket(text, len))
		return err_set(e, ERR_USAGE, "'%.*s' is not a bucket's name",
		    len > 100 ? 100 : (int)len, text);
	buf_puts(&b, key);
	if (suffix != NULL && b.len > 0 && b.data[b.len - 1] != '/')
		buf_putc(&b, '/');
	buf_puts(&b, suffix != NULL ? suffix : "");
	if (b.failed)
		err_set(e, ERR_USAGE, "key '%.100s…' is longer than %d bytes",
		    suffix != NULL ? suffix : key, KEY_MAX);
	else if ((out->bucket = mem_dup_len(text, len, e)) != NULL &&
	    (out->key = mem_dup(buf_text(&b), e)) != NULL)
		rc = 0;
	buf_free(&b);
	if (rc != 0)
		uri_free(out);
	return rc;
}

int
uri_resolve(struct uri *out, const char *text, const char *base,
	struct err *e)
{
	memset(out, 0, sizeof(*out));
	if (has_scheme(text))
		return split(out, text + strlen(SCHEME), NULL, e);
	if (base == NULL || base[0] == '\0') {
		err_set(e, ERR_USAGE, "'%s' has no bucket", text);
		return err_hint(e, "write s3://BUCKET/KEY, or set S3_BUCKET");
	}
	if (has_scheme(base))
		base += strlen(SCHEME);
	return split(out, base, text, e);
}

void
uri_free(struct uri *u)
{
	free(u->bucket);
	free(u->key);
	memset(u, 0, sizeof(*u));
}

void
uri_print(struct buf *out, const char *bucket, const char *key)
{
	buf_printf(out, SCHEME "%s/%s", bucket, key);
}

void
uri_encode(struct buf *out, const char *text, size_t len, bool keep_slash)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-._~";
	static const char hex[] = "0123456789ABCDEF";
	size_t i;

	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if ((c != 0 && strchr(plain, c) != NULL) ||
		    (c == '/' && keep_slash)) {
			buf_putc(out, (char)c);
			continue;
		}
		buf_putc(out, '%');
		buf_putc(out, hex[c >> 4]);
		buf_putc(out, hex[c & 15]);
	}
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

int
uri_decode(char *text)
{
	char *in = text, *out = text;
	int high, low;

	while (*in != '\0') {
		if (*in != '%') {
			*out++ = *in++;
			continue;
		}
		if ((high = hex_value(in[1])) < 0 ||
		    (low = hex_value(in[2])) < 0 || high + low == 0)
			return -1;
		*out++ = (char)(high * 16 + low);
		in += 3;
	}
	*out = '\0';
	return 0;
}
