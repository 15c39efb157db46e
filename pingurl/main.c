/*
 * pingurl: tell a monitoring service that a run began, went well or failed.
 */
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "mem.h"
#include "net.h"
#include "opt.h"
#include "os.h"
#include "pingaddr.h"
#include "retry.h"
#include "secretfile.h"

#define BODY_MAX 100000u	/* what healthchecks.io keeps */
#define ANSWER_MAX 4096u
#define ENDLESS (1u << 20)
#define LIMIT_SECONDS 10

/* What standard input brings; its writer must not fail for the rest. */
static int
read_body(struct buf *body, struct err *e)
{
	char block[16 * 1024];
	size_t left;
	ssize_t n;

	if (os_is_terminal(0))
		return 0;
	while ((n = os_read(0, block, sizeof(block), e)) > 0) {
		left = BODY_MAX - body->len;
		buf_put(body, block, (size_t)n < left ? (size_t)n : left);
	}
	return n < 0 ? err_context(e, "standard input") :
	    buf_check(body, "the body", e);
}

/* The beginning of what a success brings with it. */
struct words {
	struct buf text;
	size_t total;
};

static int
take_words(void *ctx, const struct net_answer *a, const void *data,
	size_t len, struct err *e)
{
	struct words *w = ctx;
	size_t left = ANSWER_MAX - w->text.len;

	(void)a;
	buf_put(&w->text, data, len < left ? len : left);
	w->total += len;
	return w->total <= ENDLESS ? 0 :
	    err_set(e, ERR_REMOTE, "the server's answer does not end");
}

/* Has the answer said that it reached what it should? */
static int
check_answer(const struct net_answer *a, const char *body, struct err *e)
{
	if (a->status / 100 != 2) {
		err_set(e, ERR_REMOTE, "the server answered with status %d",
		    a->status);
		return err_hint(e, "check HEALTHCHECK_URL");
	}
	/* healthchecks.io says this with status 200 */
	if (strncmp(body, "OK (", 4) != 0)
		return 0;
	err_set(e, ERR_REMOTE, "the server answered '%.60s'", body);
	return err_hint(e, "check that HEALTHCHECK_URL is the one that the "
	    "service shows");
}

/* Is trying again of use? */
static bool
is_temporary(const struct net_answer *a)
{
	if (a->result == NET_ANSWERED)
		return a->status / 100 == 5 || a->status == 429;
	return a->result != NET_FAILED;
}

static int
send_once(struct net *net, const struct net_request *r, struct net_answer *a,
	struct err *e)
{
	struct words *words = r->ctx;

	buf_reset(&words->text);
	words->total = 0;
	if (net_send(net, r, a, e) == 0)
		return check_answer(a, buf_text(&words->text), e);
	if (e->kind != ERR_SIGNAL)
		err_hint(e, "check the network and HEALTHCHECK_URL; for a "
		    "private CA, name its certificate in SSL_CERT_FILE");
	return -1;
}

static int
send_patiently(struct net *net, const struct net_request *r, struct err *e)
{
	struct retry again = { .waits = { .max_attempts = 4, .base_ms = 1000,
		.cap_ms = 5000, .budget_ms = 60000 } };
	struct net_answer a;
	int rc;

	net_answer_init(&a, ANSWER_MAX);
	while ((rc = send_once(net, r, &a, e)) != 0)
		if (!is_temporary(&a) || retry_wait(&again, e) != 0)
			break;
	net_answer_free(&a);
	return rc;
}

static int
ping(const char *url, const struct buf *body, struct err *e)
{
	const char *ca = getenv("SSL_CERT_FILE");
	struct net_header type = { "Content-Type",
		"text/plain; charset=utf-8" };
	struct words words = { .text = BUF_INIT(ANSWER_MAX) };
	struct net_request r = { .method = body->len > 0 ? "POST" : "GET",
		.url = url, .headers = &type, .header_count = body->len > 0,
		.has_body = body->len > 0, .data = body->data,
		.size = body->len, .receive = take_words, .ctx = &words };
	struct net *net = net_open(&(struct net_options){
	    .ca_bundle = ca != NULL && ca[0] != '\0' ? ca : NULL,
	    .user_agent = "pgdumpz/" PGDUMPZ_VERSION,
	    .connect_ms = LIMIT_SECONDS * 1000,
	    .stall_seconds = LIMIT_SECONDS }, e);
	int rc;

	if (net == NULL)
		return -1;
	rc = send_patiently(net, &r, e);
	buf_free(&words.text);
	net_close(net);
	return rc;
}

static int
run(const char *verb, struct err *e)
{
	struct buf url = BUF_INIT(2 * SECRETFILE_MAX);
	struct buf host = BUF_INIT(SECRETFILE_MAX), body = BUF_INIT(BODY_MAX);
	char *secret = NULL;
	int rc = -1;

	if (secretfile_get("HEALTHCHECK_URL", &secret, e) != 0)
		goto out;
	if (secret == NULL) {
		err_set(e, ERR_USAGE, "no HEALTHCHECK_URL is set");
		goto out;
	}
	if (pingaddr_put(&url, secret, verb, e) != 0 ||
	    read_body(&body, e) != 0)
		goto out;
	rc = ping(buf_text(&url), &body, e);
	pingaddr_put_host(&host, secret);
	if (rc != 0 && e->kind != ERR_SIGNAL)
		err_context(e, "cannot ping '%s'", buf_text(&host));
out:
	mem_free_secret(secret);
	buf_free_secret(&url);
	buf_free(&host);
	buf_free(&body);
	return rc;
}

static int
check_verb(const char *verb, struct err *e)
{
	if (verb == NULL || strcmp(verb, "start") == 0 ||
	    strcmp(verb, "fail") == 0 || strcmp(verb, "log") == 0)
		return 0;
	return err_set(e, ERR_USAGE, "'%s' is none of start, fail, log", verb);
}

int
main(int argc, char **argv)
{
	const struct opt none[] = { { 0 } };
	const struct opt_tool tool = {
		.name = "pingurl",
		.usage = "pingurl [start | fail | log]",
		.purpose = "Pings the HEALTHCHECK_URL of a monitoring "
		    "service.",
		.opts = none,
		.max_args = 1,
	};
	struct opt_result args;
	struct err e = ERR_INIT;
	const char *verb;

	os_start();
	log_start("pingurl");
	if (opt_parse(&tool, argc, argv, &args, &e) != 0)
		return log_error(&e);
	if (args.done)
		return 0;
	os_catch_stop();
	verb = args.nargs > 0 ? args.args[0] : NULL;
	if (check_verb(verb, &e) != 0 || run(verb, &e) != 0)
		return log_error(&e);
	return 0;
}
