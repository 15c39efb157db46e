/*
 * alertmail: what comes on standard input becomes a mail.
 */
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "deliver.h"
#include "hash.h"
#include "log.h"
#include "mem.h"
#include "opt.h"
#include "os.h"
#include "secretfile.h"

#define BODY_MAX (1u << 20)
#define NAME_MAX_BYTES 256
#define CUT "\n[cut here: the mail would become too long]\n"

struct choice {
	const char *subject, *from, *ca_bundle;
	bool check;
};

/* Everything that a message borrows from. */
struct mail {
	struct smtpurl server;	/* url NULL: sendmail */
	struct buf own;		/* our address */
	struct buf subject, id, body;
};

static void
mail_free(struct mail *mail)
{
	smtpurl_free(&mail->server);
	buf_free(&mail->own);
	buf_free(&mail->subject);
	buf_free(&mail->id);
	buf_free(&mail->body);
}

static int
find_server(struct smtpurl *server, struct err *e)
{
	char *url = NULL;
	int rc;

	if (secretfile_get("SMTP_URL", &url, e) != 0)
		return -1;
	rc = url != NULL ? smtpurl_parse(server, url, e) : 0;
	mem_free_secret(url);
	return rc;
}

/* All of stdin, whose writer must not fail because there is too much. */
static int
read_body(struct buf *body, struct err *e)
{
	char block[16 * 1024];
	bool cut = false;
	size_t left;
	ssize_t n;

	while ((n = os_read(0, block, sizeof(block), e)) > 0) {
		left = BODY_MAX - body->len;
		cut = cut || (size_t)n > left;
		buf_put(body, block, (size_t)n < left ? (size_t)n : left);
	}
	if (cut)
		buf_puts(body, CUT);
	return n < 0 ? err_context(e, "standard input") :
	    buf_check(body, "the body", e);
}

static int
make_names(struct mail *mail, struct err *e)
{
	char host[NAME_MAX_BYTES], user[NAME_MAX_BYTES];
	char hex[2 * 16 + 1];
	uint8_t random[16];

	if (os_random(random, sizeof(random), e) != 0)
		return -1;
	os_host_name(host, sizeof(host));
	os_user_name(user, sizeof(user));
	address_put_own(&mail->own, user, host);
	address_put_own(&mail->id, hash_hex(hex, random, sizeof(random)),
	    host);
	buf_printf(&mail->subject, "pgdumpz on %s", host);
	if (buf_check(&mail->own, "an address", e) != 0 ||
	    buf_check(&mail->id, "an address", e) != 0)
		return -1;
	return buf_check(&mail->subject, "the subject", e);
}

/* --from, from= in SMTP_URL, the login when it is an address; or our own. */
static const char *
find_from(const struct mail *mail, const struct choice *choice)
{
	const struct smtpurl *s = &mail->server;
	struct err ignored;

	if (choice->from != NULL)
		return choice->from;
	if (s->from != NULL)
		return s->from;
	if (s->user != NULL && strchr(s->user, '@') != NULL &&
	    address_check(s->user, &ignored) == 0)
		return s->user;
	return buf_text(&mail->own);
}

static int
send_mail(struct mail *mail, const struct choice *choice,
	const struct opt_result *args, struct err *e)
{
	struct message m = { .to = (const char *const *)args->args,
		.to_count = args->nargs, .now = os_now() };

	if (make_names(mail, e) != 0 || read_body(&mail->body, e) != 0)
		return -1;
	m.from = find_from(mail, choice);
	m.subject = choice->subject != NULL ? choice->subject :
	    buf_text(&mail->subject);
	m.id = buf_text(&mail->id);
	m.body = buf_text(&mail->body);
	m.body_len = mail->body.len;
	m.newline = mail->server.url != NULL ? "\r\n" : "\n";
	if (mail->server.url != NULL)
		return deliver_smtp(&mail->server, choice->ca_bundle, &m, e);
	return deliver_sendmail(choice->from, &m, e);
}

static int
run(const struct choice *choice, const struct opt_result *args, struct err *e)
{
	struct mail mail = { .own = BUF_INIT(1024), .id = BUF_INIT(1024),
		.subject = BUF_INIT(1024), .body = BUF_INIT(2 * BODY_MAX) };
	int rc = find_server(&mail.server, e);

	if (rc == 0 && !choice->check)
		rc = send_mail(&mail, choice, args, e);
	else if (rc == 0 && mail.server.url != NULL)
		rc = deliver_check_smtp(&mail.server, choice->ca_bundle, e);
	else if (rc == 0)
		rc = deliver_check_sendmail(e);
	mail_free(&mail);
	return rc;
}

static int
check_choice(struct choice *choice, const struct opt_result *args,
	struct err *e)
{
	const char *ca = getenv("SSL_CERT_FILE");
	size_t i;

	if (choice->ca_bundle == NULL && ca != NULL && ca[0] != '\0')
		choice->ca_bundle = ca;
	if (args->nargs == 0 && !choice->check)
		return err_set(e, ERR_USAGE, "no ADDRESS given");
	if (choice->from != NULL && address_check(choice->from, e) != 0)
		return -1;
	for (i = 0; i < args->nargs; i++)
		if (address_check(args->args[i], e) != 0)
			return -1;
	return 0;
}

int
main(int argc, char **argv)
{
	struct choice choice = { 0 };
	const struct opt opts[] = {
		{ 's', "subject", "TEXT", OPT_TEXT, &choice.subject,
		    "instead of \"pgdumpz on HOST\"" },
		{ 'f', "from", "ADDRESS", OPT_TEXT, &choice.from,
		    "the sender" },
		{ 0, "check", NULL, OPT_FLAG, &choice.check,
		    "send nothing; only see whether mail could be sent" },
		{ 0, "ca-bundle", "FILE", OPT_TEXT, &choice.ca_bundle,
		    "trust these certificates" },
		{ 0 },
	};
	const struct opt_tool tool = {
		.name = "alertmail",
		.usage = "alertmail [OPTION...] ADDRESS... <TEXT\n"
		    "       alertmail [OPTION...] --check [ADDRESS...]",
		.purpose = "Sends standard input as a mail.",
		.opts = opts,
		.max_args = SIZE_MAX,
	};
	struct opt_result args;
	struct err e = ERR_INIT;

	os_start();
	log_start("alertmail");
	if (opt_parse(&tool, argc, argv, &args, &e) != 0)
		return log_error(&e);
	if (args.done)
		return 0;
	os_catch_stop();
	if (check_choice(&choice, &args, &e) != 0 ||
	    run(&choice, &args, &e) != 0)
		return log_error(&e);
	return 0;
}
