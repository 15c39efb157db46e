/*
 * A database takes another one's place only when somebody says so.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chore.h"
#include "os.h"

#define STDIN 0
#define ANSWER_MAX 64

/* The first line that comes, as far as it fits. */
static int
read_answer(char answer[ANSWER_MAX], struct err *e)
{
	size_t len = 0;
	ssize_t n;
	char c = '\0';

	while ((n = os_read(STDIN, &c, 1, e)) > 0 && c != '\n')
		if (c != '\r' && len + 1 < ANSWER_MAX)
			answer[len++] = c;
	answer[len] = '\0';
	return n < 0 ? -1 : 0;
}

/*
 * ask QUESTION...: a line each, the answer behind the last one; exit status 0
 * when it is yes, 1 when it is anything else, 2 when nobody can be asked
 */
int
chore_ask(const struct place *p, char **args, size_t nargs, struct err *e)
{
	char answer[ANSWER_MAX], *text;
	size_t i;

	if (!os_is_terminal(STDIN))
		return 2;
	for (i = 0; i < nargs; i++) {
		if ((text = chore_text(p, args[i], e)) == NULL)
			return -1;
		os_write_stderr(text, strlen(text));
		os_write_stderr(i + 1 < nargs ? "\n" : " ", 1);
		free(text);
	}
	if (read_answer(answer, e) != 0)
		return -1;
	return strcmp(answer, "yes") == 0 ? 0 : 1;
}
