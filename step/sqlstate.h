/*
 * What psql has said with VERBOSITY=verbose: "ERROR:  42710: role exists".
 */
#ifndef SQLSTATE_H
#define SQLSTATE_H

#include <stddef.h>

#include "buf.h"

/*
 * Append "SQLSTATE words\n" of each error in said but those of the class or
 * code except, whose number is *excepted then. Remarks (classes 00 and 01) are
 * no errors. Pure.
 */
void sqlstate_errors(struct buf *out, const char *said, const char *except,
	size_t *excepted);

#endif
