/*
 * A signature proves who sends a request without sending the secret: the
 * server repeats this calculation, so every byte of the form counts.
 */
#include <stdio.h>
#include <string.h>

#include "hash.h"
#include "mem.h"
#include "sigv4.h"
#include "uri.h"
#include "utc.h"

#define QUERY_MAX (16 * 1024)
#define CANONICAL_MAX (64 * 1024)

static void
swap(struct buf *a, struct buf *b)
{
	struct buf t = *a;

	*a = *b;
	*b = t;
}

/* Encoded "name=value" sorts like (name, value): "=" is below all others but
 * "%", "-" and ".", so names are compared up to it. */
static int
compare_params(const char *a, const char *b)
{
	size_t na = strcspn(a, "="), nb = strcspn(b, "=");
	int c = memcmp(a, b, na < nb ? na : nb);

	if (c != 0)
		return c;
	return na != nb ? (na < nb ? -1 : 1) : strcmp(a + na, b + nb);
}

int
sigv4_query(struct buf *out, const struct sigv4_pair *params, size_t count,
	struct err *e)
{
	struct buf enc[SIGV4_PAIRS_MAX];
	size_t i, k;

	if (count > SIGV4_PAIRS_MAX)
		return err_set(e, ERR_LOCAL, "too many query parameters");
	for (i = 0; i < count; i++) {
		buf_init(&enc[i], QUERY_MAX);
		uri_encode(&enc[i], params[i].name, strlen(params[i].name),
		    false);
		buf_putc(&enc[i], '=');
		uri_encode(&enc[i], params[i].value, strlen(params[i].value),
		    false);
		for (k = i; k > 0 && compare_params(buf_text(&enc[k]),
		    buf_text(&enc[k - 1])) < 0; k--)
			swap(&enc[k], &enc[k - 1]);
	}
	for (i = 0; i < count; i++) {
		if (i != 0)
			buf_putc(out, '&');
		buf_puts(out, buf_text(&enc[i]));
		if (enc[i].failed)
			out->failed = true;
		buf_free(&enc[i]);
	}
	return buf_check(out, "query string", e);
}

static char
lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		c = (char)(c - 'A' + 'a');
	return c;
}

