/*
 * A value from the form that the server prints it in into the one that its
 * binary COPY takes. Text in another form than a session of pgdumpz prints
 * (ISO dates, UTC, hexadecimal bytea) is not guessed at. Pure.
 *
 * Source of the binary forms: the functions *recv of PostgreSQL, which are
 * the same from version 10 on; servers before it might count time otherwise.
 */
#ifndef BINVALUE_H
#define BINVALUE_H

#include <stddef.h>
#include <stdint.h>

#define BINVALUE_SERVER 100000	/* the oldest version that takes these */

/* Room that a value may need beyond the length of its text. */
#define BINVALUE_ROOM 32

/*
 * Put the binary form of a text, COPY's escapes resolved, into out, which has
 * room. Returns its bytes, or -1: this can't be told for sure.
 */
typedef long binvalue_put(char *out, const char *text, size_t len);

/* By the number that all servers give to a type; NULL: it is not known. */
binvalue_put *binvalue_find(uint32_t type);

/* For types whose binary form is their text, such as enums. */
binvalue_put binvalue_text;

#endif
