/*
 * The statements of a text, by where they end. A ";" within a rule's or a
 * routine's own statements ends none.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "buf.h"
#include "mem.h"
#include "sqlscan.h"
#include "sqltext.h"

#define HELD_MAX ((size_t)1 << 20)

enum state {
	BETWEEN,		/* no statement has begun */
	PENDING,		/* "-" or "/" may begin one, or a comment */
	META,			/* a meta-command */
	STATEMENT,
	COPY,			/* behind COPY … FROM stdin; in its line */
	DATA			/* that of it */
};

struct sqltext {
	struct sqltext_hooks hooks;
	struct buf held;	/* the statement so far, when not too long */
	bool too_long;		/* its beginning has been put */
	enum state state;
	char pending;		/* PENDING: that byte, or none yet */
	size_t marked;		/* bytes of a byte order mark */
	bool has_begun;		/* there can't be one any more */
	int ending;		/* so much of "\." is all of its line; or -1 */
	size_t hidden;		/* bytes of HIDDEN that were seen last */
	struct sqlscan scan;
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

static bool
is_text(const char *statement, size_t len, const char *text)
{
	return len == strlen(text) && memcmp(statement, text, len) == 0;
}

/* Whatever the case of its letters? word is in lower case. */
static bool
has_at(const char *text, size_t len, const char *word)
{
	size_t n = strlen(word), i;

	for (i = 0; i < n && i < len; i++)
		if (sqlscan_lower(text[i]) != word[i])
			break;
	return i == n;
}

static bool
begins_with(const char *statement, size_t len, const char *const *words)
{
	for (; *words != NULL; words++)
		if (has_at(statement, len, *words))
			return true;
	return false;
}

static bool
names_strings(const char *statement, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (has_at(statement + i, len - i,
		    "standard_conforming_strings"))
			return true;
	return false;
}

#define STRINGS "SET standard_conforming_strings = "

/*
 * Could it make psql read what follows otherwise than it is read here? What
 * pg_dump writes does not, and definitions and rows may hold any words.
 */
static bool
is_odd(const char *statement, size_t len, bool too_long)
{
	static const char *const never[] = { "rollback", "abort", "discard",
		NULL };
	static const char *const holds[] = { "create", "alter", "comment",
		"insert", "security", NULL };

	if (has_at(statement, len, "copy"))
		return too_long || !is_copy(statement, len);
	if (has_at(statement, len, "reset"))
		return !is_text(statement, len,
		    "RESET SESSION AUTHORIZATION;");
	if (begins_with(statement, len, never))
		return true;
	return !is_text(statement, len, STRINGS "on;") &&
	    !is_text(statement, len, STRINGS "off;") &&
	    !begins_with(statement, len, holds) &&
	    names_strings(statement, len);
}

/* -- statements --------------------------------------------------------- */

static int
put(struct sqltext *s, const char *text, size_t len, struct err *e)
{
	return len > 0 ? s->hooks.put(s->hooks.ctx, text, len, e) : 0;
}

static int
refuse(const char *text, size_t len, struct err *e)
{
	char safe[64];

	err_escape(safe, sizeof(safe), text, len);
	(void)err_set(e, ERR_USAGE, "the text is not as pg_dump writes it: "
	    "'%s'", safe);
	return -1;
}

/* A part of the statement that has been gone through. */
static int
hold(struct sqltext *s, const char *text, size_t len, struct err *e)
{
	if (!s->too_long && s->held.len + len <= HELD_MAX) {
		buf_put(&s->held, text, len);
		return buf_check(&s->held, "a statement", e);
	}
	if (!s->too_long && (s->state == META ||
	    is_odd(buf_text(&s->held), s->held.len, true)))
		return refuse(s->held.data, s->held.len, e);
	if (!s->too_long && put(s, s->held.data, s->held.len, e) != 0)
		return -1;
	s->too_long = true;
	return put(s, text, len, e);
}

static int
judge(struct sqltext *s, struct err *e)
{
	enum sqltext_verdict verdict;
	const char *text = buf_text(&s->held);
	size_t len = s->held.len;

	if (s->state == STATEMENT && is_odd(text, len, false))
		return refuse(text, len, e);
	verdict = s->hooks.judge(s->hooks.ctx, text, len, e);
	if (verdict == SQLTEXT_REFUSE)
		return -1;
	return verdict == SQLTEXT_KEEP ? put(s, text, len, e) : 0;
}

/* Its last byte is held. */
static int
end_statement(struct sqltext *s, struct err *e)
{
	int rc = s->too_long ? 0 : judge(s, e);

	if (!s->too_long && is_text(s->held.data, s->held.len, STRINGS "on;"))
		s->scan.old_strings = false;
	if (!s->too_long && is_text(s->held.data, s->held.len,
	    STRINGS "off;"))
		s->scan.old_strings = true;
	s->state = !s->too_long && s->state == STATEMENT &&
	    is_copy(s->held.data, s->held.len) ? COPY : BETWEEN;
	s->ending = 0;
	s->too_long = false;
	buf_reset(&s->held);
	return rc;
}

/* -- what is passed over ------------------------------------------------ */

#define HIDDEN "\\unrestrict"

/*
 * The one command that psql knows behind \restrict could have another run, in
 * `…`; so it must not stand anywhere, not even where it seems to be quoted.
 */
static bool
hides_command(struct sqltext *s, char c)
{
	if (s->hidden == strlen(HIDDEN)) {
		if (c == '\n')
			s->hidden = 0;
		return c == '`';
	}
	if (c == HIDDEN[s->hidden])
		s->hidden++;
	else
		s->hidden = c == HIDDEN[0] ? 1 : 0;
	return false;
}

/* 1: it is a part of the mark that a text may begin with. */
static int
skip_mark(struct sqltext *s, const char *text, struct err *e)
{
	static const char mark[] = "\xef\xbb\xbf";

	if (s->marked < strlen(mark) && *text == mark[s->marked]) {
		s->marked++;
		return 1;
	}
	/* not every psql knows it: it must not change what comes then */
	if (s->marked > 0 && (s->marked < strlen(mark) ||
	    strchr("-\\ \t\r\n", *text) == NULL))
		return refuse(text, 1, e);
	s->marked = 0;
	return 0;
}

/* Whatever is between statements. Returns how much of it that is. */
static ssize_t
skip_between(struct sqltext *s, const char *text, size_t len, struct err *e)
{
	size_t i;
	int rc;

	for (i = 0; i < len; i++) {
		if (sqlscan_in_comment(&s->scan)) {
			(void)sqlscan_step(&s->scan, text[i]);
			if (hides_command(s, text[i]))
				return refuse(HIDDEN, strlen(HIDDEN), e);
			continue;
		}
		if (!s->has_begun && (rc = skip_mark(s, text + i, e)) != 0) {
			if (rc < 0)
				return -1;
			continue;
		}
		s->has_begun = true;
		if (strchr(" \t\r\n", text[i]) != NULL)
			continue;
		s->state = text[i] == '\\' ? META :
		    text[i] == '-' || text[i] == '/' ? PENDING : STATEMENT;
		break;
	}
	return (ssize_t)i;
}

/* One byte of "--" or of an operator. Returns how much is done with. */
static ssize_t
settle(struct sqltext *s, char c, struct err *e)
{
	char first = s->pending;

	if (first == '\0') {
		s->pending = c;
		return 1;
	}
	s->pending = '\0';
	(void)sqlscan_step(&s->scan, first);
	if ((first == '-' && c == '-') || (first == '/' && c == '*')) {
		(void)sqlscan_step(&s->scan, c);
		s->state = BETWEEN;
		return put(s, (const char[]){ first, c }, 2, e) == 0 ? 1 : -1;
	}
	s->state = STATEMENT;
	return hold(s, &first, 1, e);
}

/* Nothing but space may follow COPY in its line. */
static ssize_t
skip_line(struct sqltext *s, const char *text, size_t len, struct err *e)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (text[i] == '\n') {
			s->state = DATA;
			i++;
			break;
		}
		if (strchr(" \t\r", text[i]) == NULL)
			return refuse(text + i, len - i, e);
	}
	return (ssize_t)i;
}

