/*
 * The URL that is pinged. It is a secret: who knows it can say that all is
 * well.
 */
#ifndef PINGADDR_H
#define PINGADDR_H

#include "buf.h"
#include "err.h"

/*
 * Append the URL for a verb: "/start" at the end of its path, NULL for none.
 * ERR_USAGE when url is no http:// or https:// one, or has blanks, control
 * characters or a fragment; the message doesn't hold it. Pure.
 */
int pingaddr_put(struct buf *out, const char *url, const char *verb,
	struct err *e);

/* Append its host, for messages: no login, no port, no path. */
void pingaddr_put_host(struct buf *out, const char *url);

#endif
