/*
 * Where a bucket is: in the host name, as AWS wants it, or in the path, which
 * works everywhere else. The path is encoded here once, so that what is
 * signed and what is sent can't differ.
 */
#include <stdlib.h>
#include <string.h>

#include "s3_private.h"
#include "uri.h"

/* A bucket's name that can be one label, or labels, of a host name. */
static bool
fits_host(const char *bucket, bool tls)
{
	size_t len = strlen(bucket);

	if (len < 3 || len > 63 || strchr("-.", bucket[0]) != NULL ||
	    strchr("-.", bucket[len - 1]) != NULL ||
	    strstr(bucket, "..") != NULL || strstr(bucket, ".-") != NULL ||
	    strstr(bucket, "-.") != NULL ||
	    strspn(bucket, "0123456789.") == len)	/* an address? */
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
s3_endpoint_is_tls(const struct s3_endpoint *ep)
{
	return ep->is_aws || ep->custom.tls;
}

bool
s3_endpoint_uses_path(const struct s3_endpoint *ep, const char *bucket)
{
	if (ep->path_style || !fits_host(bucket, s3_endpoint_is_tls(ep)) ||
	    (!ep->is_aws && is_ip_or_localhost(ep->custom.host)))
		return true;
	return !ep->is_aws && !ep->virtual_host;
}

static void
put_host(const struct s3_endpoint *ep, const char *region, bool in_path,
	struct buf *host)
{
	if (!ep->is_aws)
		buf_puts(host, ep->custom.host);
	else if (ep->accelerate && !in_path)
		buf_puts(host, ep->kind.dualstack ?
		    "s3-accelerate.dualstack.amazonaws.com" :
		    "s3-accelerate.amazonaws.com");
	else
		endpoint_aws_host(host, "s3", region, &ep->kind);
}

void
s3_endpoint_locate(const struct s3_endpoint *ep, const char *region,
	const struct s3_name *name, struct buf *host, struct buf *path)
{
	bool in_path = s3_endpoint_uses_path(ep, name->bucket);

	if (!in_path)
		buf_printf(host, "%s.", name->bucket);
	put_host(ep, region, in_path, host);
	if (!ep->is_aws)
		buf_puts(path, ep->custom.base);
	buf_putc(path, '/');
	if (in_path)
		uri_encode(path, name->bucket, strlen(name->bucket), false);
	if (name->key == NULL)
		return;
	if (in_path)
		buf_putc(path, '/');
	uri_encode(path, name->key, strlen(name->key), true);
}
