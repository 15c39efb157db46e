/*
 * The listing itself, printed as it comes: memory does not grow with it.
 */
#ifndef S3LS_LIST_H
#define S3LS_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "s3.h"
#include "uri.h"

enum list_form { LIST_PLAIN, LIST_URI, LIST_JSON };

struct list_options {
	struct uri where;	/* its key is a folder's or an object's */
	enum list_form form;
	const char *name;	/* only backups of this database; or NULL */
	bool recursive;		/* folders below too */
	bool human_readable;
	bool storage_class;	/* a column of the plain listing */
	bool summarize;
	int64_t max_age;	/* seconds; for list_check_age() */
};

/*
 * What to ask the server for: the folder that where means, its key with a
 * slash at its end, "" for the whole bucket; and behind it how the names of
 * the backups wanted begin, where all of them are in that folder. To free.
 *   folder_len  of the folder alone
 */
char *list_prefix(const struct list_options *options, size_t *folder_len,
	struct err *e);

/*
 * Print what is there on stdout. ERR_VERDICT at the end when a key could not
 * be told in that form: one with a control character as a URI on its line.
 */
int list_print(struct s3 *s3, const struct list_options *options,
	struct err *e);

/*
 * ERR_VERDICT unless the newest backup is at most max_age old by the server's
 * clock, and none is dated ahead of it. Empty objects are no backups.
 */
int list_check_age(struct s3 *s3, const struct list_options *options,
	struct err *e);

#endif
