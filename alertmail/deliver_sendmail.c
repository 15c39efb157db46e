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
static const char *const places[] = { "sendmail", "/usr/sbin/sendmail",
	"/usr/lib/sendmail", NULL };

/* A child that gets our mail needs no secrets. */
static const char *const without_secrets[] = { "AWS_SECRET_ACCESS_KEY",
	"AWS_SESSION_TOKEN", "PGPASSWORD", "SMTP_URL", "HEALTHCHECK_URL",
	NULL };

static int
no_sendmail(struct err *e)
{
	err_set(e, ERR_LOCAL, "there is no program 'sendmail' to run");
	return err_hint(e, "set SMTP_URL, or install a mail server, such as "
	    "the package postfix or msmtp-mta");
}

static struct os_proc *
start(const char **argv, int in, struct err *e)
{
	const char *const *place;
	struct os_proc *p = NULL;

	for (place = places; p == NULL && *place != NULL; place++) {
		argv[0] = *place;
		p = os_spawn(&(struct os_spawn){ .argv = argv,
		    .env = without_secrets, .in = in, .out = -1, .err = -1 },
		    e);
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
is_in(const char *dir, void *ctx)
{
	struct buf path = BUF_INIT(8192);
	struct os_stat st = { 0 };
	struct err ignored;

	(void)ctx;
	buf_printf(&path, "%s/sendmail", dir);
	if (path.failed || os_stat(path.data, &st, &ignored) != 0)
		st.kind = OS_MISSING;
	buf_free(&path);
	return st.kind == OS_FILE;
}

int
deliver_check_sendmail(struct err *e)
{
	if (os_each_in_path(is_in, NULL) || is_in("/usr/sbin", NULL) ||
	    is_in("/usr/lib", NULL))
		return 0;
	return no_sendmail(e);
}
