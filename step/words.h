/*
 * What tools say on standard error, line by line: complaints, warnings and
 * advice. Pure.
 */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "err.h"

/*
 * The next line of *text, without its end (a CR too); moves *text behind it.
 * false: there is none.
 */
bool words_next(const char **text, const char **line, size_t *len);

/* Where a line has what, or NULL. */
const char *words_find(const char *line, size_t len, const char *what);

/* Is there this line? */
bool words_has_line(const char *text, const char *line);
/* Append the line of that number, from 1; false: there are fewer. */
bool words_put_line(struct buf *out, const char *text, size_t number);

/*
 * Append the first complaint: a line that is no warning and no hint, and no
 * broken pipe unless there is nothing else, for in a pipeline that is only
 * what another tool's failure did.
 */
void words_put_complaint(struct buf *out, const char *text);
/* Append an error as a tool would say it. */
void words_put_error(struct buf *out, const struct err *e);
/* Append the first hint. */
void words_put_advice(struct buf *out, const char *text);
/* Append the value of the last line that begins with "reason=". */
void words_put_reason(struct buf *out, const char *text);
/* If the line is a warning, where its text begins; else NULL. */
const char *words_find_warning(const char *line, size_t len);

#endif
