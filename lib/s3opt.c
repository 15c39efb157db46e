/*
 * One place for the options of all S3 tools.
 */
#include <string.h>

#include "s3opt.h"

void
s3opt_append(struct opt *opts, struct s3_options *to)
{
	const struct opt common[S3OPT_COUNT] = {
		{ 0, "endpoint-url", "URL", OPT_TEXT, &to->endpoint_url,
		    "the S3 server, when it is not AWS\n"
		    "(AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL)" },
		{ 0, "region", "REGION", OPT_TEXT, &to->region,
		    "its region (AWS_REGION)" },
		{ 0, "profile", "NAME", OPT_TEXT, &to->profile,
		    "section of the AWS files to use (AWS_PROFILE)" },
		{ 0, "ca-bundle", "FILE", OPT_TEXT, &to->ca_bundle,
		    "certificates to trust (AWS_CA_BUNDLE)" },
		{ 0, "path-style", NULL, OPT_FLAG, &to->path_style,
		    "put the bucket into the path of the URL\n"
		    "(the default, but for AWS)" },
		{ 0, "virtual-host", NULL, OPT_FLAG, &to->virtual_host,
		    "put it into the host name" },
		{ 0, "expected-bucket-owner", "ACCOUNT", OPT_TEXT,
		    &to->expected_owner,
		    "do nothing in a bucket of another account" },
		{ 0, "request-payer", NULL, OPT_FLAG, &to->requester_pays,
		    "pay for the requests to another's bucket" },
		{ 0, "sse-c-key-file", "FILE", OPT_TEXT,
		    &to->customer_key_file,
		    "objects are encrypted by the key in FILE, in\n"
		    "base64 (S3_SSE_C_KEY_FILE, S3_SSE_C_KEY)" },
	};

	while (opts->name != NULL)
		opts++;
	memcpy(opts, common, sizeof(common));
}
