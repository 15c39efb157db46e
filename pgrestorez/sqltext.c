/*
 * The least of SQL's lexical rules with which the end of a statement can be
 * found. A ";" within a rule's or function's own statements ends one too early,
 * but none of those can be one of the statements that are looked for.
 */
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "mem.h"
#include "sqltext.h"

#define HELD_MAX ((size_t)1 << 20)
#define TAG_MAX 66		/* NAMEDATALEN, with its dollar signs */

enum state {
	BETWEEN,		/* no statement has begun */
	BETWEEN_COMMENT,	/* the same, in a comment */
	META,			/* a meta-command */
	PLAIN,			/* in a statement */
	COMMENT,		/* in a comment in it */
	QUOTED,			/* in '…' or "…" */
	DOLLAR,			/* in $tag$…$tag$ */
	DATA			/* behind COPY … FROM stdin; */
};

struct sqltext {
	struct sqltext_hooks hooks;
	struct buf held;	/* the statement so far, when not too long */
	bool too_long;		/* its beginning has been put */
	enum state state;
	char quote;		/* that ends QUOTED */
	bool escapes;		/* a backslash escapes in it */
	bool escaped;		/* the next byte of it */
	bool old_strings;	/* standard_conforming_strings = off */
	char previous;		/* byte of PLAIN or BETWEEN */
	char before;		/* and the one before it */
	char tag[TAG_MAX];	/* of DOLLAR, both signs included */
	size_t tag_len, matched;
	bool in_tag;		/* it is being read */
	size_t line;		/* bytes of the line of DATA so far */
	bool is_end;		/* which may be "\." */
	bool has_command;	/* a meta-command in a statement */
};

struct sqltext *
sqltext_new(const struct sqltext_hooks *hooks, struct err *e)
{
	struct sqltext *s = mem_new(1, sizeof(*s), e);

	if (s == NULL)
		return NULL;
	s->hooks = *hooks;
	buf_init(&s->held, HELD_MAX);
	return s;
}

void
sqltext_free(struct sqltext *s)
{
	if (s == NULL)
		return;
	buf_free(&s->held);
	free(s);
}

/* -- kinds of statements ------------------------------------------------ */

bool
sqltext_begins(const char *statement, size_t len, const char *with)
{
	size_t n = strlen(with);

	return len >= n && memcmp(statement, with, n) == 0;
}

/* One name, quoted or not, and the end of the statement? */
static bool
is_last_name(const char *p, const char *end)
{
	if (p < end && *p == '"') {
		for (p++; p < end; p++)
			if (*p == '"' && (++p == end || *p != '"'))
				break;
	} else {
		while (p < end && *p != ';' && *p != ' ' && *p != '\'' &&
		    *p != '"' && *p != ')')
			p++;
	}
	return p + 1 == end && *p == ';';
}

bool
sqltext_is_owner(const char *statement, size_t len)
{
	static const char owner[] = " OWNER TO ";
	size_t n = strlen(owner), i;

	if (sqltext_begins(statement, len, "SET SESSION AUTHORIZATION "))
		return true;
	if (!sqltext_begins(statement, len, "ALTER "))
		return false;
	for (i = len; i >= n; i--)
		if (memcmp(statement + i - n, owner, n) == 0)
			return is_last_name(statement + i, statement + len);
	return false;
}

bool
sqltext_is_acl(const char *statement, size_t len)
{
	return sqltext_begins(statement, len, "GRANT ") ||
	    sqltext_begins(statement, len, "REVOKE ") ||
	    sqltext_begins(statement, len, "ALTER DEFAULT PRIVILEGES ");
}

static bool
is_copy(const char *statement, size_t len)
{
	static const char end[] = " FROM stdin;";
	size_t n = strlen(end);

	return sqltext_begins(statement, len, "COPY ") && len > n &&
	    memcmp(statement + len - n, end, n) == 0;
}

/* -- statements --------------------------------------------------------- */

static int
put(struct sqltext *s, const char *text, size_t len, struct err *e)
{
	return len > 0 ? s->hooks.put(s->hooks.ctx, text, len, e) : 0;
}

/* A part of the statement that has been gone through. */
static int
hold(struct sqltext *s, const char *text, size_t len, struct err *e)
{
	if (!s->too_long && s->held.len + len <= HELD_MAX) {
		buf_put(&s->held, text, len);
		return buf_check(&s->held, "a statement", e);
	}
	if (!s->too_long && put(s, s->held.data, s->held.len, e) != 0)
		return -1;
	s->too_long = true;
	return put(s, text, len, e);
}

/* Its last byte is held. */
static int
end_statement(struct sqltext *s, struct err *e)
{
	enum sqltext_verdict verdict = SQLTEXT_KEEP;
	int rc = 0;

	s->state = BETWEEN;
	if (!s->too_long) {
		verdict = s->hooks.judge(s->hooks.ctx, s->held.data,
		    s->held.len, e);
		if (is_copy(s->held.data, s->held.len))
			s->state = DATA;
		if (sqltext_begins(s->held.data, s->held.len,
		    "SET standard_conforming_strings = off"))
			s->old_strings = true;
	}
	if (verdict == SQLTEXT_REFUSE)
		rc = -1;
	else if (verdict == SQLTEXT_KEEP && !s->too_long)
		rc = put(s, s->held.data, s->held.len, e);
	/* what follows COPY is the end of its line, and then data */
	s->line = 1;
	s->is_end = false;
	s->too_long = false;
	buf_reset(&s->held);
	return rc;
}

