/*
 * The SDKs' own cases of containers, instances and whole scenarios, where they
 * are at hand (env PGDUMPZ_VECTORS): what they recorded is played by a server
 * of ours. What decides of these is tested without them in test_credsweb.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "awsdir.h"
#include "creds_private.h"
#include "credskit.h"
#include "httpd.h"
#include "os.h"
#include "tap.h"
#include "vectors.h"

#define ANSWERS_MAX 8

static struct httpd *server;

static void
set_all(json_t *env)
{
	const char *name;
	json_t *value;

	json_object_foreach(env, name, value)
		awsdir_set(name, json_string_value(value));
}

/* -- URLs --------------------------------------------------------------- */

static void
test_containers(void)
{
	json_t *root = vectors_load("ecs-tests.json"), *test;
	struct buf url = BUF_INIT(4096);
	struct err e = ERR_INIT;
	struct awsenv *env;
	const char *want;
	bool no_proxy;
	size_t i;
	int rc;

	json_array_foreach(json_object_get(root, "tests"), i, test) {
		awsdir_clear();
		set_all(json_object_get(test, "env"));
		buf_reset(&url);
		env = awsenv_open(NULL, &e);
		rc = creds_container_url(env, &url, &no_proxy, &e);
		awsenv_free(env);
		want = vectors_text(json_object_get(test, "result"), "Ok");
		tap_text(rc > 0 ? buf_text(&url) : "none", want != NULL ? want :
		    "none", "container: %s", vectors_text(test, "docs"));
	}
	buf_free(&url);
	json_decref(root);
}

static void
test_instances(void)
{
	json_t *root = vectors_load("imds-endpoint-tests.json"), *test, *config;
	struct buf url = BUF_INIT(4096);
	struct err e = ERR_INIT;
	struct awsenv *env;
	const char *want;
	size_t i;
	int rc;

	json_array_foreach(json_object_get(root, "tests"), i, test) {
		if (json_object_get(test, "endpoint_override") != NULL ||
		    json_object_get(test, "mode_override") != NULL)
			continue;	/* by arguments that we don't have */
		awsdir_clear();
		set_all(json_object_get(test, "env"));
		config = json_object_get(json_object_get(test, "fs"),
		    "config");
		if (config != NULL)
			awsdir_set("AWS_CONFIG_FILE", awsdir_write("config",
			    json_string_value(config)));
		buf_reset(&url);
		env = awsenv_open(NULL, &e);
		rc = creds_instance_url(env, &url, &e);
		buf_puts(&url, "/latest/api/token");
		awsenv_free(env);
		want = vectors_text(json_object_get(test, "result"), "Ok");
		tap_text(rc == 0 ? buf_text(&url) : "none", want != NULL ?
		    want : "none", "instance: %s", vectors_text(test, "docs"));
	}
	buf_free(&url);
	json_decref(root);
}

/* -- whole scenarios ---------------------------------------------------- */

/* What was recorded: paths that were asked for, and the answers. */
struct traffic {
	const char *paths[ANSWERS_MAX];
	struct buf answers[ANSWERS_MAX];
	const char *script[ANSWERS_MAX];
	size_t count;
};

static void
add_event(struct traffic *t, json_t *event)
{
	size_t n = (size_t)json_integer_value(json_object_get(event,
	    "connection_id"));
	json_t *action = json_object_get(event, "action"), *part;
	const char *uri;

	if (n >= ANSWERS_MAX)
		return;
	if (n >= t->count) {
		t->count = n + 1;
		buf_init(&t->answers[n], 100000);
	}
	part = json_object_get(json_object_get(action, "Request"), "request");
	if ((uri = vectors_text(part, "uri")) != NULL)
		t->paths[n] = strchr(strstr(uri, "://") + 3, '/');
	part = json_object_get(json_object_get(json_object_get(
	    json_object_get(action, "Response"), "response"), "Ok"),
	    "status");
	if (part != NULL)
		buf_printf(&t->answers[n], "%d\n\n",
		    (int)json_integer_value(part));
	part = json_object_get(action, "Data");
	if (part != NULL && strcmp(vectors_text(part, "direction"),
	    "Response") == 0)
		buf_puts(&t->answers[n], vectors_text(json_object_get(part,
		    "data"),
		    "Utf8"));
	t->script[n] = buf_text(&t->answers[n]);
}

