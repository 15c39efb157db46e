/*
 * Requests over libcurl. A handle keeps its connection between requests, so
 * the pool hands out the one that was used last.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "net_private.h"
#include "os.h"

#define HEADERS_MAX (64 * 1024)
#define BUFFER_BYTES (256L * 1024)
#define EXPECT_BYTES (1u << 20)		/* ask before sending so much */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static CURLcode started;

static void
start(void)
{
	started = curl_global_init(CURL_GLOBAL_DEFAULT);
}

struct net *
net_open(const struct net_options *options, struct err *e)
{
	struct net *net;

	if (pthread_once(&once, start) != 0 || started != CURLE_OK) {
		err_set(e, ERR_LOCAL, "cannot start libcurl");
		return NULL;
	}
	if ((net = mem_new(1, sizeof(*net), e)) == NULL)
		return NULL;
	net->options = *options;
	(void)pthread_mutex_init(&net->lock, NULL);
	if ((options->ca_bundle != NULL && (net->ca_bundle =
	    mem_dup(options->ca_bundle, e)) == NULL) ||
	    (net->user_agent = mem_dup(options->user_agent, e)) == NULL ||
	    (options->bytes_per_second != 0 && (net->throttle =
	    throttle_new(options->bytes_per_second, e)) == NULL)) {
		net_close(net);
		return NULL;
	}
	return net;
}

void
net_close(struct net *net)
{
	if (net == NULL)
		return;
	while (net->idle_count > 0)
		curl_easy_cleanup(net->idle[--net->idle_count]);
	(void)pthread_mutex_destroy(&net->lock);
	free(net->ca_bundle);
	free(net->user_agent);
	throttle_free(net->throttle);
	free(net);
}

static CURL *
take_handle(struct net *net)
{
	CURL *c = NULL;

	(void)pthread_mutex_lock(&net->lock);
	if (net->idle_count > 0)
		c = net->idle[--net->idle_count];
	(void)pthread_mutex_unlock(&net->lock);
	return c != NULL ? c : curl_easy_init();
}

static void
give_handle(struct net *net, CURL *c)
{
	curl_easy_reset(c);	/* keeps the connection */
	(void)pthread_mutex_lock(&net->lock);
	if (net->idle_count < NET_POOL_MAX) {
		net->idle[net->idle_count++] = c;
		c = NULL;
	}
	(void)pthread_mutex_unlock(&net->lock);
	if (c != NULL)
		curl_easy_cleanup(c);
}

/* -- headers ------------------------------------------------------------ */

static void
free_headers(struct curl_slist *list)
{
	struct curl_slist *h;

	for (h = list; h != NULL; h = h->next)	/* a session token is one */
		mem_wipe(h->data, strlen(h->data));
	curl_slist_free_all(list);
}

static int
add_header(struct curl_slist **list, const char *name, const char *value,
	struct err *e)
{
	struct buf line = BUF_INIT(HEADERS_MAX);
	struct curl_slist *longer = NULL;
	const char *p;

	for (p = value; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 127)
			return err_set(e, ERR_USAGE, "header '%s' would "
			    "contain a control character", name);
	/* ";" is libcurl's way to send a header without a value */
	buf_printf(&line, *value != '\0' ? "%s: %s" : "%s;", name, value);
	if (!line.failed)
		longer = curl_slist_append(*list, buf_text(&line));
	buf_free_secret(&line);
	if (longer == NULL)
		return err_set(e, ERR_LOCAL, "no memory for a header");
	*list = longer;
	return 0;
}

/* "Name:" removes what libcurl would send by itself. */
static int
drop_header(struct curl_slist **list, const char *line, struct err *e)
{
	struct curl_slist *longer = curl_slist_append(*list, line);

	if (longer == NULL)
		return err_set(e, ERR_LOCAL, "no memory for a header");
	*list = longer;
	return 0;
}

static struct curl_slist *
make_headers(const struct net_request *r, struct err *e)
{
	struct curl_slist *list = NULL;
	size_t i;
	int rc = drop_header(&list, "Accept:", e);

	for (i = 0; rc == 0 && i < r->header_count; i++)
		rc = add_header(&list, r->headers[i].name,
		    r->headers[i].value, e);
	if (rc == 0 && r->has_body && r->size < EXPECT_BYTES)
		rc = drop_header(&list, "Expect:", e);
	if (rc == 0)
		return list;
	free_headers(list);
	return NULL;
}

/*
 * Whom to trust: a file's certificates, or the system's. libcurl knows where
 * those are, but for Windows, where they are in no file and it must be told.
 * Source: CURLOPT_SSL_OPTIONS(3).
 */
