/*
 * A backup's name is what retention goes by, so it is made in one way, and
 * must not say something wrong.
 */
#include <string.h>

#include "bkname.h"
#include "key.h"

int
key_make(struct buf *out, const char *name, int64_t now, const char *suffix,
	struct err *e)
{
	static const char *const known[] = { ".age", ".gpg", ".enc" };
	struct buf encoded = BUF_INIT(4096);
	size_t i;
	int rc;

	if (name[0] == '\0')
		return err_set(e, ERR_USAGE, "--name: it is empty");
	for (i = 0; suffix != NULL && i < sizeof(known) / sizeof(known[0]);
	    i++)
		if (strcmp(suffix, known[i]) == 0)
			break;
	if (i == sizeof(known) / sizeof(known[0]))
		return err_set(e, ERR_USAGE,
		    "--suffix: '%s' is none of .age, .gpg, .enc", suffix);
	bkname_encode(&encoded, name);
	bkname_format(out, buf_text(&encoded), now,
	    suffix != NULL ? suffix : "");
	rc = buf_check(&encoded, "the name", e);
	buf_free(&encoded);
	return rc == 0 ? buf_check(out, "the key", e) : -1;
}

int
key_check(const char *key, bool filtered, struct err *e)
{
	size_t len = strlen(key);
	struct bkname name;

	if (len == 0 || key[len - 1] == '/')
		return err_set(e, ERR_USAGE, "key '%s' names no object", key);
	if (!filtered || !bkname_parse(key, &name) || name.encrypted)
		return 0;
	err_set(e, ERR_USAGE,
	    "key '%s' does not tell that --filter encrypts it", key);
	return err_hint(e, "let it end in .age, .gpg or .enc; with --name by "
	    "--suffix");
}
