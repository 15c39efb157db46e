/*
 * One call: signed afresh for each attempt, sent, and judged. Only an answer
 * that is whole and of the kind expected ends it; the rest is tried again as
 * long as backoff allows.
 */
#include <string.h>

#include "num.h"
#include "os.h"
#include "s3_private.h"

#define STOPPING_ATTEMPTS 3

enum verdict { FINAL, AGAIN, AGAIN_AT_ONCE, HOPELESS };

void
s3_call_init(struct s3_call *c, const char *verb, const char *method,
	const char *bucket, const char *key, size_t answer_max)
{
	memset(c, 0, sizeof(*c));
	c->verb = verb;
	c->method = method;
	c->bucket = bucket;
	c->key = key;
	c->checksum = HASH_MD5;
	net_answer_init(&c->answer, answer_max);
}

void
s3_call_free(struct s3_call *c)
{
	net_answer_free(&c->answer);
}

void
s3_call_param(struct s3_call *c, const char *name, const char *value)
{
	if (c->param_count < S3_PARAMS_MAX)
		c->params[c->param_count++] =
		    (struct sigv4_pair){ name, value };
}

void
s3_call_header(struct s3_call *c, const char *name, const char *value)
{
	if (c->header_count == S3_HEADERS_MAX)
		c->too_many_headers = true;
	else
		c->headers[c->header_count++] =
		    (struct sigv4_pair){ name, value };
}

/* -- judging ------------------------------------------------------------ */

/* Is a 200 what it should be? An error document, or half of one, is not. */
static bool
is_expected(struct s3_call *c, struct err *e)
{
	const char *root = c->summary.root;

	if (s3xml_summarize(buf_text(&c->answer.body), c->answer.body.len,
	    &c->summary, e) != 0)
		return false;
	if (strcmp(root, "Error") == 0) {
		s3_call_fail(NULL, c, e);
		return false;
	}
	if (strcmp(root, c->expects) != 0) {
		err_set(e, ERR_REMOTE, "the server's answer is '%s', not '%s'",
		    root, c->expects);
		return false;
	}
	return true;
}

static enum verdict
judge(struct s3 *s3, struct s3_call *c, int64_t signed_at, struct err *e)
{
	struct err none = ERR_INIT;
	int status = c->answer.status;
	bool is_error_200;

	memset(&c->summary, 0, sizeof(c->summary));
	if (status / 100 == 2) {
		s3_remember_bucket(s3, c->bucket);
		if (c->expects == NULL || is_expected(c, e))
			return FINAL;
		c->doubtful = true;
		is_error_200 = c->summary.code[0] != '\0';
		return !is_error_200 || s3_is_transient(200,
		    c->summary.code) ? AGAIN : HOPELESS;
	}
	/* a text of a proxy's own is fine too: the status counts */
	(void)s3xml_summarize(buf_text(&c->answer.body), c->answer.body.len,
	    &c->summary, &none);
	if (s3_call_learn(s3, c, signed_at))
		return AGAIN_AT_ONCE;
	if (!s3_is_transient(status, c->summary.code))
		return FINAL;
	if (status >= 500)
		c->doubtful = true;
	s3_call_fail(s3, c, e);
	return AGAIN;
}

static enum verdict
attempt(struct s3 *s3, struct s3_call *c, struct err *e)
{
	int64_t now = os_now() + (int64_t)atomic_load(&s3->skew);

	if (c->begin != NULL)
		c->begin(c);
	if (s3_call_send_once(s3, c, now, e) == 0)
		return judge(s3, c, now, e);
	if (c->answer.result == NET_LOST || e->kind == ERR_SIGNAL)
		c->doubtful = true;
	return c->answer.result == NET_FAILED ? HOPELESS : AGAIN;
}

/* -- trying again ------------------------------------------------------- */

static int64_t
asked_to_wait_ms(const struct s3_call *c)
{
	uint64_t seconds;

	if (c->answer.result != NET_ANSWERED ||
	    num_parse_u64(net_answer_header(&c->answer, "retry-after"),
	    &seconds) != 0)
		return 0;
	return seconds > 3600 ? 3600000 : (int64_t)seconds * 1000;
}

/* 0 to go on, or -1 when there is no more trying. */
static int
wait_before_next(const struct s3 *s3, const struct s3_call *c,
	int64_t failed_at, struct err *e)
{
	struct err stopped = ERR_INIT;
	uint32_t random = 0;
	int64_t ms;

	if (os_random(&random, sizeof(random), &stopped) != 0)
		random = UINT32_MAX;
	ms = backoff_wait_ms(&s3->backoff, c->attempts,
	    os_monotonic_ms() - failed_at, asked_to_wait_ms(c), random);
	if (ms < 0)
		return -1;
	if (os_sleep_ms(ms, &stopped) == 0)
		return 0;
	if (c->ignore_stop)
		return c->attempts < STOPPING_ATTEMPTS ? 0 : -1;
	*e = stopped;
	return -1;
}

int
s3_call_send(struct s3 *s3, struct s3_call *c, struct err *e)
{
	int64_t failed_at = -1;

	if (s3_call_add_checksum(c, e) != 0)
		return -1;
	if (c->too_many_headers)
		return err_set(e, ERR_USAGE, "too many headers");
	for (;;) {
		c->attempts++;
		switch (attempt(s3, c, e)) {
		case FINAL:
			return 0;
		case HOPELESS:
			return -1;
		case AGAIN_AT_ONCE:
			continue;
		case AGAIN:
			break;
		}
		if (failed_at < 0 || c->attempts == 1)
			failed_at = os_monotonic_ms();
		if (wait_before_next(s3, c, failed_at, e) != 0)
			break;
	}
	if (e->kind == ERR_SIGNAL || c->attempts == 1)
		return -1;
	err_context(e, "gave up after %u attempts", c->attempts);
	return -1;
}

int
s3_call_expect_ok(struct s3 *s3, struct s3_call *c, struct err *e)
{
	if (s3_call_send(s3, c, e) != 0)
		return s3_call_context(c, e);
	if (c->answer.status / 100 == 2)
		return 0;
	s3_call_fail(s3, c, e);
	return s3_call_context(c, e);
}

bool
s3_call_is(const struct s3_call *c, int status, const char *code)
{
	return c->answer.status == status && (code == NULL ||
	    c->summary.code[0] == '\0' || strcmp(c->summary.code, code) == 0);
}
