/*
 * By the sendmail of this machine, whichever mail server has brought it.
 */
#include <stdlib.h>
#include <string.h>

#include "deliver.h"
#include "mem.h"
#include "os.h"
#include "proc.h"

#define MESSAGE_MAX (16u << 20)
#define FIXED_ARGS 5		/* sendmail -oi -f FROM -- */

/* cron's PATH seldom has /usr/sbin */
static const char *const places[] = { "/usr/sbin/sendmail",
	"/usr/lib/sendmail" };
#define PLACES (sizeof(places) / sizeof(places[0]))

/* A child that gets our mail needs no secrets. */
static const char *const without_secrets[] = { "AWS_SECRET_ACCESS_KEY",
	"AWS_SESSION_TOKEN", "PGPASSWORD", "SMTP_URL", "HEALTHCHECK_URL",
	NULL };

static int
no_sendmail(struct err *e)
{
	err_set(e, ERR_LOCAL, "there is no program 'sendmail' to run");
	return err_hint(e, "set SMTP_URL to your mail server, such as "
	    "smtps://user:password@mail.example.org; or install one here, "
	    "such as the package postfix or msmtp-mta");
}

static struct os_proc *
start(const char **argv, int in, struct err *e)
{
	const struct os_spawn how = { .argv = argv, .env = without_secrets,
		.in = in, .out = -1, .err = -1 };
	struct os_proc *p = os_spawn(&how, e);
	size_t i;

	/* on Windows these are anybody's */
	for (i = 0; p == NULL && i < PLACES && os_is_absolute(places[i]);
	    i++) {
		argv[0] = places[i];
		p = os_spawn(&how, e);
	}
	if (p == NULL)
		no_sendmail(e);
	return p;
}

static int
run_sendmail(const char **argv, const struct buf *text, struct err *e)
{
	int in = -1, to = -1, status, written;
	struct err closing, waiting;
	struct os_proc *p;

	if (os_pipe(&in, &to, e) != 0)
		return -1;
	p = start(argv, in, e);
	(void)os_close(in, &closing);
	if (p == NULL) {
		(void)os_close(to, &closing);
		return -1;
	}
	written = os_write(to, text->data, text->len, e);
	(void)os_close(to, &closing);
	if (written != 0 && e->kind == ERR_SIGNAL) {
		os_kill(p);
		return -1;
	}
	status = os_wait(p, &waiting);
	if (status < 0)
		*e = waiting;
	if (status > 0)		/* the reason why a pipe broke */
		return proc_check_status("sendmail", status, e);
	return status < 0 || written != 0 ? -1 : 0;
}

int
deliver_sendmail(const char *sender, const struct message *m, struct err *e)
{
	const char **argv = mem_new(m->to_count + FIXED_ARGS + 1,
	    sizeof(*argv), e);
	struct buf text = BUF_INIT(MESSAGE_MAX);
	size_t n = 0, i;
	int rc = -1;

	if (argv == NULL)
		return -1;
	argv[n++] = "sendmail";
	argv[n++] = "-oi";	/* a line with a dot alone ends nothing */
	if (sender != NULL) {
		argv[n++] = "-f";
		argv[n++] = sender;
	}
	argv[n++] = "--";
	for (i = 0; i < m->to_count; i++)
		argv[n++] = m->to[i];
	message_put(&text, m);
	if (buf_check(&text, "the mail", e) == 0)
		rc = run_sendmail(argv, &text, e);
	buf_free(&text);
	free(argv);
	return rc;
}

static int
is_file(const char *path)
{
	struct os_stat st;
	struct err ignored;

	return os_stat(path, &st, &ignored) == 0 && st.kind == OS_FILE;
}

static int
is_in(const char *dir, void *ctx)
{
	struct buf path = BUF_INIT(8192);
	int found;

	(void)ctx;
	buf_printf(&path, "%s/sendmail%s", dir, os_program_suffix);
	found = !path.failed && is_file(path.data);
	buf_free(&path);
	return found;
}

int
deliver_check_sendmail(struct err *e)
{
	size_t i;

	if (os_each_in_path(is_in, NULL))
		return 0;
	for (i = 0; i < PLACES; i++)
		if (os_is_absolute(places[i]) && is_file(places[i]))
			return 0;
	return no_sendmail(e);
}
