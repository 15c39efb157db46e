/*
 * What libcurl asks of us while a request is under way: bytes that go up,
 * bytes and headers that came down, and whether to go on.
 */
#include <stdio.h>
#include <string.h>

#include "net_private.h"
#include "num.h"
#include "os.h"

static size_t
refuse(struct net_transfer *t, size_t result)
{
	t->refused = true;
	return result;
}

static size_t
on_read(char *out, size_t size, size_t count, void *ctx)
{
	struct net_transfer *t = ctx;
	const struct net_request *r = t->request;
	uint64_t left = r->size - t->sent;
	size_t n = size * count;
	ssize_t got;

	if (n > left)
		n = (size_t)left;
	if (t->throttle != NULL && n > 0 &&
	    (n = throttle_take(t->throttle, n, &t->err)) == 0)
		return refuse(t, CURL_READFUNC_ABORT);
	if (r->data != NULL) {
		memcpy(out, (const char *)r->data + t->sent, n);
	} else if (n > 0) {
		got = os_pread(r->fd, out, n, r->offset + t->sent, &t->err);
		if (got >= 0 && (size_t)got != n)
			err_set(&t->err, ERR_LOCAL,
			    "the file became shorter while it was sent");
		if (got < 0 || (size_t)got != n)
			return refuse(t, CURL_READFUNC_ABORT);
	}
	t->sent += n;
	return n;
}

/* libcurl starts over when a kept connection turns out to be closed. */
static int
on_seek(void *ctx, curl_off_t offset, int origin)
{
	struct net_transfer *t = ctx;

	if (origin != SEEK_SET || offset < 0 ||
	    (uint64_t)offset > t->request->size)
		return CURL_SEEKFUNC_FAIL;
	t->sent = (uint64_t)offset;
	return CURL_SEEKFUNC_OK;
}

static size_t
on_write(char *data, size_t size, size_t count, void *ctx)
{
	struct net_transfer *t = ctx;
	const struct net_request *r = t->request;
	struct net_answer *a = t->answer;
	size_t n = size * count;

	if (r->receive != NULL && a->status / 100 == 2) {
		if (r->receive(r->ctx, a, data, n, &t->err) != 0)
			return refuse(t, n == 0 ? 1 : 0);
		return n;
	}
	buf_put(&a->body, data, n);
	if (a->body.failed && a->status / 100 == 2) {
		buf_check(&a->body, "the server's answer", &t->err);
		return refuse(t, n == 0 ? 1 : 0);
	}
	return n;	/* the explanation of a failure may be cut */
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static char
lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		c = (char)(c - 'A' + 'a');
	return c;
}

/* Keep "name\0value\0", the name in lower case. */
static void
keep_header(struct buf *headers, const char *line, size_t len)
{
	const char *colon = memchr(line, ':', len), *p, *end = line + len;

	if (colon == NULL || memchr(line, '\0', len) != NULL)
		return;
	for (p = line; p < colon; p++)
		buf_putc(headers, lower(*p));
	buf_putc(headers, '\0');
	for (p = colon + 1; p < end && is_blank(*p); p++)
		;
	while (end > p && is_blank(end[-1]))
		end--;
	buf_put(headers, p, (size_t)(end - p));
	buf_putc(headers, '\0');
}

static size_t
on_header(char *data, size_t size, size_t count, void *ctx)
{
	struct net_transfer *t = ctx;
	struct net_answer *a = t->answer;
	size_t n = size * count;
	const char *code;
	uint64_t status = 0;

	/* "HTTP/1.1 100 Continue" may come before the answer proper */
	if (n > 5 && memcmp(data, "HTTP/", 5) == 0) {
		buf_reset(&a->headers);
		code = memchr(data, ' ', n);
		if (code != NULL && data + n - code >= 4)
			(void)num_parse_u64_len(code + 1, 3, &status);
		a->status = (int)status;
		return n;
	}
	keep_header(&a->headers, data, n);
	if (!a->headers.failed)
		return n;
	buf_check(&a->headers, "the answer's header", &t->err);
	return refuse(t, 0);
}

static int
on_progress(void *ctx, curl_off_t total_down, curl_off_t down,
	curl_off_t total_up, curl_off_t up)
{
	struct net_transfer *t = ctx;

	(void)total_down;
	(void)down;
	(void)total_up;
	(void)up;
	if (t->request->ignore_stop || os_check_stop(&t->err) == 0)
		return 0;
	t->refused = true;
	return 1;
}

int
net_hide_socket(void *ctx, curl_socket_t fd, curlsocktype purpose)
{
	(void)ctx;
	(void)purpose;
	os_hide_from_children((intptr_t)fd);
	return CURL_SOCKOPT_OK;
}

void
net_set_callbacks(struct net_transfer *t)
{
	CURL *c = t->curl;

	(void)curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_write);
	(void)curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
	(void)curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
	(void)curl_easy_setopt(c, CURLOPT_HEADERDATA, t);
	(void)curl_easy_setopt(c, CURLOPT_READFUNCTION, on_read);
	(void)curl_easy_setopt(c, CURLOPT_READDATA, t);
	(void)curl_easy_setopt(c, CURLOPT_SEEKFUNCTION, on_seek);
	(void)curl_easy_setopt(c, CURLOPT_SEEKDATA, t);
	(void)curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
	(void)curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
	(void)curl_easy_setopt(c, CURLOPT_XFERINFODATA, t);
	(void)curl_easy_setopt(c, CURLOPT_SOCKOPTFUNCTION, net_hide_socket);
}
