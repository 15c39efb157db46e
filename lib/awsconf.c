/*
 * The SDKs' file grammar is INI's in looks only: continuation lines,
 * sub-properties, prefixes that differ between the two files, and comments
 * that need a blank before them in values but not behind section names.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "awsconf.h"
#include "buf.h"
#include "mem.h"
#include "os.h"

struct property {
	struct property *next;
	char *key;	/* in lower case */
	struct buf value;
};

struct section {
	struct section *next;
	enum awsconf_kind kind;
	char *name;
	bool prefixed;	/* by [profile default], which [default] yields to */
	struct property *properties;
};

struct awsconf {
	struct section *sections;
};

/* Where the parser is. */
struct parser {
	struct awsconf *conf;
	enum awsconf_file file;
	const char *name;
	unsigned line;
	bool in_section;		/* valid or not */
	struct section *section;	/* NULL: ignored */
	bool in_property;
	struct property *property;	/* NULL: ignored */
};

/* Part of a line. */
struct slice {
	const char *p;
	size_t len;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
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

static int
fail(const struct parser *p, const char *why, struct err *e)
{
	return err_set(e, ERR_USAGE, "cannot read '%s', line %u: %s",
	    p->name, p->line, why);
}

static bool
is_name(struct slice s)
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

static struct section *
find_section(const struct awsconf *c, enum awsconf_kind kind,
	const char *name, size_t len)
{
	struct section *s;

	for (s = c->sections; s != NULL; s = s->next)
		if (s->kind == kind && strlen(s->name) == len &&
		    memcmp(s->name, name, len) == 0)
			return s;
	return NULL;
}

static void
free_properties(struct section *s)
{
	struct property *p;

	while ((p = s->properties) != NULL) {
		s->properties = p->next;
		buf_free_secret(&p->value);
		free(p->key);
		free(p);
	}
}

static struct section *
add_section(struct awsconf *c, enum awsconf_kind kind, struct slice name,
	struct err *e)
{
	struct section *s = find_section(c, kind, name.p, name.len);

