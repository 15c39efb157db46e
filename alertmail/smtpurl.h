/*
 * SMTP_URL: smtp[s]://[USER[:PASSWORD]@]HOST[:PORT][?OPTION[&OPTION]]
 *
 * USER and PASSWORD are percent-encoded where they hold a "%", or a USER a
 * ":"; an "@" or "/" in them does no harm. Options: tls=no sends without
 * encryption, tls=yes insists on it also for this very machine, from=ADDRESS
 * is the sender.
 */
#ifndef SMTPURL_H
#define SMTPURL_H

#include <stdbool.h>

#include "err.h"

struct smtpurl {
	char *url;		/* scheme, host and port */
	char *host;		/* for messages */
	char *user, *password;	/* NULL: no login */
	char *from;		/* NULL: not said */
	bool starttls;		/* smtp:// must be encrypted by STARTTLS */
};

/*
 * Take it apart. ERR_USAGE when it is wrong; no message holds the URL. smtp://
 * wants STARTTLS but for localhost, 127.0.0.0/8 and [::1]. A login without
 * encryption to any other host is refused. Pure.
 */
int smtpurl_parse(struct smtpurl *u, const char *text, struct err *e);
void smtpurl_free(struct smtpurl *u);	/* wiped */

#endif