/* Lines of COPY data, up to its end. Returns how much of it that is. */
static ssize_t
skip_data(struct sqltext *s, const char *text, size_t len)
{
	static const char mark[] = "\\.\r";
	const char *end;
	size_t i;

	for (i = 0; i < len; i++) {
		if (s->ending < 0) {
			end = memchr(text + i, '\n', len - i);
			if (end == NULL)
				return (ssize_t)len;
			i = (size_t)(end - text);
			s->ending = 0;
		} else if (text[i] == '\n' && s->ending >= 2) {
			s->state = BETWEEN;
			return (ssize_t)i + 1;
		} else if (text[i] == '\n') {
			s->ending = 0;
		} else {
			s->ending = text[i] == mark[s->ending] ?
			    s->ending + 1 : -1;
		}
	}
	return (ssize_t)len;
}

/* -- all of it ---------------------------------------------------------- */

/* At once: by the end of the statement it would have been run. */
static int
refuse_command(const struct sqltext *s, const char *text, size_t len,
	struct err *e)
{
	if (s->hooks.judge(s->hooks.ctx, text, len, e) != SQLTEXT_REFUSE)
		(void)refuse(text, len, e);
	return -1;
}

/* Up to the end of the statement or the command, if that is there. */
static ssize_t
step(struct sqltext *s, const char *text, size_t len, struct err *e)
{
	enum sqlscan_event event = SQLSCAN_NONE;
	size_t n;

	for (n = 0; n < len && event != SQLSCAN_END; n++) {
		event = s->state == STATEMENT ?
		    sqlscan_step(&s->scan, text[n]) :
		    text[n] == '\n' ? SQLSCAN_END : SQLSCAN_NONE;
		if (event == SQLSCAN_COMMAND)
			return refuse_command(s, text + n, len - n, e);
		if (event == SQLSCAN_REFUSE || hides_command(s, text[n]))
			return refuse(text + n, len - n, e);
	}
	if (hold(s, text, n, e) != 0 ||
	    (event == SQLSCAN_END && end_statement(s, e) != 0))
		return -1;
	return (ssize_t)n;
}

