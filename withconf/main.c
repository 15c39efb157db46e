/*
 * withconf: run a command with a configuration, alone, and not for ever.
 */
#include <string.h>

#include "buf.h"
#include "file.h"
#include "hand.h"
#include "log.h"
#include "mem.h"
#include "num.h"
#include "opt.h"
#include "os.h"
#include "settings.h"

#define EXIT_LOCKED 6
#define GRACE_MS 90000	/* systemd's own; an upload takes 45 s to abort */
#define PRINT_MAX (8 * CONF_FILE_MAX)

struct cli {
	const char *file;
	struct opt_list options;
	bool no_lock, print;
	char **command;
};

static int
parse(struct cli *cli, int argc, char **argv, bool *done, struct err *e)
{
	char file_help[1024];
	const struct opt table[] = {
		{ 'c', "config", "FILE", OPT_TEXT, &cli->file, file_help },
		{ 'o', "option", "KEY=VALUE", OPT_PASS, &cli->options,
		    "goes before what FILE says" },
		{ 0, "no-lock", NULL, OPT_FLAG, &cli->no_lock,
		    "also when another run is on" },
		{ 0, "print", NULL, OPT_FLAG, &cli->print,
		    "print the configuration, run nothing" },
		{ 0, NULL, NULL, OPT_FLAG, NULL, NULL },
	};
	const struct opt_tool tool = { "withconf",
		"withconf [OPTION]... COMMAND [ARG]...\n"
		"       withconf [OPTION]... --print",
		"Runs a command with a configuration in its environment.",
		table, 0, 0, OPT_COMMAND_ONLY };
	struct opt_result result;

	(void)snprintf(file_help, sizeof(file_help), "the configuration "
	    "(PGDUMPZ_CONF,\n%s)", os_standard_config());
	if (opt_parse(&tool, argc, argv, &result, e) != 0)
		return -1;
	*done = result.done;
	cli->command = result.command;
	if (*done || (cli->command != NULL) != cli->print)
		return 0;
	err_set(e, ERR_USAGE, cli->print ? "--print runs no command" :
	    "no command to run");
	return err_hint(e, "see 'withconf --help'");
}

static int
print(const struct settings *s, struct err *e)
{
	struct buf out = BUF_INIT(PRINT_MAX);
	int rc;

	settings_print(s, &out);
	rc = buf_check(&out, "the configuration", e);
	if (rc == 0)
		rc = os_write(1, buf_text(&out), out.len, e);
	buf_free(&out);
	return rc;
}

/*
 * The exit status after the end of MAX_RUNTIME: the command's own verdict, if
 * that is one of failure.
 */
static int
tell_late(const char *command, uint64_t max, int status)
{
	struct err e = ERR_INIT;
	char text[NUM_TEXT];
	int failure;

	err_set(&e, ERR_VERDICT, "stopped '%s': it ran for more than %s",
	    command, num_format_duration(text, (int64_t)max));
	err_hint(&e, "MAX_RUNTIME allows no more");
	failure = log_error(&e);
	return status == 0 || OS_SIGNAL(status) != 0 ? failure : status;
}

/* The exit status, or -1. */
static int
run(const struct cli *cli, const struct settings *s, const char *path,
	struct err *e)
{
	struct hand hand = HAND_INIT;
	struct os_spawn how = { .argv = (const char *const *)cli->command,
		.in = 0, .out = -1, .err = -1,
		/* a terminal sends its signals to all of a pipeline itself */
		.own_group = !os_is_terminal(0) };
	struct os_limit limit = { 0, GRACE_MS };
	const char *seconds = settings_get(s, "MAX_RUNTIME")->value;
	uint8_t random[3];
	uint64_t max = 0;
	bool late = false;
	int status = -1;

	(void)num_parse_u64(seconds, &max);
	limit.run_ms = (int64_t)max * 1000;
	if (os_random(random, sizeof(random), e) == 0 &&
	    hand_make(&hand, s, path, os_now(), random, e) == 0) {
		how.env = hand.env.items;
		status = os_guard(&how, &limit, &late, e);
	}
	hand_free(&hand);
	return late && status >= 0 ? tell_late(cli->command[0], max, status) :
	    status;
}

/* The exit status. */
static int
start(const struct cli *cli, struct err *e)
{
	const char *path = NULL;
	struct conf conf = CONF_INIT;
	struct settings settings = { .len = 0 };
	int fd = -1, locked = 1, status = -1;

	if (file_find(cli->file, &path, e) != 0 ||
	    (path != NULL && file_read(path, &conf, &fd, e) != 0) ||
	    (settings_file_has_secret(&conf) &&
	    file_check_private(path, fd, e) != 0) ||
	    settings_fill(&settings, &conf, path, &cli->options, e) != 0)
		goto out;
	conf_free(&conf);
	if (cli->print) {
		status = print(&settings, e);
		goto out;
	}
	if (!cli->no_lock)
		locked = file_lock(path, &fd, settings_get(&settings,
		    "BACKUP_DIR")->value, e);
	if (locked == 1)
		status = run(cli, &settings, path, e);
out:
	if (status < 0)
		status = log_error(e);
	settings_free(&settings);
	conf_free(&conf);
	(void)os_close(fd, &(struct err)ERR_INIT);
	return locked == 0 ? EXIT_LOCKED : status;
}

int
main(int argc, char **argv)
{
	struct cli cli = { .file = NULL };
	struct err e = ERR_INIT;
	bool done = false;
	int status;

	os_start();
	log_start("withconf");
	if (parse(&cli, argc, argv, &done, &e) != 0)
		status = log_error(&e);
	else
		status = done ? 0 : start(&cli, &e);
	opt_list_free(&cli.options);
	return status;
}
