/*
 * Where a service is: the URL of its server, in parts. Pure.
 */
#ifndef ENDPOINT_H
#define ENDPOINT_H

#include <stdbool.h>

#include "buf.h"
#include "err.h"

struct endpoint {
	bool tls;
	char *host;	/* lower case, with a port if it is not the scheme's;
			 * IPv6 in brackets */
	char *base;	/* path below which it answers: "" or "/base" */
};

/* ERR_USAGE unless url is http:// or https://, a host, a port, a path. */
int endpoint_parse(struct endpoint *out, const char *url, struct err *e);

/* Which of AWS's own. */
struct endpoint_kind {
	bool dualstack;		/* with IPv6 */
	bool fips;		/* with FIPS 140 cryptography */
};

#define ENDPOINT_REGION_MAX 64

/* Can it be the name of a region, and a label of a host name? */
bool endpoint_is_region(const char *region);

/*
 * Append the host of a service ("s3", "sts") in that region. Source: AWS
 * General Reference, "AWS service endpoints".
 */
void endpoint_aws_host(struct buf *out, const char *service,
	const char *region, const struct endpoint_kind *kind);

void endpoint_free(struct endpoint *ep);

#endif