static ssize_t
skip(struct sqltext *s, const char *text, size_t len, struct err *e)
{
	ssize_t n = s->state == BETWEEN ? skip_between(s, text, len, e) :
	    s->state == COPY ? skip_line(s, text, len, e) :
	    skip_data(s, text, len);

	return n >= 0 && put(s, text, (size_t)n, e) != 0 ? -1 : n;
}

int
sqltext_feed(struct sqltext *s, const char *text, size_t len, struct err *e)
{
	ssize_t n;

	/* psql would not see the rest of its line */
	if (memchr(text, '\0', len) != NULL)
		return err_set(e, ERR_USAGE, "the text holds a byte 0, which "
		    "none of pg_dump's does");
	for (; len > 0; text += n, len -= (size_t)n) {
		n = s->state == PENDING ? settle(s, *text, e) :
		    s->state == STATEMENT || s->state == META ?
		    step(s, text, len, e) : skip(s, text, len, e);
		if (n < 0)
			return -1;
	}
	return 0;
}

int
sqltext_end(struct sqltext *s, struct err *e)
{
	int rc = s->pending != '\0' ? put(s, &s->pending, 1, e) : 0;

	if (rc == 0)
		rc = s->state == META ? judge(s, e) :
		    put(s, s->held.data, s->held.len, e);
	buf_reset(&s->held);
	return rc;
}
