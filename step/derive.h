/*
 * What a reference may ask to be made of a value:
 *
 *	encoded decoded		a database's name as NAME, and back
 *	folder			without slashes at its end
 *	commas			its lines with commas between
 *	complaint advice	of what a tool has said
 *	reason			the last one among the failures of a run
 *	dbname			as libpq's dbname='...'
 *	stamp			a time as it stands in names
 *	size			bytes of the file of that path
 *	since			seconds from that time until now
 */
#ifndef DERIVE_H
#define DERIVE_H

#include "buf.h"
#include "err.h"

/* Append what op ("": the value itself) makes of value; ERR_USAGE: no op. */
int derive_put(const char *op, const char *value, struct buf *out,
	struct err *e);

/* A NAME that is not percent-encoded is decoded to itself. */
int derive_put_decoded(const char *value, struct buf *out, struct err *e);

#endif
