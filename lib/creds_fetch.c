/*
 * Small requests for credentials: short limits, few attempts, and answers that
 * are wiped, since most of them are secrets.
 */
#include <string.h>

#include "backoff.h"
#include "creds_private.h"
#include "os.h"

#define ANSWER_USUAL (16u * 1024)

static int
send_once(struct creds_session *s, const struct creds_fetch *f,
	struct net_answer *a, struct err *e)
{
	const struct net_request r = {
		.method = f->method != NULL ? f->method : "GET",
		.url = f->url,
		.headers = f->headers,
		.header_count = f->header_count,
		.has_body = f->body != NULL,
		.data = f->body,
		.fd = -1,
		.size = f->body != NULL ? strlen(f->body) : 0,
		.connect_ms = f->connect_ms,
		.limit_ms = f->limit_ms,
		.no_proxy = f->no_proxy,
	};

	if (net_send(s->net, &r, a, e) != 0)
		return -1;
	if (a->status / 100 != 5 && a->status != 429)
		return 0;
	return err_set(e, ERR_REMOTE, "it answered %d", a->status);
}

int
creds_fetch(struct creds_session *s, const struct creds_fetch *f,
	struct net_answer *a, struct err *e)
{
	struct backoff b = { .max_attempts = f->attempts, .base_ms = 200,
		.cap_ms = 2000, .budget_ms = 20000 };
	int64_t failed_at = 0, wait;
	struct err stopped = ERR_INIT;
	uint32_t random = 0;
	unsigned attempts;

	/* so that no copies stay behind, unwiped, as it grows */
	(void)buf_room(&a->body, ANSWER_USUAL);
	for (attempts = 1; send_once(s, f, a, e) != 0; attempts++) {
		if (os_random(&random, sizeof(random), &stopped) != 0)
			random = UINT32_MAX;
		if (attempts == 1)
			failed_at = os_monotonic_ms();
		wait = backoff_wait_ms(&b, attempts,
		    os_monotonic_ms() - failed_at, 0, random);
		if (e->kind == ERR_SIGNAL || a->result == NET_FAILED ||
		    wait < 0)
			return err_context(e, "cannot ask %s", f->what);
		if (os_sleep_ms(wait, e) != 0)
			return -1;
	}
	return 0;
}

void
creds_wipe_answer(struct net_answer *a)
{
	buf_free_secret(&a->body);
	net_answer_free(a);
}
