/*
 * A mail as text, RFC 5322 and MIME: what subject and body hold can neither
 * become a header nor drive the terminal of whoever reads it.
 */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "buf.h"

struct message {
	const char *from;		/* checked addresses */
	const char *const *to;
	size_t to_count;
	const char *subject;		/* any bytes */
	const char *id;			/* letters, digits, dots, one @ */
	int64_t now;			/* UTC seconds */
	const char *body;		/* any bytes, lines end in LF or CRLF */
	size_t body_len;
	const char *newline;		/* "\r\n", or "\n" for sendmail */
};

/*
 * Append the whole mail; check out with buf_check(). No line of it is longer
 * than 78 bytes but those of long addresses, none begins with a dot, and all
 * is ASCII. Control characters and what is no UTF-8 are written as \xHH in
 * the body and as a blank in the subject. Pure.
 */
void message_put(struct buf *out, const struct message *m);

#endif
