/*
 * Addresses of mail.
 */
#ifndef ADDRESS_H
#define ADDRESS_H

#include "buf.h"
#include "err.h"

#define ADDRESS_MAX 320		/* 64 + 1 + 255 (RFC 5321, 4.5.3.1) */

/*
 * Is it a bare address, USER@HOST or the USER of a local mailbox? Only what
 * needs no quoting is taken: ERR_USAGE on blanks, control characters, <>,
 * quotes, commas, a leading "-" and such.
 */
int address_check(const char *address, struct err *e);

/* Append "user@host", made of what the system says, so that it is one. */
void address_put_own(struct buf *out, const char *user, const char *host);

#endif
