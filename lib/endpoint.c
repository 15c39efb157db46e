/*
 * URLs of servers, taken apart by rules that are stricter than libcurl's, and
 * the names of AWS's own.
 */
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "endpoint.h"
#include "mem.h"
#include "num.h"

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
parse_authority(struct endpoint *out, const char *p, size_t len,
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
endpoint_parse(struct endpoint *out, const char *url, struct err *e)
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
	endpoint_free(out);
	return -1;
}

bool
endpoint_is_region(const char *region)
{
	size_t len = strlen(region);

	return len > 0 && len < ENDPOINT_REGION_MAX && strspn(region,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789-_") == len;
}

/* AWS comes in partitions, each with domains of its own. */
struct partition {
	const char *prefix;	/* of its regions */
	const char *domain;
	const char *dualstack;	/* for services other than S3 */
};

static const struct partition *
partition_of(const char *region)
{
	static const struct partition partitions[] = {
		{ "cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn" },
		{ "eusc-", "amazonaws.eu", "api.amazonwebservices.eu" },
		{ "us-iso-", "c2s.ic.gov", "api.aws.ic.gov" },
		{ "us-isob-", "sc2s.sgov.gov", "api.aws.scloud" },
		{ "us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov" },
		{ "eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk" },
		{ "", "amazonaws.com", "api.aws" },
	};
	const struct partition *p = partitions;

	while (strncmp(region, p->prefix, strlen(p->prefix)) != 0)
		p++;
	return p;
}

void
endpoint_aws_host(struct buf *out, const char *service, const char *region,
	const struct endpoint_kind *kind)
{
	const struct partition *p = partition_of(region);
	bool s3 = strcmp(service, "s3") == 0, fips = kind->fips;

	/* there the usual one is FIPS's already */
	if (strcmp(service, "sts") == 0 && strncmp(region, "us-gov-", 7) == 0)
		fips = false;
	buf_printf(out, "%s%s.%s%s.%s", service, fips ? "-fips" : "",
	    kind->dualstack && s3 ? "dualstack." : "", region,
	    kind->dualstack && !s3 ? p->dualstack : p->domain);
}

void
endpoint_free(struct endpoint *ep)
{
	free(ep->host);
	free(ep->base);
	memset(ep, 0, sizeof(*ep));
}
