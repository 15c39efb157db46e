/*
 * psql goes on after an error, and its exit status does not tell that there
 * was one; the words in front are translated, the codes are not.
 */
#include <stdbool.h>
#include <string.h>

#include "sqlstate.h"

#define CODE_LEN 5

/* Where the code stands in a line, or NULL. */
static const char *
find_code(const char *line)
{
	static const char code[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t n = strcspn(line, " \r\n");

	if (n == 0 || line[n - 1] != ':' || strncmp(line + n, "  ", 2) != 0)
		return NULL;
	line += n + 2;
	if (strspn(line, code) != CODE_LEN ||
	    strncmp(line + CODE_LEN, ": ", 2) != 0)
		return NULL;
	return line;
}

static bool
is_remark(const char *code)
{
	return code[0] == '0' && (code[1] == '0' || code[1] == '1');
}

void
sqlstate_errors(struct buf *out, const char *said, const char *except,
	size_t *excepted)
{
	const char *code, *words;

	*excepted = 0;
	for (; *said != '\0'; said += strcspn(said, "\n"), said += *said != '\0') {
		code = find_code(said);
		if (code == NULL || is_remark(code))
			continue;
		if (strncmp(code, except, strlen(except)) == 0) {
			++*excepted;
			continue;
		}
		words = code + CODE_LEN + 2;
		buf_printf(out, "%.*s %.*s\n", CODE_LEN, code,
		    (int)strcspn(words, "\r\n"), words);
	}
}
