/*
 * The examples of the Amazon S3 documentation, and, where it is at hand (env
 * PGDUMPZ_VECTORS), AWS's signing suite.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os.h"
#include "sigv4.h"
#include "tap.h"

#define DAY "20130524T000000Z"

static const struct sigv4_key example_key = {
	"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
	"us-east-1", "s3" };

struct example {
	const char *name;
	const char *method, *path;
	struct sigv4_pair params[3];
	size_t param_count;
	struct sigv4_pair headers[6];	/* in disorder */
	const char *sha256;
	const char *signed_names, *signature;
};

static const struct example examples[] = {
	{ "GET Object with a range", "GET", "/test.txt", { { 0 } }, 0,
	    { { "X-Amz-Date", DAY }, { "Range", "bytes=0-9" },
	    { "Host", "examplebucket.s3.amazonaws.com" },
	    { "x-amz-content-sha256", SIGV4_EMPTY_SHA256 } },
	    SIGV4_EMPTY_SHA256, "host;range;x-amz-content-sha256;x-amz-date",
	    "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
	},
	{ "PUT Object with a dollar", "PUT", "/test%24file.text",
	    { { 0 } }, 0,
	    { { "Date", "Fri, 24 May 2013 00:00:00 GMT" },
	    { "Host", "examplebucket.s3.amazonaws.com" },
	    { "x-amz-date", DAY },
	    { "x-amz-storage-class", "REDUCED_REDUNDANCY" },
	    { "x-amz-content-sha256", "44ce7dd67c959e0d3524ffac1771dfbb"
	    "a87d2b6b4b4e99e42034a8b803f8b072" } },
	    "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
	    "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
	    "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
	},
	{ "GET Bucket lifecycle", "GET", "/", { { "lifecycle", "" } }, 1,
	    { { "Host", "examplebucket.s3.amazonaws.com" },
	    { "x-amz-date", DAY },
	    { "x-amz-content-sha256", SIGV4_EMPTY_SHA256 } },
	    SIGV4_EMPTY_SHA256, "host;x-amz-content-sha256;x-amz-date",
	    "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
	},
	{ "GET Bucket, listing", "GET", "/",
	    { { "prefix", "J" }, { "max-keys", "2" } }, 2,
	    { { "Host", "examplebucket.s3.amazonaws.com" },
	    { "x-amz-date", DAY },
	    { "x-amz-content-sha256", SIGV4_EMPTY_SHA256 } },
	    SIGV4_EMPTY_SHA256, "host;x-amz-content-sha256;x-amz-date",
	    "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
	},
};

static void
test_example(const struct example *x)
{
	struct buf query = BUF_INIT(4096), got = BUF_INIT(4096);
	struct buf expected = BUF_INIT(4096);
	struct sigv4_request r = { x->method, x->path, NULL, x->headers, 0,
		x->sha256 };
	struct err e = ERR_INIT;

	while (r.header_count < 6 && x->headers[r.header_count].name != NULL)
		r.header_count++;
	(void)sigv4_query(&query, x->params, x->param_count, &e);
	r.query = buf_text(&query);
	tap_int(sigv4_sign(&r, &example_key, 1369353600, &got, &e), 0,
	    "%s", x->name);
	buf_printf(&expected, "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE"
	    "/20130524/us-east-1/s3/aws4_request, SignedHeaders=%s, "
	    "Signature=%s", x->signed_names, x->signature);
	tap_text(buf_text(&got), buf_text(&expected), "%s", x->name);
	buf_free(&query);
	buf_free(&got);
	buf_free(&expected);
}

static void
test_query(void)
{
	static const struct sigv4_pair params[] = {
		{ "uploadId", "a+b/c=" }, { "a-b", "2" }, { "a", "z" },
		{ "partNumber", "10" }, { "a", "" }, { "\xc3\xbc", "~_.-" },
	};
	struct sigv4_pair many[SIGV4_PAIRS_MAX + 1];
	struct buf out = BUF_INIT(4096);
	struct err e = ERR_INIT;
	size_t i;

	tap_int(sigv4_query(&out, params, 6, &e), 0, "a query");
	tap_text(buf_text(&out), "%C3%BC=~_.-&a=&a=z&a-b=2&partNumber=10&"
	    "uploadId=a%2Bb%2Fc%3D", "is sorted and encoded");
	buf_reset(&out);
	tap_int(sigv4_query(&out, NULL, 0, &e), 0, "none");
	tap_text(buf_text(&out), "", "is nothing");
	for (i = 0; i <= SIGV4_PAIRS_MAX; i++)
		many[i] = params[0];
	tap_int(sigv4_query(&out, many, SIGV4_PAIRS_MAX + 1, &e), -1,
	    "too many are an error");
	buf_free(&out);
}

static void
test_headers(void)
{
	static const struct sigv4_pair headers[] = {
		{ "X-B", "  two   words\t here " }, { "x-a", "1" },
		{ "X-b", "again" }, { "x-A", "" },
	};
	struct sigv4_request r = { "GET", "/", "", headers, 4, "-" };
	struct buf out = BUF_INIT(4096), names = BUF_INIT(4096);
	struct err e = ERR_INIT;

	tap_int(sigv4_canonical(&r, &out, &names, &e), 0, "headers");
	tap_text(buf_text(&out), "GET\n/\n\nx-a:1,\nx-b:two words here,again\n"
	    "\nx-a;x-b\n-", "are folded, sorted, trimmed");
	buf_free(&out);
	buf_free(&names);
}

/* -- the suite ---------------------------------------------------------- */