void
net_set_trust(const struct net *net, CURL *c)
{
	if (net->ca_bundle != NULL) {
		(void)curl_easy_setopt(c, CURLOPT_CAINFO, net->ca_bundle);
		return;
	}
	(void)curl_easy_setopt(c, CURLOPT_SSL_OPTIONS,
	    (long)CURLSSLOPT_NATIVE_CA);
	(void)curl_easy_setopt(c, CURLOPT_PROXY_SSL_OPTIONS,
	    (long)CURLSSLOPT_NATIVE_CA);
}

/* -- one request -------------------------------------------------------- */

static void
set_method(CURL *c, const struct net_request *r)
{
	if (r->has_body) {
		(void)curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
		(void)curl_easy_setopt(c, CURLOPT_INFILESIZE_LARGE,
		    (curl_off_t)r->size);
	} else if (strcmp(r->method, "HEAD") == 0) {
		(void)curl_easy_setopt(c, CURLOPT_NOBODY, 1L);
		return;
	}
	(void)curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, r->method);
}

static void
set_options(const struct net *net, CURL *c, const struct net_request *r)
{
	unsigned stall = r->stall_seconds != 0 ? r->stall_seconds :
	    net->options.stall_seconds;

	(void)curl_easy_setopt(c, CURLOPT_URL, r->url);
	(void)curl_easy_setopt(c, CURLOPT_PATH_AS_IS, 1L);
	(void)curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(c, CURLOPT_HTTP_VERSION,
	    (long)CURL_HTTP_VERSION_1_1);
	(void)curl_easy_setopt(c, CURLOPT_USERAGENT, net->user_agent);
	net_set_trust(net, c);
	(void)curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS,
	    (long)(r->connect_ms != 0 ? r->connect_ms :
	    net->options.connect_ms));
	(void)curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)r->limit_ms);
	if (r->no_proxy)
		(void)curl_easy_setopt(c, CURLOPT_PROXY, "");
	(void)curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1L);
	(void)curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)stall);
	(void)curl_easy_setopt(c, CURLOPT_TCP_KEEPALIVE, 1L);
	(void)curl_easy_setopt(c, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	(void)curl_easy_setopt(c, CURLOPT_BUFFERSIZE, BUFFER_BYTES);
	(void)curl_easy_setopt(c, CURLOPT_UPLOAD_BUFFERSIZE, BUFFER_BYTES);
	set_method(c, r);
}

static int
perform(struct net *net, struct net_transfer *t, struct err *e)
{
	char detail[CURL_ERROR_SIZE] = "";
	struct curl_slist *headers = make_headers(t->request, e);
	CURLcode code;

	if (headers == NULL)
		return -1;
	set_options(net, t->curl, t->request);
	net_set_callbacks(t);
	(void)curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, headers);
	(void)curl_easy_setopt(t->curl, CURLOPT_ERRORBUFFER, detail);
	code = curl_easy_perform(t->curl);
	free_headers(headers);
	if (t->refused)
		*e = t->err;
	else if (code != CURLE_OK)
		net_explain(code, detail, e);
	t->answer->result = t->refused ? NET_FAILED : net_result_of(code);
	return t->answer->result == NET_ANSWERED ? 0 : -1;
}

int
net_send(struct net *net, const struct net_request *request,
	struct net_answer *a, struct err *e)
{
	struct net_transfer t = { .throttle = net->throttle,
		.request = request, .answer = a };
	int rc;

	a->result = NET_FAILED;
	a->status = 0;
	buf_reset(&a->body);
	buf_reset(&a->headers);
	if ((t.curl = take_handle(net)) == NULL)
		return err_set(e, ERR_LOCAL, "no memory for a connection");
	rc = perform(net, &t, e);
	give_handle(net, t.curl);
	return rc;
}

/* -- answers ------------------------------------------------------------ */

void
net_answer_init(struct net_answer *a, size_t body_max)
{
	memset(a, 0, sizeof(*a));
	a->result = NET_FAILED;
	buf_init(&a->body, body_max);
	buf_init(&a->headers, HEADERS_MAX);
}

void
net_answer_free(struct net_answer *a)
{
	buf_free(&a->body);
	buf_free(&a->headers);
}

const char *
net_answer_header(const struct net_answer *a, const char *name)
{
	const char *p = buf_text(&a->headers), *end = p + a->headers.len;
	const char *value;

	for (; p < end; p = value + strlen(value) + 1) {
		value = p + strlen(p) + 1;
		if (strcmp(p, name) == 0)
			return value;
	}
	return "";
}
