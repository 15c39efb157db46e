/*
 * The text of a sealed stream in memory, for what must be known to be whole
 * before any of it is used, and may stand on no disk.
 */
#ifndef SEALEDTEXT_H
#define SEALEDTEXT_H

#include "buf.h"
#include "err.h"

/* Roles and tablespaces have no more. */
#define SEALEDTEXT_MAX ((size_t)64 << 20)

/*
 * Read fd to its end; append the text of all members to out, which the caller
 * frees by buf_free_secret() in any case. ERR_VERDICT: it is not sealed, or
 * its seal does not hold.
 */
int sealedtext_read(int fd, struct buf *out, struct err *e);

#endif
