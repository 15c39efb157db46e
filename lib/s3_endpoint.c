/*
 * Where a bucket is: in the host name, as AWS wants it, or in the path, which
 * works everywhere else. The path is encoded here once, so that what is
 * signed and what is sent can't differ.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "num.h"
#include "s3_private.h"
#include "uri.h"

static int
bad_endpoint(const char *url, const char *why, struct err *e)
{
	const char *at = strrchr(url, '@');	/* a password's end? */

	err_set(e, ERR_USAGE, "cannot use endpoint '%s%.200s': %s",
	    at != NULL ? "..." : "", at != NULL ? at : url, why);
	return err_hint(e, "it looks like https://HOST or "
	    "http://HOST:PORT");
}

static bool
is_host(const char *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		    "0123456789.-_", p[i]) == NULL)
			return false;
	return len > 0;
}

static bool
is_address(const char *p, size_t len)
{
	size_t i;

	if (len < 4 || p[0] != '[' || p[len - 1] != ']')
		return false;
	for (i = 1; i < len - 1; i++)
		if (strchr("0123456789abcdefABCDEF:.", p[i]) == NULL)
			return false;
	return true;
}

/* HOST or HOST:PORT, without the scheme's own port. */
static int
parse_authority(struct s3_endpoint *out, const char *p, size_t len,
	const char *url, struct err *e)
{
	const char *colon = p + len;
	size_t host_len = len, i;
	uint64_t port;

	while (colon > p && colon[-1] >= '0' && colon[-1] <= '9')
		colon--;
	if (colon > p && colon[-1] == ':' && (p[0] != '[' ||
	    (colon - p >= 2 && colon[-2] == ']'))) {
		host_len = (size_t)(colon - 1 - p);
		if (num_parse_u64_len(colon, len - host_len - 1, &port) != 0 ||
		    port == 0 || port > 65535)
			return bad_endpoint(url, "bad port", e);
		if (port == (out->tls ? 443 : 80))
			len = host_len;
	}
	if (!is_host(p, host_len) && !is_address(p, host_len))
		return bad_endpoint(url, "bad host name", e);
	if ((out->host = mem_dup_len(p, len, e)) == NULL)
		return -1;
	for (i = 0; i < len; i++)
		if (out->host[i] >= 'A' && out->host[i] <= 'Z')
			out->host[i] = (char)(out->host[i] - 'A' + 'a');
	return 0;
}

int
s3_endpoint_parse(struct s3_endpoint *out, const char *url, struct err *e)
{
	const char *rest = url, *path;
	size_t len;

	memset(out, 0, sizeof(*out));
	if (strncmp(url, "https://", 8) == 0) {
		out->tls = true;
		rest += 8;
	} else if (strncmp(url, "http://", 7) == 0) {
		rest += 7;
	} else {
		return bad_endpoint(url, "neither http:// nor https://", e);
	}
	len = strcspn(rest, "/");
	path = rest + len;
	if (path[strcspn(path, "?#@% \t\r\n\"<>\\")] != '\0')
		return bad_endpoint(url, "bad path", e);
	if (parse_authority(out, rest, len, url, e) != 0)
		return -1;
	len = strlen(path);
	while (len > 0 && path[len - 1] == '/')
		len--;
	if ((out->base = mem_dup_len(path, len, e)) != NULL)
		return 0;
	s3_endpoint_free(out);
	return -1;
}

int
s3_endpoint_aws(struct s3_endpoint *out, const char *region, struct err *e)
{
	struct buf host = BUF_INIT(300);
	int rc = -1;

	memset(out, 0, sizeof(*out));
	if (!is_host(region, strlen(region)) || strlen(region) > 63)
		return err_set(e, ERR_USAGE, "'%.100s' is not the name of a "
		    "region", region);
	buf_printf(&host, "s3.%s.amazonaws.com%s", region,
	    strncmp(region, "cn-", 3) == 0 ? ".cn" : "");
	out->is_aws = true;
	out->tls = true;
	if ((out->host = mem_dup(buf_text(&host), e)) != NULL &&
	    (out->base = mem_dup("", e)) != NULL)
		rc = 0;
	buf_free(&host);
	return rc;
}

void
s3_endpoint_free(struct s3_endpoint *ep)
{
	free(ep->host);
	free(ep->base);
	memset(ep, 0, sizeof(*ep));
}

/* A bucket's name that can be one label, or labels, of a host name. */
static bool
fits_host(const char *bucket, bool tls)
{
	size_t len = strlen(bucket);

	if (len < 3 || len > 63 || bucket[len - 1] == '-' ||
	    bucket[len - 1] == '.' || strstr(bucket, "..") != NULL)
		return false;
	if (tls && strchr(bucket, '.') != NULL)
		return false;
	return strspn(bucket, "abcdefghijklmnopqrstuvwxyz0123456789.-") ==
	    len;
}

static bool
is_ip_or_localhost(const char *host)
{
	size_t len = strcspn(host, ":");

	if (host[0] == '[' || strspn(host, "0123456789.") == len)
		return true;
	return len == 9 && memcmp(host, "localhost", len) == 0;
}

bool
s3_endpoint_uses_path(const struct s3_endpoint *ep, const char *bucket)
{
	if (ep->path_style || !fits_host(bucket, ep->tls) ||
	    is_ip_or_localhost(ep->host))
		return true;
	return !ep->is_aws && !ep->virtual_host;
}

void
s3_endpoint_locate(const struct s3_endpoint *ep, const char *bucket,
	const char *key, struct buf *host, struct buf *path)
{
	bool in_path = s3_endpoint_uses_path(ep, bucket);

	if (!in_path)
		buf_printf(host, "%s.", bucket);
	buf_puts(host, ep->host);
	buf_puts(path, ep->base);
	buf_putc(path, '/');
	if (in_path)
		uri_encode(path, bucket, strlen(bucket), false);
	if (key == NULL)
		return;
	if (in_path)
		buf_putc(path, '/');
	uri_encode(path, key, strlen(key), true);
}