/* The files of a case are looked for below its own root directory. */
static void
move_home(const char *name)
{
	struct buf path = BUF_INIT(4096);
	const char *token = getenv("AWS_WEB_IDENTITY_TOKEN_FILE");
	size_t root;

	buf_printf(&path, "%s/credentials/chain/%s/fs",
	    getenv("PGDUMPZ_VECTORS"), name);
	root = path.len;
	if (token != NULL) {
		buf_puts(&path, token);
		awsdir_set("AWS_WEB_IDENTITY_TOKEN_FILE", buf_text(&path));
		path.len = root;
		path.data[path.len] = '\0';
	}
	buf_puts(&path, "/home");
	awsdir_set_home(buf_text(&path));
	buf_free(&path);
}

/* They name addresses of the link; ours is the server's. */
static void
redirect(void)
{
	const char *relative = getenv(
	    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
	char url[500];

	/* setting a variable may move all others */
	if (relative != NULL)
		(void)snprintf(url, sizeof(url), "%s%s", httpd_url(server),
		    relative);
	awsdir_set("AWS_ENDPOINT_URL_STS", httpd_url(server));
	awsdir_set("AWS_EC2_METADATA_SERVICE_ENDPOINT", httpd_url(server));
	if (relative == NULL)
		return;
	awsdir_set("AWS_CONTAINER_CREDENTIALS_FULL_URI", url);
	awsdir_set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "");
}

static void
check_result(json_t *want, const char *name)
{
	struct credskit kit = { 0 };
	struct creds c = { 0 };
	json_t *expiry = json_object_get(want, "expiry");

	if (!tap_ok(credskit_open(&kit, NULL) && creds_get(kit.session,
	    os_now(), &c, &kit.err) == 0, "%s: %s", name, kit.err.text))
		goto out;
	tap_text(c.access_key, vectors_text(want, "access_key_id"), "%s", name);
	tap_text(c.secret_key, vectors_text(want, "secret_access_key"), "%s",
	    name);
	if (vectors_text(want, "session_token") != NULL)
		tap_text(c.session_token, vectors_text(want,
		    "session_token"), "%s",
		    name);
	tap_int(c.expires, json_integer_value(expiry), "%s: its end", name);
out:
	creds_free(&c);
	credskit_close(&kit);
}

static void
play(const char *name)
{
	struct buf file = BUF_INIT(4096);
	struct traffic t = { .count = 0 };
	json_t *env, *traffic, *test, *event;
	size_t i;

	buf_printf(&file, "chain/%s/env.json", name);
	env = vectors_load(buf_text(&file));
	buf_reset(&file);
	buf_printf(&file, "chain/%s/http-traffic.json", name);
	traffic = vectors_load(buf_text(&file));
	buf_reset(&file);
	buf_printf(&file, "chain/%s/test-case.json", name);
	test = vectors_load(buf_text(&file));
	if (env == NULL || traffic == NULL || test == NULL)
		goto out;
	awsdir_clear();
	set_all(env);
	move_home(name);
	redirect();
	json_array_foreach(json_object_get(traffic, "events"), i, event)
		add_event(&t, event);
	httpd_script(server, t.script, t.count);
	check_result(json_object_get(json_object_get(test, "result"), "Ok"),
	    name);
	tap_int((long long)httpd_count(server), (long long)t.count,
	    "%s: as many requests", name);
	for (i = 0; i < t.count; i++)
		tap_ok(t.paths[i] != NULL && strncmp(strchr(httpd_request(
		    server, i), ' ') + 1, t.paths[i], strlen(t.paths[i])) == 0,
		    "%s: %s", name, t.paths[i]);
out:
	for (i = 0; i < t.count; i++)
		buf_free(&t.answers[i]);
	buf_free(&file);
	json_decref(env);
	json_decref(traffic);
	json_decref(test);
}

int
main(void)
{
	json_t *any;

	os_start();
	if ((any = vectors_load("ecs-tests.json")) == NULL) {
		(void)puts("1..0 # SKIP the SDKs' cases are not at hand");
		return 0;
	}
	json_decref(any);
	if (awsdir_make() == NULL || (server = httpd_start()) == NULL)
		return 1;
	test_containers();
	test_instances();
	play("environment_variables");
	play("profile_static_keys");
	play("web_identity_token_env");
	play("ecs_credentials");
	play("imds_default_chain_success");
	httpd_stop(server);
	awsdir_remove();
	return tap_done();
}
