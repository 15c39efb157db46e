/*
 * Arguments of a tool as the driver writes them, with references to variables
 * in braces. A driver in cmd.exe that expanded a value into a command line
 * would run what the value says.
 *
 *	{name}		the file of that name in the run's directory, without
 *			its last newline
 *	{NAME}		the environment's variable
 *	{op:name}	what op makes of either
 *	{path:name}	where the file of that name is
 *	{text=name}	a whole argument: text=VALUE; vanishes with an empty
 *			value
 *	{lines:name}	a whole argument: one for each line
 *	{words:name}	the same for each word, blanks between
 */
#ifndef TEMPLATE_H
#define TEMPLATE_H

#include "buf.h"
#include "err.h"
#include "opt.h"
#include "place.h"

#define TEMPLATE_MAX (1u << 20)

/* Append what text stands for; ERR_USAGE when it can't be understood. */
int template_put(const struct place *p, const char *text, struct buf *out,
	struct err *e);

/* Append the arguments that it stands for: none, one or many. */
int template_add(const struct place *p, const char *text,
	struct opt_list *args, struct err *e);

/* The same for each of count texts. */
int template_add_all(const struct place *p, char *const *texts, size_t count,
	struct opt_list *args, struct err *e);

/* Append the value of a variable by its name alone. */
int template_put_value(const struct place *p, const char *name,
	struct buf *out, struct err *e);

#endif