static int
compare_names(const char *a, const char *b)
{
	while (*a != '\0' && lower(*a) == lower(*b)) {
		a++;
		b++;
	}
	return (unsigned char)lower(*a) - (unsigned char)lower(*b);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void
put_value(struct buf *out, const char *value)
{
	bool first = true;

	for (;;) {
		while (is_blank(*value))
			value++;
		if (*value == '\0')
			return;
		if (!first)
			buf_putc(out, ' ');
		first = false;
		while (*value != '\0' && !is_blank(*value))
			buf_putc(out, *value++);
	}
}

/* Stable: values of a repeated header keep their order. */
static void
sort_headers(const struct sigv4_request *r, const struct sigv4_pair **sorted)
{
	const struct sigv4_pair *t;
	size_t i, k;

	for (i = 0; i < r->header_count; i++) {
		t = &r->headers[i];
		for (k = i; k > 0 && compare_names(t->name,
		    sorted[k - 1]->name) < 0; k--)
			sorted[k] = sorted[k - 1];
		sorted[k] = t;
	}
}

static void
put_headers(const struct sigv4_pair **sorted, size_t count, struct buf *out,
	struct buf *names)
{
	const char *p;
	size_t i;

	for (i = 0; i < count; i++) {
		if (i != 0 && compare_names(sorted[i]->name,
		    sorted[i - 1]->name) == 0) {
			buf_putc(out, ',');
			put_value(out, sorted[i]->value);
			continue;
		}
		if (i != 0) {
			buf_putc(out, '\n');
			buf_putc(names, ';');
		}
		for (p = sorted[i]->name; *p != '\0'; p++) {
			buf_putc(out, lower(*p));
			buf_putc(names, lower(*p));
		}
		buf_putc(out, ':');
		put_value(out, sorted[i]->value);
	}
	buf_putc(out, '\n');
}

int
sigv4_canonical(const struct sigv4_request *r, struct buf *out,
	struct buf *signed_names, struct err *e)
{
	const struct sigv4_pair *sorted[SIGV4_PAIRS_MAX];

	if (r->header_count > SIGV4_PAIRS_MAX)
		return err_set(e, ERR_LOCAL, "too many headers to sign");
	sort_headers(r, sorted);
	buf_printf(out, "%s\n", r->method);
	buf_puts(out, r->path);
	buf_putc(out, '\n');
	buf_puts(out, r->query);
	buf_putc(out, '\n');
	put_headers(sorted, r->header_count, out, signed_names);
	buf_putc(out, '\n');
	buf_puts(out, buf_text(signed_names));
	buf_putc(out, '\n');
	buf_puts(out, r->payload_sha256);
	if (buf_check(signed_names, "names of headers", e) != 0)
		return -1;
	return buf_check(out, "canonical request", e);
}

/* HMAC chain: secret, day, region, service, "aws4_request", text. */
static int
make_signature(const struct sigv4_key *key, const char *day,
	const char *text, char hex[HASH_HEX_MAX], struct err *e)
{
	const char *steps[] = { day, key->region, key->service,
		"aws4_request", text };
	struct buf secret = BUF_INIT(4096);
	uint8_t mac[HASH_SHA256_SIZE];
	size_t i;
	int rc;

	buf_puts(&secret, "AWS4");
	buf_puts(&secret, key->secret_key);
	if ((rc = buf_check(&secret, "secret key", e)) == 0)
		rc = hash_hmac_sha256(secret.data, secret.len, steps[0],
		    strlen(steps[0]), mac, e);
	for (i = 1; rc == 0 && i < sizeof(steps) / sizeof(steps[0]); i++)
		rc = hash_hmac_sha256(mac, sizeof(mac), steps[i],
		    strlen(steps[i]), mac, e);
	if (rc == 0)
		hash_hex(hex, mac, sizeof(mac));
	mem_wipe(mac, sizeof(mac));
	buf_free_secret(&secret);
	return rc;
}

int
sigv4_sign(const struct sigv4_request *r, const struct sigv4_key *key,
	int64_t now, struct buf *out, struct err *e)
{
	struct buf canonical = BUF_INIT(CANONICAL_MAX);
	struct buf names = BUF_INIT(CANONICAL_MAX);
	struct buf scope = BUF_INIT(1024), text = BUF_INIT(4096);
	char stamp[UTC_TEXT], day[9] = "", hex[HASH_HEX_MAX];
	uint8_t digest[HASH_SHA256_SIZE];
	int rc = -1;

	memcpy(day, utc_format_amz(stamp, now), 8);
	if (sigv4_canonical(r, &canonical, &names, e) != 0 ||
	    hash_sha256(canonical.data, canonical.len, digest, e) != 0)
		goto out;
	buf_printf(&scope, "%s/%s/%s/aws4_request", day, key->region,
	    key->service);
	buf_printf(&text, "AWS4-HMAC-SHA256\n%s\n%s\n%s", stamp,
	    buf_text(&scope), hash_hex(hex, digest, sizeof(digest)));
	if (buf_check(&scope, "credential scope", e) != 0 ||
	    buf_check(&text, "string to sign", e) != 0 ||
	    make_signature(key, day, buf_text(&text), hex, e) != 0)
		goto out;
	buf_printf(out, "AWS4-HMAC-SHA256 Credential=%s/%s, "
	    "SignedHeaders=%s, Signature=%s", key->access_key,
	    buf_text(&scope), buf_text(&names), hex);
	rc = buf_check(out, "signature", e);
out:
	buf_free_secret(&canonical);	/* a customer's key is in it */
	buf_free(&names);
	buf_free(&scope);
	buf_free(&text);
	return rc;
}
