/*
 * auditlog: the lines that tell what a run did, and the proof that nobody
 * changed them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chain.h"
#include "event.h"
#include "log.h"
#include "metrics.h"
#include "opt.h"
#include "os.h"

#define EVENT_MAX (1u << 20)

/* Shown, and put into LOG_FILE in one write, so that lines never mix. */
static int
write_event(const struct buf *line, struct err *e)
{
	const char *path = getenv("LOG_FILE");
	int fd, rc;

	log_raw(line->data, line->len);
	if (path == NULL || path[0] == '\0')
		return 0;
	if ((fd = os_open_append(path, e)) < 0)
		return -1;
	rc = os_write(fd, line->data, line->len, e);
	if (rc != 0) {
		(void)os_close(fd, &(struct err)ERR_INIT);
		return err_context(e, "'%s'", path);
	}
	return os_close(fd, e);
}

static int
run_event(char **args, size_t nargs, struct err *e)
{
	static const char *const reserved[] = { "time", "run", "event", NULL };
	const struct event event = { os_now(), getenv("RUN_ID"), args[0] };
	struct buf line = BUF_INIT(EVENT_MAX);
	struct pairs pairs;
	int rc = pairs_parse(&pairs, args + 1, nargs - 1, reserved, e);

	if (rc == 0)
		rc = event_put(&line, &event, &pairs, e);
	if (rc == 0)
		rc = write_event(&line, e);
	buf_free(&line);
	pairs_free(&pairs);
	return rc;
}

static int
run_record(char **args, size_t nargs, struct err *e)
{
	static const char *const reserved[] = { "prev", "torn", "time", "run",
		NULL };
	struct pairs pairs;
	const struct chain_record record = { os_now(), getenv("RUN_ID"),
		&pairs };
	char sha256[HASH_HEX_MAX + 1];
	bool was_torn = false;
	int rc = pairs_parse(&pairs, args + 1, nargs - 1, reserved, e);

	if (rc == 0)
		rc = chain_append(args[0], &record, sha256, &was_torn, e);
	if (was_torn)
		log_warn("'%s' ended in a torn record; it was left there and "
		    "noted in the new one", args[0]);
	if (rc == 0) {
		memcpy(sha256 + HASH_HEX_MAX - 1, "\n", 2);
		rc = os_write(1, sha256, HASH_HEX_MAX, e);
	}
	pairs_free(&pairs);
	return rc;
}

static int
run_check(char **args, size_t nargs, struct err *e)
{
	const char *wanted = nargs > 1 ? args[1] : NULL;
	struct chain_head head;
	char line[128];
	int n;

	if (chain_check(args[0], wanted, &head, e) != 0)
		return -1;
	if (wanted != NULL && !head.found)
		return err_set(e, ERR_VERDICT, "'%s': no record has the sum "
		    "'%s': it was cut off, or all were made anew", args[0],
		    wanted);
	n = snprintf(line, sizeof(line), "%" PRIu64 " %s\n", head.records,
	    head.sha256);
	return os_write(1, line, (size_t)n, e);
}

static int
run_metrics(char **args, size_t nargs, struct err *e)
{
	static const char *const reserved[] = { NULL };
	struct pairs pairs;
	int rc = pairs_parse(&pairs, args + 1, nargs - 1, reserved, e);

	if (rc == 0)
		rc = metrics_write(args[0], os_now(), &pairs, e);
	pairs_free(&pairs);
	return rc;
}

static int
run_verb(const struct opt_result *args, struct err *e)
{
	static const struct {
		const char *verb;
		int (*run)(char **args, size_t nargs, struct err *e);
		size_t max_args;
	} verbs[] = {
		{ "event", run_event, SIZE_MAX },
		{ "record", run_record, SIZE_MAX },
		{ "check", run_check, 2 },
		{ "metrics", run_metrics, SIZE_MAX },
	};
	size_t i;

	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(args->args[0], verbs[i].verb) != 0)
			continue;
		if (args->nargs - 1 > verbs[i].max_args)
			return err_set(e, ERR_USAGE, "too many arguments for "
			    "'%s'", verbs[i].verb);
		return verbs[i].run(args->args + 1, args->nargs - 1, e);
	}
	err_set(e, ERR_USAGE, "'%s' is no command", args->args[0]);
	return err_hint(e, "event, record, check or metrics");
}

int
main(int argc, char **argv)
{
	const struct opt none[] = { { 0 } };
	const struct opt_tool tool = {
		.name = "auditlog",
		.usage = "auditlog event EVENT [KEY=VALUE...]\n"
		    "       auditlog record FILE [KEY=VALUE...]\n"
		    "       auditlog check FILE [SHA256]\n"
		    "       auditlog metrics FILE [KEY=VALUE...]",
		.purpose = "Writes and checks what tells of backup runs.",
		.opts = none,
		.min_args = 2,
		.max_args = SIZE_MAX,
	};
	struct opt_result args;
	struct err e = ERR_INIT;

	os_start();
	log_start("auditlog");
	if (opt_parse(&tool, argc, argv, &args, &e) != 0)
		return log_error(&e);
	if (args.done)
		return 0;
	return run_verb(&args, &e) != 0 ? log_error(&e) : 0;
}