/* -- byte by byte ------------------------------------------------------- */

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || (unsigned char)c >= 0x80;
}

static void
open_quote(struct sqltext *s, char c)
{
	s->state = QUOTED;
	s->quote = c;
	s->escaped = false;
	s->escapes = c == '\'' && (s->old_strings ||
	    ((s->previous == 'E' || s->previous == 'e') &&
	    !is_word(s->before)));
}

/* In a statement, outside of everything. true: it ends with this byte. */
static bool
step_plain(struct sqltext *s, char c)
{
	if (c == '\'' || c == '"') {
		open_quote(s, c);
	} else if (c == '-' && s->previous == '-') {
		s->state = COMMENT;
	} else if (c == '$' && !is_word(s->previous)) {
		s->state = DOLLAR;
		s->in_tag = true;
		s->tag[0] = c;
		s->tag_len = 1;
		s->matched = 0;
	} else if (c == '\\') {	/* no SQL has one here */
		s->has_command = true;
	}
	s->before = s->previous;
	s->previous = c;
	return c == ';' && s->state == PLAIN;
}

static void
step_quoted(struct sqltext *s, char c)
{
	if (s->escaped) {
		s->escaped = false;
	} else if (s->escapes && c == '\\') {
		s->escaped = true;
	} else if (c == s->quote) {	/* doubled: it opens again */
		s->state = PLAIN;
		s->before = ' ';
		s->previous = 'x';
		if (s->escapes)
			s->previous = 'E';
	}
}

static bool
step_dollar(struct sqltext *s, char c)
{
	if (s->in_tag && ((c != '$' && !is_word(c)) ||
	    s->tag_len == TAG_MAX)) {
		s->state = PLAIN;	/* $1, or a tag that is none */
		s->previous = 'x';
		return step_plain(s, c);
	}
	if (s->in_tag) {
		s->tag[s->tag_len++] = c;
		s->in_tag = c != '$';
	} else if (c != s->tag[s->matched]) {
		s->matched = c == s->tag[0] ? 1 : 0;
	} else if (++s->matched == s->tag_len) {
		s->state = PLAIN;
		s->previous = c;
	}
	return false;
}

/* true: the statement ends with this byte. */
static bool
step(struct sqltext *s, char c)
{
	switch (s->state) {
	case PLAIN:
		return step_plain(s, c);
	case COMMENT:
		if (c == '\n')
			s->state = PLAIN;
		s->previous = ' ';
		return false;
	case QUOTED:
		step_quoted(s, c);
		return false;
	case DOLLAR:
		return step_dollar(s, c);
	default:	/* META */
		return c == '\n';
	}
}

/* Whatever is between statements. Returns how much of it that is. */
static size_t
skip_between(struct sqltext *s, const char *text, size_t len)
{
	const char *end;
	size_t i;

	for (i = 0; i < len; i++) {
		if (s->state == BETWEEN_COMMENT) {
			end = memchr(text + i, '\n', len - i);
			if (end == NULL)
				return len;
			i = (size_t)(end - text);
			s->state = BETWEEN;
		} else if (text[i] == '\\') {
			s->state = META;
			return i;
		} else if (text[i] == '-') {
			s->state = BETWEEN_COMMENT;
		} else if (strchr(" \t\r\n\xef\xbb\xbf", text[i]) == NULL) {
			s->state = PLAIN;
			s->previous = s->before = ' ';
			return i;
		}
	}
	return len;
}

/* Lines of COPY data, up to its end. Returns how much of it that is. */
static size_t
skip_data(struct sqltext *s, const char *text, size_t len)
{
	const char *end;
	size_t i = 0;

	while (i < len) {
		if (s->line == 0)
			s->is_end = text[i] == '\\';
		else if (s->is_end && s->line == 1)
			s->is_end = text[i] == '.';
		if (s->line < 2 && text[i] != '\n') {
			s->line++;
			i++;
			continue;
		}
		end = memchr(text + i, '\n', len - i);
		if (end == NULL)
			return len;
		if (s->is_end && s->line == 2)
			s->state = BETWEEN;
		s->line = 0;
		i = (size_t)(end - text) + 1;
		if (s->state == BETWEEN)
			break;
	}
	return i;
}

/* At once: by the end of the statement it would have been run. */
static int
ask_about_command(struct sqltext *s, const char *text, size_t len,
	struct err *e)
{
	s->has_command = false;
	return s->hooks.judge(s->hooks.ctx, text, len, e) == SQLTEXT_REFUSE ?
	    -1 : 0;
}

int
sqltext_feed(struct sqltext *s, const char *text, size_t len, struct err *e)
{
	size_t n;

	while (len > 0) {
		if (s->state <= BETWEEN_COMMENT || s->state == DATA) {
			n = s->state == DATA ? skip_data(s, text, len) :
			    skip_between(s, text, len);
			if (put(s, text, n, e) != 0)
				return -1;
		} else {
			bool ends = false;

			for (n = 0; n < len && !ends; n++) {
				ends = step(s, text[n]);
				if (s->has_command && ask_about_command(s,
				    text + n, len - n, e) != 0)
					return -1;
			}
			if (hold(s, text, n, e) != 0 ||
			    (ends && end_statement(s, e) != 0))
				return -1;
		}
		text += n;
		len -= n;
	}
	return 0;
}

int
sqltext_end(struct sqltext *s, struct err *e)
{
	int rc = put(s, s->held.data, s->held.len, e);

	buf_reset(&s->held);
	return rc;
}
