/*
 * One mail by SMTP over libcurl, which also doubles the dots at the beginning
 * of lines. Nothing but an encrypted connection to a server whose certificate
 * holds, or one that the caller has said may be plain.
 */
#include <stdio.h>
#include <string.h>

#include "net_private.h"
#include "os.h"

struct outbox {
	const struct net_mail *mail;
	size_t sent;
	char no[256];		/* the last line by which the server refused */
	struct err err;
	bool stopped;
};

static size_t
on_read(char *out, size_t size, size_t count, void *ctx)
{
	struct outbox *o = ctx;
	size_t n = size * count;

	if (n > o->mail->size - o->sent)
		n = o->mail->size - o->sent;
	if (n > 0)
		memcpy(out, (const char *)o->mail->data + o->sent, n);
	o->sent += n;
	return n;
}

static int
on_progress(void *ctx, curl_off_t total_down, curl_off_t down,
	curl_off_t total_up, curl_off_t up)
{
	struct outbox *o = ctx;

	(void)total_down;
	(void)down;
	(void)total_up;
	(void)up;
	o->stopped = os_check_stop(&o->err) != 0;
	return o->stopped;
}

/* Each line of the server's, as libcurl sees it. */
static size_t
on_line(char *data, size_t size, size_t count, void *ctx)
{
	struct outbox *o = ctx;
	size_t n = size * count;

	if (n == 0 || (data[0] != '4' && data[0] != '5'))
		return n;
	(void)snprintf(o->no, sizeof(o->no), "%.*s",
	    (int)(n < sizeof(o->no) ? n : sizeof(o->no)), data);
	o->no[strcspn(o->no, "\r\n")] = '\0';
	return n;
}

static void
set_connection(const struct net *net, CURL *c, const struct net_mail *m)
{
	(void)curl_easy_setopt(c, CURLOPT_URL, m->url);
	(void)curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(c, CURLOPT_USE_SSL, (long)(m->starttls ?
	    CURLUSESSL_ALL : CURLUSESSL_NONE));
	net_set_trust(net, c);
	if (m->user != NULL) {
		(void)curl_easy_setopt(c, CURLOPT_USERNAME, m->user);
		(void)curl_easy_setopt(c, CURLOPT_PASSWORD, m->password);
	}
	(void)curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS,
	    (long)net->options.connect_ms);
	(void)curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)m->limit_seconds);
}

static void
set_mail(CURL *c, const struct net_mail *m, struct curl_slist *to,
	struct outbox *o)
{
	(void)curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
	(void)curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
	(void)curl_easy_setopt(c, CURLOPT_XFERINFODATA, o);
	(void)curl_easy_setopt(c, CURLOPT_SOCKOPTFUNCTION, net_hide_socket);
	(void)curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_line);
	(void)curl_easy_setopt(c, CURLOPT_HEADERDATA, o);
	(void)curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_line);
	(void)curl_easy_setopt(c, CURLOPT_WRITEDATA, o);
	if (to == NULL) {
		(void)curl_easy_setopt(c, CURLOPT_CONNECT_ONLY, 1L);
		return;
	}
	(void)curl_easy_setopt(c, CURLOPT_MAIL_FROM, m->from);
	(void)curl_easy_setopt(c, CURLOPT_MAIL_RCPT, to);
	(void)curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
	(void)curl_easy_setopt(c, CURLOPT_READFUNCTION, on_read);
	(void)curl_easy_setopt(c, CURLOPT_READDATA, o);
}

static void
explain(CURLcode code, const char *detail, const struct outbox *o, long answer,
	struct err *e)
{
	const char *what = detail[0] != '\0' ? detail :
	    curl_easy_strerror(code);

	if (answer >= 400 && o->no[0] != '\0')
		err_set(e, ERR_REMOTE, "%s: the server said '%s'", what,
		    o->no);
	else
		err_set(e, ERR_REMOTE, "%s", what);
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
	case CURLE_OPERATION_TIMEDOUT:
		err_hint(e, "check the host and port of the mail server, and "
		    "firewalls");
		break;
	case CURLE_PEER_FAILED_VERIFICATION:
		err_hint(e, "if the server has a private CA, name its "
		    "certificate in SSL_CERT_FILE");
		break;
	case CURLE_USE_SSL_FAILED:
		err_hint(e, "the server offers no STARTTLS: use smtps://, or "
		    "the port that does");
		break;
	case CURLE_LOGIN_DENIED:
		err_hint(e, "check user and password; in a URL, odd "
		    "characters are written %%HH");
		break;
	default:
		if (answer / 100 == 5)
			err_hint(e, "the server refuses it: check the "
			    "addresses, and whether it wants a login");
		break;
	}
}

static enum net_result
classify(CURLcode code, long answer)
{
	/* 5yz is for good (RFC 5321, 4.2.1) */
	if (code != CURLE_OK && answer / 100 == 5)
		return NET_FAILED;
	switch (code) {
	case CURLE_USE_SSL_FAILED:
	case CURLE_LOGIN_DENIED:
		return NET_FAILED;
	default:
		return net_result_of(code);
	}
}

int
net_send_mail(struct net *net, const struct net_mail *mail,
	enum net_result *result, struct err *e)
{
	struct outbox outbox = { .mail = mail };
	char detail[CURL_ERROR_SIZE] = "";
	struct curl_slist *to = NULL;
	CURL *c = curl_easy_init();
	long answer = 0;
	CURLcode code;

	*result = NET_FAILED;
	if (c == NULL || (mail->to != NULL &&
	    (to = curl_slist_append(NULL, mail->to)) == NULL)) {
		curl_easy_cleanup(c);
		return err_set(e, ERR_LOCAL, "no memory for a connection");
	}
	set_connection(net, c, mail);
	set_mail(c, mail, to, &outbox);
	(void)curl_easy_setopt(c, CURLOPT_ERRORBUFFER, detail);
	code = curl_easy_perform(c);
	(void)curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &answer);
	*result = outbox.stopped ? NET_FAILED : classify(code, answer);
	if (outbox.stopped)
		*e = outbox.err;
	else if (code != CURLE_OK)
		explain(code, detail, &outbox, answer, e);
	curl_easy_cleanup(c);
	curl_slist_free_all(to);
	return *result == NET_ANSWERED ? 0 : -1;
}
