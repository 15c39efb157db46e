/*
 * The two ways out for a mail: an SMTP server, or the sendmail of this
 * machine.
 */
#ifndef DELIVER_H
#define DELIVER_H

#include "message.h"
#include "smtpurl.h"

/*
 * To each address of the message by itself, so that a bad one doesn't keep
 * the mail from others; tried three times. Of several failures the first is
 * returned, the others are logged as warnings.
 */
int deliver_smtp(const struct smtpurl *server, const char *ca_bundle,
	const struct message *m, struct err *e);

/* Connect and log in, once, without a mail. */
int deliver_check_smtp(const struct smtpurl *server, const char *ca_bundle,
	struct err *e);

/*
 * By the sendmail in PATH, /usr/sbin or /usr/lib. sender is handed on as the
 * envelope's, or NULL: sendmail knows.
 */
int deliver_sendmail(const char *sender, const struct message *m,
	struct err *e);

/* Is there one? */
int deliver_check_sendmail(struct err *e);

#endif
