/*
 * The SDKs' file grammar is INI's in looks only: continuation lines,
 * sub-properties, prefixes that differ between the two files, and comments
 * that need a blank before them in values but not behind section names.
 */
#include <string.h>

#include "awsconf_private.h"

/* Where the parser is. */
struct parser {
	struct awsconf *conf;
	enum awsconf_file file;
	const char *name;
	unsigned line;
	bool in_section;		/* valid or not */
	struct awsconf_section *section;	/* NULL: ignored */
	bool in_property;
	struct awsconf_property *property;	/* NULL: ignored */
};

static int
fail(const struct parser *p, const char *why, struct err *e)
{
	return err_set(e, ERR_USAGE, "cannot read '%s', line %u: %s",
	    p->name, p->line, why);
}

static bool
is_name(struct awsconf_slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (s.p[i] == '\0' || strchr("abcdefghijklmnopqrstuvwxyz"
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-/.%@:+",
		    s.p[i]) == NULL)
			return false;
	return s.len > 0;
}

/* -- sections ----------------------------------------------------------- */

/* "profile NAME" and the like: the word is taken off when it is there. */
static bool
take_word(struct awsconf_slice *name, const char *word)
{
	size_t n = strlen(word);

	if (name->len <= n || memcmp(name->p, word, n) != 0 ||
	    !awsconf_is_blank(name->p[n]))
		return false;
	name->p += n;
	name->len -= n;
	*name = awsconf_trim(*name);
	return true;
}

/* false: SDKs ignore it. */
static bool
classify(const struct parser *p, struct awsconf_slice *name,
	enum awsconf_kind *kind, bool *prefixed)
{
	bool is_default;

	*kind = AWSCONF_PROFILE;
	*prefixed = false;
	if (p->file == AWSCONF_CREDENTIALS)
		return is_name(*name);
	if (take_word(name, "sso-session"))
		*kind = AWSCONF_SSO_SESSION;
	else if (take_word(name, "services"))
		*kind = AWSCONF_SERVICES;
	else
		*prefixed = take_word(name, "profile");
	is_default = name->len == 7 && memcmp(name->p, "default", 7) == 0;
	if (*kind == AWSCONF_PROFILE && !*prefixed && !is_default)
		return false;
	return is_name(*name);
}

static int
read_section(struct parser *p, struct awsconf_slice line, struct err *e)
{
	struct awsconf_slice name = { line.p + 1, line.len - 1 };
	enum awsconf_kind kind;
	bool prefixed;
	size_t i;

	for (i = 0; i < name.len; i++)
		if (name.p[i] == '#' || name.p[i] == ';')
			name.len = i;
	name = awsconf_trim(name);
	if (name.len == 0 || name.p[name.len - 1] != ']')
		return fail(p, "expected ']' at the end of a section's name",
		    e);
	name.len--;
	name = awsconf_trim(name);
	p->in_section = true;
	p->in_property = false;
	p->section = NULL;
	p->property = NULL;
	if (!classify(p, &name, &kind, &prefixed))
		return 0;
	if ((p->section = awsconf_add_section(p->conf, kind, name, e)) == NULL)
		return -1;
	if (prefixed && !p->section->prefixed) {
		awsconf_clear(p->section);
		p->section->prefixed = true;
	} else if (!prefixed && p->section->prefixed &&
	    p->file == AWSCONF_CONFIG) {
		p->section = NULL;
	}
	return 0;
}

/* -- properties --------------------------------------------------------- */

struct pair {
	struct awsconf_slice key, value;
};

/* what: a property or a sub-property, for messages. */
static int
split(const struct parser *p, struct awsconf_slice line, const char *what,
	struct pair *out, struct err *e)
{
	const char *equals;

	memset(out, 0, sizeof(*out));
	line = awsconf_trim(awsconf_cut_comment(line));
	if ((equals = memchr(line.p, '=', line.len)) == NULL) {
		fail(p, "expected an '=' behind the name", e);
		return err_context(e, "bad %s", what);
	}
	out->key = awsconf_trim((struct awsconf_slice){ line.p,
	    (size_t)(equals - line.p) });
	out->value = awsconf_trim((struct awsconf_slice){ equals + 1,
	    line.len - (size_t)(equals - line.p) - 1 });
	if (out->key.len != 0)
		return 0;
	fail(p, "there is no name before the '='", e);
	return err_context(e, "bad %s", what);
}

static int
read_property(struct parser *p, struct awsconf_slice line, struct err *e)
{
	struct pair pair;

	if (!p->in_section)
		return fail(p, "expected a section such as [default]", e);
	if (split(p, line, "property", &pair, e) != 0)
		return -1;
	p->in_property = true;
	p->property = NULL;
	if (p->section == NULL || !is_name(pair.key))
		return 0;
	p->property = awsconf_add_property(p->section, pair.key, e);
	if (p->property == NULL)
		return -1;
	buf_put(&p->property->value, pair.value.p, pair.value.len);
	return buf_check(&p->property->value, p->name, e);
}

static int
read_continuation(struct parser *p, struct awsconf_slice line, struct err *e)
{
	struct pair pair;
	struct buf *to;

	if (!p->in_section)
		return fail(p, "expected a section such as [default]", e);
	if (!p->in_property)
		return fail(p, "expected a property, found a continuation",
		    e);
	if (p->property == NULL)
		return 0;
	to = &p->property->value;
	/* below an empty value, or below the first sub-property */
	if ((to->len == 0 || to->data[0] == '\n') &&
	    split(p, line, "sub-property", &pair, e) != 0)
		return -1;
	line = awsconf_trim(line);
	buf_putc(to, '\n');
	buf_put(to, line.p, line.len);
	return buf_check(to, p->name, e);
}

static int
read_line(struct parser *p, struct awsconf_slice line, struct err *e)
{
	if (awsconf_trim(line).len == 0 || line.p[0] == '#' || line.p[0] == ';')
		return 0;
	if (line.p[0] == '[')
		return read_section(p, line, e);
	if (awsconf_is_blank(line.p[0]))
		return read_continuation(p, line, e);
	return read_property(p, line, e);
}

int
awsconf_parse(struct awsconf *c, enum awsconf_file file, const char *name,
	const char *text, size_t len, struct err *e)
{
	struct parser p = { .conf = c, .file = file, .name = name };
	const char *end = text + len, *newline;
	struct awsconf_slice line;

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
