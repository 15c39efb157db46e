/*
 * The effective configuration: what each key's value is, and why.
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stddef.h>

#include "buf.h"
#include "conf.h"
#include "err.h"
#include "keys.h"
#include "opt.h"

enum source { SOURCE_DEFAULT, SOURCE_ENVIRONMENT, SOURCE_FILE, SOURCE_OPTION };

struct setting {
	const struct key *key;
	char *value;		/* checked, as CMD gets it; "" when empty */
	enum source source;
	unsigned line;		/* of the file */
};

struct settings {
	struct setting items[KEYS_MAX];	/* in the table's order */
	size_t len;
};

/*
 * Fill all keys: an option goes before the file, the file before the
 * environment, that before the default. An empty value is the default, and
 * hides what goes behind it but for an empty variable, which counts as none.
 *   file		parsed; its_name is for messages
 *   options	"--option=KEY=VALUE" each, as opt collects them
 * ERR_USAGE: an unknown key, a value that is wrong, DB_NAME missing, keys that
 * don't go together, a secret among the options.
 */
int settings_fill(struct settings *s, const struct conf *file,
	const char *its_name, const struct opt_list *options, struct err *e);

void settings_free(struct settings *s);		/* wiped */

const struct setting *settings_get(const struct settings *s, const char *key);

/* Does the file hold any secret? */
bool settings_file_has_secret(const struct conf *file);

/*
 * Append a line for each key, in the grammar of the log:
 * "KEY=value source=default|environment|file:LINE|option", secrets hidden.
 */
void settings_print(const struct settings *s, struct buf *out);

#endif
