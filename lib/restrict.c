#include <stdint.h>
#include <string.h>

#include "child.h"
#include "hash.h"
#include "num.h"
#include "os.h"
#include "programs.h"
#include "restrict.h"

#define KEY_SIZE 16
#define OUTPUT_MAX ((size_t)1 << 17)

bool
restrict_is_known(const char *version)
{
	static const uint64_t since[] = { 22, 19, 14, 10, 6 };	/* 13 to 17 */
	const char *dot = strchr(version, '.');
	uint64_t major, minor;

	if (num_parse_u64_len(version, strspn(version, "0123456789"),
	    &major) != 0 || major < 13)
		return false;
	if (major > 18)
		return true;
	/* 18 has had betas */
	if (dot == NULL || num_parse_u64_len(dot + 1, strspn(dot + 1,
	    "0123456789"), &minor) != 0)
		return false;
	return major == 18 || minor >= since[major - 13];
}

int
restrict_put(struct buf *out, const char *psql, struct err *e)
{
	const char *argv[] = { psql, "--version", NULL };
	struct child_spawn how = { argv, NULL, -1, -1, 0 };
	struct buf said = BUF_INIT(OUTPUT_MAX);
	char version[32], hex[2 * KEY_SIZE + 1];
	uint8_t key[KEY_SIZE];
	int major, rc;

	rc = child_run(&how, &said, e);
	if (rc == 0 && programs_parse_version(buf_text(&said), version,
	    sizeof(version), &major) == 0 && restrict_is_known(version) &&
	    (rc = os_random(key, sizeof(key), e)) == 0)
		buf_printf(out, "\\restrict %s\n",
		    hash_hex(hex, key, sizeof(key)));
	buf_free(&said);
	return rc;
}

static size_t
span(const char *text, size_t len, const char *set)
{
	size_t n = 0;

	while (n < len && text[n] != '\0' && strchr(set, text[n]) != NULL)
		n++;
	return n;
}

bool
restrict_is_one(const char *command, size_t len)
{
	static const char *const known[] = { "\\restrict ", "\\unrestrict " };
	static const char key[] = "0123456789abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t i, at;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		at = strlen(known[i]);
		if (len < at || memcmp(command, known[i], at) != 0)
			continue;
		at += span(command + at, len - at, key);
		return at + span(command + at, len - at, " \r\n") == len;
	}
	return false;
}
