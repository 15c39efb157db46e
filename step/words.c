/*
 * A log line wants the one sentence that says why; tools say more than one.
 */
#include <string.h>

#include "words.h"

bool
words_next(const char **text, const char **line, size_t *len)
{
	const char *end;

	if (**text == '\0')
		return false;
	*line = *text;
	end = *line + strcspn(*line, "\n");
	*text = end + (*end == '\n');
	*len = (size_t)(end - *line);
	if (*len > 0 && (*line)[*len - 1] == '\r')
		(*len)--;
	return true;
}

bool
words_has_line(const char *text, const char *line)
{
	size_t wanted = strlen(line), len;
	const char *p;

	while (words_next(&text, &p, &len))
		if (len == wanted && memcmp(p, line, len) == 0)
			return true;
	return false;
}

bool
words_put_line(struct buf *out, const char *text, size_t number)
{
	const char *line;
	size_t len;

	while (words_next(&text, &line, &len))
		if (--number == 0) {
			buf_put(out, line, len);
			return true;
		}
	return false;
}

const char *
words_find(const char *line, size_t len, const char *what)
{
	size_t n = strlen(what), i;

	for (i = 0; i + n <= len; i++)
		if (memcmp(line + i, what, n) == 0)
			return line + i;
	return NULL;
}

void
words_put_error(struct buf *out, const struct err *e)
{
	buf_printf(out, "step: %s\n", e->text);
	if (e->hint[0] != '\0')
		buf_printf(out, "step: hint: %s\n", e->hint);
}

const char *
words_find_warning(const char *line, size_t len)
{
	static const char mark[] = ": warning: ";
	const char *found = words_find(line, len, mark);

	return found != NULL ? found + strlen(mark) : NULL;
}

static bool
is_complaint(const char *line, size_t len)
{
	return words_find_warning(line, len) == NULL &&
	    words_find(line, len, ": hint: ") == NULL;
}

void
words_put_complaint(struct buf *out, const char *text)
{
	const char *line, *first = NULL;
	size_t len, first_len = 0;

	while (words_next(&text, &line, &len)) {
		if (!is_complaint(line, len))
			continue;
		if (first == NULL) {
			first = line;
			first_len = len;
		}
		if (len > 0 && words_find(line, len, "Broken pipe") == NULL) {
			buf_put(out, line, len);
			return;
		}
	}
	if (first != NULL)
		buf_put(out, first, first_len);
}

void
words_put_advice(struct buf *out, const char *text)
{
	static const char mark[] = ": hint: ";
	const char *line;
	size_t len, name;

	while (words_next(&text, &line, &len)) {
		name = strspn(line, "abcdefghijklmnopqrstuvwxyz0123456789");
		if (name < len && words_find(line, len, mark) == line + name) {
			name += strlen(mark);
			buf_put(out, line + name, len - name);
			return;
		}
	}
}

void
words_put_reason(struct buf *out, const char *text)
{
	static const char mark[] = "reason=";
	const size_t n = strlen(mark);
	const char *line, *last = NULL;
	size_t len, last_len = 0;

	while (words_next(&text, &line, &len))
		if (len > n && memcmp(line, mark, n) == 0) {
			last = line + n;
			last_len = len - n;
		}
	if (last != NULL)
		buf_put(out, last, last_len);
}