#define SUITE "sigv4/aws-c-auth/tests/aws-signing-test-suite/v4"

static char *
read_text(const char *dir, const char *name, struct buf *out)
{
	struct buf path = BUF_INIT(4096);
	struct err e = ERR_INIT;
	ssize_t n = -1;
	void *room;
	int fd;

	buf_printf(&path, "%s/%s", dir, name);
	buf_reset(out);
	if ((fd = os_open_read(buf_text(&path), &e)) >= 0 &&
	    (room = buf_room(out, 60000)) != NULL)
		n = os_read_full(fd, room, 60000, &e);
	if (n > 0)
		buf_filled(out, (size_t)n);
	(void)os_close(fd, &e);
	buf_free(&path);
	return n > 0 ? out->data : NULL;
}

/*
 * Sign request.txt and compare. Left out: what S3 does otherwise (paths that
 * would be normalised or encoded twice), bodies, and session tokens.
 */
static bool
is_for_us(const char *request, const char *context)
{
	return strchr(request, '%') == NULL && strstr(request, "/.") == NULL &&
	    strstr(request, "//") == NULL &&
	    strstr(request, "\xe1") == NULL && strstr(request, " /ex") == NULL &&
	    strstr(context, "\"token\"") == NULL &&
	    strstr(context, "\"sign_body\": true") == NULL &&
	    strstr(request, "Content-Length") == NULL &&
	    strstr(request, "\n ") == NULL &&
	    strchr(strchr(request, ' ') + 1, ' ') != NULL;
}

static size_t
parse_params(char *query, struct sigv4_pair *out)
{
	size_t n = 0;
	char *next;

	for (; query != NULL && *query != '\0' && n < SIGV4_PAIRS_MAX;
	    query = next) {
		if ((next = strchr(query, '&')) != NULL)
			*next++ = '\0';
		out[n].name = query;
		query += strcspn(query, "=");
		if (*query != '\0')
			*query++ = '\0';
		out[n++].value = query;
	}
	return n;
}

/* Cut a request into its pieces, in place. */
static bool
parse_request(char *text, struct sigv4_request *r,
	struct sigv4_pair headers[SIGV4_PAIRS_MAX], struct buf *query)
{
	struct sigv4_pair params[SIGV4_PAIRS_MAX];
	char *line = strchr(text, '\n'), *target, *end, *value;
	struct err e = ERR_INIT;
	size_t n;

	if (line == NULL || (target = strchr(text, ' ')) == NULL)
		return false;
	*line++ = '\0';
	*target++ = '\0';
	if ((end = strrchr(target, ' ')) == NULL)
		return false;
	*end = '\0';
	r->method = text;
	r->path = target;
	if ((end = strchr(target, '?')) != NULL)
		*end++ = '\0';
	n = parse_params(end, params);
	if (sigv4_query(query, params, n, &e) != 0)
		return false;
	r->query = buf_text(query);
	for (; *line != '\0' && *line != '\n'; line = end) {
		if ((end = strchr(line, '\n')) != NULL)
			*end++ = '\0';
		else
			end = line + strlen(line);
		if ((value = strchr(line, ':')) == NULL)
			return false;
		*value++ = '\0';
		headers[r->header_count++] =
		    (struct sigv4_pair){ line, value };
	}
	r->headers = headers;
	return true;
}

static void
test_case(const char *dir, const char *name)
{
	const struct sigv4_key key = { "AKIDEXAMPLE",
		"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1",
		"service" };
	struct sigv4_pair headers[SIGV4_PAIRS_MAX];
	struct sigv4_request r = { .payload_sha256 = SIGV4_EMPTY_SHA256 };
	struct buf request = BUF_INIT(65536), expected = BUF_INIT(65536);
	struct buf query = BUF_INIT(65536), got = BUF_INIT(65536);
	struct err e = ERR_INIT;

	if (read_text(dir, "context.json", &expected) == NULL ||
	    read_text(dir, "request.txt", &request) == NULL ||
	    !is_for_us(buf_text(&request), buf_text(&expected)) ||
	    !parse_request(request.data, &r, headers, &query) ||
	    read_text(dir, "header-signature.txt", &expected) == NULL)
		goto out;
	headers[r.header_count++] = (struct sigv4_pair){ "X-Amz-Date",
		"20150830T123600Z" };
	if (sigv4_sign(&r, &key, 1440938160, &got, &e) == 0 && got.len > 64)
		tap_text(got.data + got.len - 64, expected.data, "suite: %s",
		    name);
out:
	buf_free(&request);
	buf_free(&expected);
	buf_free(&query);
	buf_free(&got);
}

static void
test_suite(void)
{
	const char *vectors = getenv("PGDUMPZ_VECTORS");
	struct buf dir = BUF_INIT(4096);
	struct dirent *entry;
	size_t base;
	DIR *d;

	buf_printf(&dir, "%s/" SUITE "/", vectors != NULL ? vectors : "");
	if ((d = opendir(buf_text(&dir))) == NULL) {
		tap_note("AWS's signing suite is not at hand");
		buf_free(&dir);
		return;
	}
	base = dir.len;
	while ((entry = readdir(d)) != NULL) {
		dir.len = base;
		buf_puts(&dir, entry->d_name);
		if (entry->d_name[0] != '.')
			test_case(buf_text(&dir), entry->d_name);
	}
	(void)closedir(d);
	buf_free(&dir);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof(examples) / sizeof(examples[0]); i++)
		test_example(&examples[i]);
	test_query();
	test_headers();
	test_suite();
	return tap_done();
}
