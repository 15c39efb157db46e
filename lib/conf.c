/*
 * A shell that sources its configuration runs whatever is in it, and reads a
 * password with a "$" as something else. Here a value is what is written.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "mem.h"

/* Part of a line. */
struct slice {
	const char *p;
	size_t len;
};

struct parser {
	struct conf *conf;
	const char *name;
	unsigned line;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct slice
trim(struct slice s)
{
	while (s.len > 0 && is_blank(s.p[0])) {
		s.p++;
		s.len--;
	}
	while (s.len > 0 && is_blank(s.p[s.len - 1]))
		s.len--;
	return s;
}

static int fail(const struct parser *p, struct err *e, const char *format, ...)
	ERR_PRINTF(3, 4);

static int
fail(const struct parser *p, struct err *e, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	err_setv(e, ERR_USAGE, format, ap);
	va_end(ap);
	return err_context(e, "cannot read '%s', line %u", p->name, p->line);
}

int
conf_is_key(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (!(text[i] >= 'A' && text[i] <= 'Z') && (i == 0 ||
		    (text[i] != '_' && !(text[i] >= '0' && text[i] <= '9'))))
			return 0;
	return len > 0;
}

/* -- values ------------------------------------------------------------- */

/* Who guesses here, cuts a password or takes a comment for a part of it. */
static int
fail_unclear(const struct parser *p, const char *what, struct err *e)
{
	fail(p, e, "%s may be meant as a part of the value", what);
	return err_hint(e, "put the comment on a line of its own, or the value "
	    "between quotes that are not in it");
}

static bool
is_empty_or_comment(struct slice s)
{
	s = trim(s);
	return s.len == 0 || s.p[0] == '#';
}

/* A comment behind a closing quote has a blank before it. */
static bool
is_end(struct slice rest)
{
	return is_empty_or_comment(rest) &&
	    (rest.len == 0 || is_blank(rest.p[0]));
}

/* *value begins with a quote: cut it to what is between the quotes. */
static int
unquote(const struct parser *p, struct slice *value, struct err *e)
{
	char quote = value->p[0];
	struct slice rest;
	size_t i;

	for (i = 1; i < value->len; i++) {
		rest.p = value->p + i + 1;
		rest.len = value->len - i - 1;
		if (value->p[i] != quote || !is_end(rest))
			continue;
		if (memchr(rest.p, quote, rest.len) != NULL)
			return fail_unclear(p, "a quote in a comment", e);
		value->p++;
		value->len = i - 1;
		return 0;
	}
	fail(p, e, "the closing quote is missing");
	return err_hint(e, "end the value with %c, or put it between two %c",
	    quote, quote == '"' ? '\'' : '"');
}

static int
check_plain(const struct parser *p, struct slice value, struct err *e)
{
	size_t i;

	for (i = 0; i < value.len; i++)
		if (value.p[i] == '#' && (i == 0 || is_blank(value.p[i - 1])))
			break;
	return i == value.len ? 0 : fail_unclear(p, "' #'", e);
}

static int
check_characters(const struct parser *p, struct slice s, struct err *e)
{
	size_t i;
	unsigned char c;

	for (i = 0; i < s.len; i++) {
		c = (unsigned char)s.p[i];
		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return fail(p, e, "control character 0x%02x", c);
	}
	return 0;
}

/* -- lines -------------------------------------------------------------- */

static int
add(const struct parser *p, struct slice key, struct slice value,
	struct err *e)
{
	struct conf *c = p->conf;
	struct conf_entry *entries, new = { NULL, NULL, p->line };

	entries = realloc(c->entries, (c->len + 1) * sizeof(*entries));
	if (entries == NULL)
		return err_set(e, ERR_LOCAL, "no memory for '%s'", p->name);
	c->entries = entries;
	new.key = mem_dup_len(key.p, key.len, e);
	new.value = mem_dup_len(value.p, value.len, e);
	entries[c->len++] = new;
	return new.key != NULL && new.value != NULL ? 0 : -1;
}

static const struct conf_entry *
find(const struct conf *c, struct slice key)
{
	size_t i;

	for (i = 0; i < c->len; i++)
		if (strlen(c->entries[i].key) == key.len &&
		    memcmp(c->entries[i].key, key.p, key.len) == 0)
			return &c->entries[i];
	return NULL;
}

static int
read_pair(const struct parser *p, struct slice line, struct err *e)
{
	const char *equals = memchr(line.p, '=', line.len);
	const struct conf_entry *earlier;
	struct slice key, value;

	if (equals == NULL)
		return fail(p, e, "expected KEY=VALUE");
	key = trim((struct slice){ line.p, (size_t)(equals - line.p) });
	value = trim((struct slice){ equals + 1,
	    line.len - (size_t)(equals + 1 - line.p) });
	if (!conf_is_key(key.p, key.len))
		return fail(p, e, "a key is made of A-Z, 0-9 and _");
	if ((earlier = find(p->conf, key)) != NULL)
		return fail(p, e, "'%s' is already in line %u", earlier->key,
		    earlier->line);
	if (value.len > 0 && (value.p[0] == '"' || value.p[0] == '\'')) {
		if (unquote(p, &value, e) != 0)
			return -1;
	} else if (check_plain(p, value, e) != 0) {
		return -1;
	}
	return add(p, key, value, e);
}

static int
read_line(const struct parser *p, struct slice line, struct err *e)
{
	if (line.len > 0 && line.p[line.len - 1] == '\r')
		line.len--;
	if (is_empty_or_comment(line))
		return 0;
	if (check_characters(p, line, e) != 0)
		return -1;
	return read_pair(p, line, e);
}

/* -- the whole ---------------------------------------------------------- */

int
conf_parse(struct conf *c, const char *name, const char *text, size_t len,
	struct err *e)
{
	struct parser p = { c, name, 0 };
	const char *end = text + len, *newline;
	struct slice line;

	if (memchr(text, '\0', len) != NULL) {
		err_set(e, ERR_USAGE, "cannot read '%s': it is not text in "
		    "UTF-8", name);
		return err_hint(e, "save it as UTF-8, not as UTF-16 or "
		    "\"Unicode\"");
	}
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	for (; text < end; text += line.len + 1) {
		newline = memchr(text, '\n', (size_t)(end - text));
		line.p = text;
		line.len = (size_t)((newline != NULL ? newline : end) - text);
		p.line++;
		if (read_line(&p, line, e) != 0)
			return -1;
	}
	return 0;
}

void
conf_free(struct conf *c)
{
	size_t i;

	for (i = 0; i < c->len; i++) {
		free(c->entries[i].key);
		mem_free_secret(c->entries[i].value);
	}
	free(c->entries);
	c->entries = NULL;
	c->len = 0;
}

const struct conf_entry *
conf_find(const struct conf *c, const char *key)
{
	return find(c, (struct slice){ key, strlen(key) });
}
