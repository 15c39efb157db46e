/*
 * A secret of a tool, from its environment: the value of NAME, or what is in
 * the file that NAME_FILE names, which keeps it out of the environment.
 */
#ifndef SECRETFILE_H
#define SECRETFILE_H

#include "err.h"

#define SECRETFILE_MAX 32768	/* a token of EKS takes up to 20,000 */

/*
 * *value becomes the secret, to free with mem_free_secret(), or NULL when it
 * is nowhere or empty. NAME_FILE goes before NAME; one newline at the file's
 * end is not part of it. ERR_USAGE when it has several lines or is too long;
 * no message holds it.
 */
int secretfile_get(const char *name, char **value, struct err *e);

/* The same from a file; name is for messages. A missing file is an error. */
int secretfile_read(const char *name, const char *path, char **value,
	struct err *e);

#endif
