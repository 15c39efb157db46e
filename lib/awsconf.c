/*
 * What the two files say, merged, and questions to it.
 */
#include <stdlib.h>
#include <string.h>

#include "awsconf_private.h"
#include "mem.h"
#include "os.h"

bool
awsconf_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

struct awsconf_slice
awsconf_trim(struct awsconf_slice s)
{
	while (s.len > 0 && awsconf_is_blank(s.p[0])) {
		s.p++;
		s.len--;
	}
	while (s.len > 0 && awsconf_is_blank(s.p[s.len - 1]))
		s.len--;
	return s;
}

struct awsconf_slice
awsconf_cut_comment(struct awsconf_slice s)
{
	size_t i;

	for (i = 1; i < s.len; i++)
		if ((s.p[i] == '#' || s.p[i] == ';') && awsconf_is_blank(s.p[i - 1]))
			s.len = i;
	return s;
}

static struct awsconf_section *
awsconf_find(const struct awsconf *c, enum awsconf_kind kind,
	const char *name, size_t len)
{
	struct awsconf_section *s;

	for (s = c->sections; s != NULL; s = s->next)
		if (s->kind == kind && strlen(s->name) == len &&
		    memcmp(s->name, name, len) == 0)
			return s;
	return NULL;
}

void
awsconf_clear(struct awsconf_section *s)
{
	struct awsconf_property *p;

	while ((p = s->properties) != NULL) {
		s->properties = p->next;
		buf_free_secret(&p->value);
		free(p->key);
		free(p);
	}
}

struct awsconf_section *
awsconf_add_section(struct awsconf *c, enum awsconf_kind kind,
	struct awsconf_slice name, struct err *e)
{
	struct awsconf_section *s = awsconf_find(c, kind, name.p, name.len);

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

struct awsconf_property *
awsconf_add_property(struct awsconf_section *s, struct awsconf_slice key,
	struct err *e)
{
	struct awsconf_property *p;
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

struct awsconf *
awsconf_new(struct err *e)
{
	return mem_new(1, sizeof(struct awsconf), e);
}

void
awsconf_free(struct awsconf *c)
{
	struct awsconf_section *s;

	if (c == NULL)
		return;
	while ((s = c->sections) != NULL) {
		c->sections = s->next;
		awsconf_clear(s);
		free(s->name);
		free(s);
	}
	free(c);
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
	return awsconf_find(c, kind, section, strlen(section)) != NULL;
}

const char *
awsconf_get(const struct awsconf *c, enum awsconf_kind kind,
	const char *section, const char *key)
{
	struct awsconf_section *s = awsconf_find(c, kind, section, strlen(section));
	struct awsconf_property *p;

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
	struct awsconf_slice name, value;

	for (line = line != NULL ? strchr(line, '\n') : NULL; line != NULL;
	    line = strchr(line, '\n')) {
		line++;
		if ((equals = strchr(line, '=')) == NULL)
			return NULL;
		name = awsconf_trim((struct awsconf_slice){ line, (size_t)(equals - line) });
		value = awsconf_trim(awsconf_cut_comment((struct awsconf_slice){ equals,
		    strcspn(equals, "\n") }));
		if (name.len != strlen(sub) ||
		    memcmp(name.p, sub, name.len) != 0)
			continue;
		value = awsconf_trim((struct awsconf_slice){ value.p + 1, value.len - 1 });
		*len = value.len;
		return value.p;
	}
	return NULL;
}
