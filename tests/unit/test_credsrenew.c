/*
 * How credentials are replaced: before they end, by one thread, when a server
 * says that they have expired; and what happens when there are no others.
 */
#include <pthread.h>
#include <stdio.h>

#include "awsdir.h"
#include "creds_private.h"
#include "credskit.h"
#include "httpd.h"
#include "os.h"
#include "tap.h"

#define DOCUMENT CREDSKIT_DOCUMENT
#define EXPIRES_AT CREDSKIT_EXPIRES

static struct httpd *server;
static struct credskit kit;

static void
requests_are(size_t n, const char *what)
{
	tap_int((long long)httpd_count(server), (long long)n, "%s", what);
}

static void *
get_once(void *ctx)
{
	struct err e = ERR_INIT;
	struct creds c;

	if (creds_get(kit.session, EXPIRES_AT + *(const int *)ctx, &c,
	    &e) == 0)
		creds_free(&c);
	return NULL;
}

static void
test_refresh(void)
{
	pthread_t threads[8];
	char url[200];
	int offset = -5;
	size_t i;

	awsdir_clear();
	(void)snprintf(url, sizeof(url), "%s/c", httpd_url(server));
	awsdir_set("AWS_CONTAINER_CREDENTIALS_FULL_URI", url);
	HTTPD_SCRIPT(server, DOCUMENT("K1"), "404\n\n", DOCUMENT("K2"));
	tap_ok(credskit_open(&kit, NULL), "open");
	tap_text(credskit_get(&kit, os_now()), "K1/SK1/TK1", "the first");
	tap_text(credskit_get(&kit, EXPIRES_AT - 301), "K1/SK1/TK1", "serve");
	requests_are(1, "without another look");
	kit.session->hold_ms = 0;
	tap_text(credskit_get(&kit, EXPIRES_AT - 200), "K1/SK1/TK1",
	    "near their end, when nobody has new ones, they go on");
	requests_are(2, "after a look");
	tap_text(credskit_get(&kit, EXPIRES_AT - 199), "K1/SK1/TK1",
	    "the next request");
	requests_are(2, "does not look at once");
	kit.session->hold_ms = 0;
	tap_text(credskit_get(&kit, EXPIRES_AT - 190), "K2/SK2/TK2",
	    "but later");
	HTTPD_SCRIPT(server, "404\n\n");
	kit.session->hold_ms = 0;
	credskit_get(&kit, EXPIRES_AT + 1);
	tap_ok(kit.err.kind == ERR_REMOTE, "none after their end: %s",
	    kit.err.text);

	HTTPD_SCRIPT(server, DOCUMENT("K3"));
	kit.session->hold_ms = 0;
	for (i = 0; i < 8; i++)
		if (pthread_create(&threads[i], NULL, get_once, &offset) != 0)
			tap_ok(false, "a thread");
	for (i = 0; i < 8; i++)
		(void)pthread_join(threads[i], NULL);
	requests_are(1, "of many threads one looks");
	tap_int(creds_renew(kit.session, 1, &kit.err), 0,
	    "what was replaced already");
	requests_are(1, "is not replaced again");
	HTTPD_SCRIPT(server, DOCUMENT("K4"));
	tap_int(creds_renew(kit.session, kit.session->now.serial, &kit.err),
	    0, "a server says that they have expired");
	tap_text(credskit_get(&kit, os_now()), "K4/SK4/TK4", "new ones");
	credskit_close(&kit);

	awsdir_set("AWS_ACCESS_KEY_ID", "E");
	awsdir_set("AWS_SECRET_ACCESS_KEY", "E");
	tap_ok(credskit_open(&kit, NULL), "open");
	tap_text(credskit_get(&kit, os_now()), "E/E/-", "the environment");
	tap_int(creds_renew(kit.session, 1, &kit.err), -1, "has no others");
	credskit_close(&kit);
}

int
main(void)
{
	os_start();
	if (awsdir_make() == NULL || (server = httpd_start()) == NULL)
		return 1;
	test_refresh();
	httpd_stop(server);
	awsdir_remove();
	return tap_done();
}