	if (s != NULL)
		return s;
	if ((s = mem_new(1, sizeof(*s), e)) == NULL)
		return NULL;
	if ((s->name = mem_dup_len(name.p, name.len, e)) == NULL) {
		free(s);
		return NULL;
	}
	s->kind = kind;
	s->next = c->sections;
	c->sections = s;
	return s;
}

/* "profile NAME" and the like: the word is taken off when it is there. */
static bool
take_word(struct slice *name, const char *word)
{
	size_t n = strlen(word);

	if (name->len <= n || memcmp(name->p, word, n) != 0 ||
	    !is_blank(name->p[n]))
		return false;
	name->p += n;
	name->len -= n;
	*name = trim(*name);
	return true;
}

/* false: SDKs ignore it. */
static bool
classify(const struct parser *p, struct slice *name, enum awsconf_kind *kind,
	bool *prefixed)
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
read_section(struct parser *p, struct slice line, struct err *e)
{
	struct slice name = { line.p + 1, line.len - 1 };
	enum awsconf_kind kind;
	bool prefixed;
	size_t i;

	for (i = 0; i < name.len; i++)
		if (name.p[i] == '#' || name.p[i] == ';')
			name.len = i;
	name = trim(name);
	if (name.len == 0 || name.p[name.len - 1] != ']')
		return fail(p, "expected ']' at the end of a section's name",
		    e);
	name.len--;
	name = trim(name);
	p->in_section = true;
	p->in_property = false;
	p->section = NULL;
	p->property = NULL;
	if (!classify(p, &name, &kind, &prefixed))
		return 0;
	if ((p->section = add_section(p->conf, kind, name, e)) == NULL)
		return -1;
	if (prefixed && !p->section->prefixed) {
		free_properties(p->section);
		p->section->prefixed = true;
	} else if (!prefixed && p->section->prefixed &&
	    p->file == AWSCONF_CONFIG) {
		p->section = NULL;
	}
	return 0;
}

/* -- properties --------------------------------------------------------- */

static struct property *
add_property(struct section *s, struct slice key, struct err *e)
{
	struct property *p;
	char *name = mem_dup_len(key.p, key.len, e), *c;

	if (name == NULL)
		return NULL;
	for (c = name; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	for (p = s->properties; p != NULL; p = p->next)
		if (strcmp(p->key, name) == 0) {
			free(name);
			buf_reset(&p->value);
			return p;
		}
	if ((p = mem_new(1, sizeof(*p), e)) == NULL) {
		free(name);
		return NULL;
	}
	p->key = name;
	buf_init(&p->value, AWSCONF_FILE_MAX);
	p->next = s->properties;
	s->properties = p;
	return p;
}

/* Cut a comment: "#" or ";" behind a blank. */
static struct slice
cut_comment(struct slice s)
{
	size_t i;

	for (i = 1; i < s.len; i++)
		if ((s.p[i] == '#' || s.p[i] == ';') && is_blank(s.p[i - 1]))
			s.len = i;
	return s;
}

static int
split(const struct parser *p, struct slice line, const char *no_equals,
	const char *no_name, struct slice *key, struct slice *value,
	struct err *e)
{
	const char *equals;

	line = trim(cut_comment(line));
	if ((equals = memchr(line.p, '=', line.len)) == NULL)
		return fail(p, no_equals, e);
	*key = trim((struct slice){ line.p, (size_t)(equals - line.p) });
	*value = trim((struct slice){ equals + 1,
	    line.len - (size_t)(equals - line.p) - 1 });
	return key->len != 0 ? 0 : fail(p, no_name, e);
}

static int
read_property(struct parser *p, struct slice line, struct err *e)
{
	struct slice key, value;

	if (!p->in_section)
		return fail(p, "expected a section such as [default]", e);
	if (split(p, line, "expected an '=' behind a property's name",
	    "a property has no name", &key, &value, e) != 0)
		return -1;
	p->in_property = true;
	p->property = NULL;
	if (p->section == NULL || !is_name(key))
		return 0;
	if ((p->property = add_property(p->section, key, e)) == NULL)
		return -1;
	buf_put(&p->property->value, value.p, value.len);
	return buf_check(&p->property->value, p->name, e);
}

static int
read_continuation(struct parser *p, struct slice line, struct err *e)
{
	struct slice key, value;
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
	if ((to->len == 0 || to->data[0] == '\n') && split(p, line,
	    "expected an '=' behind a sub-property's name",
	    "a sub-property has no name", &key, &value, e) != 0)
		return -1;
	line = trim(line);
	buf_putc(to, '\n');
	buf_put(to, line.p, line.len);
	return buf_check(to, p->name, e);
}

static int
read_line(struct parser *p, struct slice line, struct err *e)
{
	if (trim(line).len == 0 || line.p[0] == '#' || line.p[0] == ';')
		return 0;
	if (line.p[0] == '[')
		return read_section(p, line, e);
	if (is_blank(line.p[0]))
		return read_continuation(p, line, e);
	return read_property(p, line, e);
}

/* -- the whole ---------------------------------------------------------- */

struct awsconf *
awsconf_new(struct err *e)
{
	return mem_new(1, sizeof(struct awsconf), e);
}

void
awsconf_free(struct awsconf *c)
{
	struct section *s;

	if (c == NULL)
		return;
	while ((s = c->sections) != NULL) {
		c->sections = s->next;
		free_properties(s);
		free(s->name);
		free(s);
	}
	free(c);
}

int
awsconf_parse(struct awsconf *c, enum awsconf_file file, const char *name,
	const char *text, size_t len, struct err *e)
{
	struct parser p = { .conf = c, .file = file, .name = name };
	const char *end = text + len, *newline;
	struct slice line;

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

int
awsconf_read(struct awsconf *c, enum awsconf_file file, const char *path,
	struct err *e)
{
	struct buf text = BUF_INIT(AWSCONF_FILE_MAX);
	struct os_stat st;
	int fd = -1, rc = -1;
	ssize_t n = 0;
	void *room;

	if (os_stat(path, &st, e) != 0)
		return -1;
	if (st.kind == OS_MISSING || st.kind == OS_DIR)
		return 0;
	if ((room = buf_room(&text, AWSCONF_FILE_MAX)) != NULL &&
	    (fd = os_open_read(path, e)) >= 0)
		n = os_read_full(fd, room, AWSCONF_FILE_MAX, e);
	if (room == NULL)
		buf_check(&text, path, e);
	else if (fd < 0 || n < 0)
		e->kind = ERR_USAGE;
	else if ((size_t)n == AWSCONF_FILE_MAX)
		err_set(e, ERR_USAGE, "'%s' is too long", path);
	else
		rc = awsconf_parse(c, file, path, room, (size_t)n, e);
	(void)os_close(fd, e);
	buf_free_secret(&text);
	return rc;
}

bool
awsconf_has(const struct awsconf *c, enum awsconf_kind kind,
	const char *section)
{
	return find_section(c, kind, section, strlen(section)) != NULL;
}

const char *
awsconf_get(const struct awsconf *c, enum awsconf_kind kind,
	const char *section, const char *key)
{
	struct section *s = find_section(c, kind, section, strlen(section));
	struct property *p;

	for (p = s != NULL ? s->properties : NULL; p != NULL; p = p->next)
		if (strcmp(p->key, key) == 0)
			return buf_text(&p->value);
	return NULL;
}

const char *
awsconf_get_sub(const struct awsconf *c, enum awsconf_kind kind,
	const char *section, const char *key, const char *sub, size_t *len)
{
	const char *line = awsconf_get(c, kind, section, key), *equals;
	struct slice name, value;

	for (line = line != NULL ? strchr(line, '\n') : NULL; line != NULL;
	    line = strchr(line, '\n')) {
		line++;
		if ((equals = strchr(line, '=')) == NULL)
			return NULL;
		name = trim((struct slice){ line, (size_t)(equals - line) });
		value = trim(cut_comment((struct slice){ equals,
		    strcspn(equals, "\n") }));
		if (name.len != strlen(sub) ||
		    memcmp(name.p, sub, name.len) != 0)
			continue;
		value = trim((struct slice){ value.p + 1, value.len - 1 });
		*len = value.len;
		return value.p;
	}
	return NULL;
}
