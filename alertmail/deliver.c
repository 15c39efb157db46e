/*
 * By SMTP, one delivery an address: a server takes or refuses a mail as a
 * whole, and an alarm should reach whom it can.
 */
#include <string.h>

#include "deliver.h"
#include "log.h"
#include "net.h"
#include "os.h"
#include "retry.h"

#define CONNECT_MS 15000
#define LIMIT_SECONDS 60
#define MESSAGE_MAX (16u << 20)

static struct net *
open_net(const char *ca_bundle, struct err *e)
{
	return net_open(&(struct net_options){ .ca_bundle = ca_bundle,
	    .user_agent = "", .connect_ms = CONNECT_MS }, e);
}

static struct net_mail
mail_by(const struct smtpurl *server)
{
	return (struct net_mail){ .url = server->url, .user = server->user,
		.password = server->password, .starttls = server->starttls,
		.limit_seconds = LIMIT_SECONDS };
}

/* With pauses, as long as trying again is of use. */
static int
send_patiently(struct net *net, const struct net_mail *mail, struct err *e)
{
	struct retry again = { .waits = { .max_attempts = 3, .base_ms = 2000,
		.cap_ms = 10000, .budget_ms = 150000 } };
	enum net_result result;

	while (net_send_mail(net, mail, &result, e) != 0)
		if (result == NET_FAILED || retry_wait(&again, e) != 0)
			return -1;
	return 0;
}

int
deliver_smtp(const struct smtpurl *server, const char *ca_bundle,
	const struct message *m, struct err *e)
{
	struct buf text = BUF_INIT(MESSAGE_MAX);
	struct net_mail mail = mail_by(server);
	struct net *net = NULL;
	struct err why;
	int rc = -1;
	size_t i;

	message_put(&text, m);
	if (buf_check(&text, "the mail", e) != 0 ||
	    (net = open_net(ca_bundle, e)) == NULL)
		goto out;
	mail.from = m->from;
	mail.data = text.data;
	mail.size = text.len;
	for (i = 0, rc = 0; i < m->to_count && !os_stop_asked(); i++) {
		mail.to = m->to[i];
		if (send_patiently(net, &mail, &why) == 0)
			continue;
		err_context(&why, "cannot send to '%s' by '%s'", mail.to,
		    server->host);
		if (rc != 0)
			log_warn("%s", why.text);
		else
			*e = why;
		rc = -1;
	}
	if (os_check_stop(&why) != 0) {
		*e = why;
		rc = -1;
	}
out:
	net_close(net);
	buf_free(&text);
	return rc;
}

int
deliver_check_smtp(const struct smtpurl *server, const char *ca_bundle,
	struct err *e)
{
	struct net *net = open_net(ca_bundle, e);
	struct net_mail mail = mail_by(server);
	enum net_result result;
	int rc;

	if (net == NULL)
		return -1;
	rc = net_send_mail(net, &mail, &result, e);
	net_close(net);
	return rc == 0 ? 0 : err_context(e, "cannot use the mail server '%s'",
	    server->host);
}
