/*
 * Quotes, comments and words decide what a ";" or a "\" means. All of psql's
 * rules matter: a text in which the two see a quote open at different places
 * can hide a command.
 */
#include <string.h>

#include "sqlscan.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
begins_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	    (unsigned char)c >= 0x80;
}

char
sqlscan_lower(char c)
{
	static const char lower[] = "abcdefghijklmnopqrstuvwxyz";

	if (c >= 'A' && c <= 'Z')
		return lower[c - 'A'];
	return c;
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool
sqlscan_in_comment(const struct sqlscan *s)
{
	return s->state == SQLSCAN_LINE || s->state == SQLSCAN_BLOCK;
}

/* -- words -------------------------------------------------------------- */

static bool
word_is(const struct sqlscan *s, const char *word)
{
	return strlen(word) == s->word_len &&
	    memcmp(s->word, word, s->word_len) == 0;
}

static void
put_word(struct sqlscan *s, char c)
{
	if (s->word_len < sizeof(s->word))
		s->word[s->word_len++] = sqlscan_lower(c);
}

/* Is it CREATE [OR REPLACE] FUNCTION or PROCEDURE? */
static bool
is_routine(const struct sqlscan *s)
{
	const char *h = s->heads;

	if (h[0] != 'c')
		return false;
	return h[1] == 'f' || h[1] == 'p' ||
	    (h[1] == 'o' && h[2] == 'r' && (h[3] == 'f' || h[3] == 'p'));
}

/* A routine's body may be BEGIN … END, with semicolons of its own. */
static void
end_word(struct sqlscan *s)
{
	static const char *const known[] = { "create", "function",
		"procedure", "or", "replace" };
	size_t i;

	if (s->word_len == 0)
		return;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (s->words < sizeof(s->heads) && word_is(s, known[i]))
			s->heads[s->words] = *known[i];
	s->words++;
	if (is_routine(s) && s->parens == 0) {
		if (word_is(s, "begin") ||
		    (s->begins > 0 && word_is(s, "case")))
			s->begins++;
		else if (s->begins > 0 && word_is(s, "end"))
			s->begins--;
	}
	s->word_len = 0;
}

static void
end_number(struct sqlscan *s)
{
	s->in_number = false;
	s->number_mixed = false;
}

static void
end_statement(struct sqlscan *s)
{
	bool old_strings = s->old_strings;

	memset(s, 0, sizeof(*s));
	s->old_strings = old_strings;
}

/* -- quotes ------------------------------------------------------------- */

/* A prefix decides what a backslash is; some versions take 1E for a number. */
static enum sqlscan_event
open_string(struct sqlscan *s)
{
	bool escapes = s->old_strings;

	if (s->number_mixed)
		return SQLSCAN_REFUSE;
	if (word_is(s, "e"))
		escapes = true;
	else if (s->unicode || word_is(s, "b") || word_is(s, "x"))
		escapes = false;
	/* a string that goes on in the next line is of the same kind */
	if (s->after && escapes != s->escapes)
		return SQLSCAN_REFUSE;
	end_word(s);
	end_number(s);
	s->state = SQLSCAN_QUOTED;
	s->quote = '\'';
	s->escapes = escapes;
	s->escaped = false;
	return SQLSCAN_NONE;
}

static void
step_quoted(struct sqlscan *s, char c)
{
	if (s->escaped) {
		s->escaped = false;
	} else if (s->quote == '\'' && s->escapes && c == '\\') {
		s->escaped = true;
	} else if (c == s->quote) {
		s->state = SQLSCAN_PLAIN;
		s->closed = true;
		s->after = c == '\'';
	}
}

static enum sqlscan_event step_plain(struct sqlscan *s, char c);

/* A parameter, such as $1, or a tag that is none: what it holds is a word. */
static enum sqlscan_event
step_tag(struct sqlscan *s, char c)
{
	size_t i;

	if (c == '$' || begins_word(c) || (s->tag_len > 1 && is_digit(c))) {
		if (s->tag_len == sizeof(s->tag))
			return SQLSCAN_REFUSE;
		s->tag[s->tag_len++] = c;
		s->matched = 0;
		if (c == '$')
			s->state = SQLSCAN_DOLLAR;
		return SQLSCAN_NONE;
	}
	s->state = SQLSCAN_PLAIN;
	for (i = 1; i < s->tag_len; i++)
		put_word(s, s->tag[i]);
	return step_plain(s, c);
}

static void
step_dollar(struct sqlscan *s, char c)
{
	if (c != s->tag[s->matched])
		s->matched = c == s->tag[0] ? 1 : 0;
	else if (++s->matched == s->tag_len)
		s->state = SQLSCAN_PLAIN;
}

/* -- outside ------------------------------------------------------------ */

/* A part of a word or number? That of $1 is a number, too. */
static bool
goes_on(struct sqlscan *s, char c)
{
	bool in_word = s->word_len > 0;

	if (!in_word && (is_digit(c) || (s->in_number &&
	    (begins_word(c) || c == '.')))) {
		s->number_mixed |= begins_word(c);
		s->in_number = true;
	} else if (begins_word(c) || (in_word && (is_digit(c) || c == '$'))) {
		put_word(s, c);
	} else {
		return false;
	}
	s->previous = '\0';
	s->after = s->unicode = false;
	return true;
}

static enum sqlscan_event
step_sign(struct sqlscan *s, char c)
{
	switch (c) {
	case '"':
		s->state = SQLSCAN_QUOTED;
		s->quote = c;
		break;
	case '$':
		s->state = SQLSCAN_TAG;
		s->tag[0] = c;
		s->tag_len = 1;
		break;
	case '(':
		s->parens++;
		break;
	case ')':
		s->parens -= s->parens > 0;
		break;
	case ';':
		if (s->parens > 0 || s->begins > 0)
			break;
		end_statement(s);
		return SQLSCAN_END;
	case '\\':
		return SQLSCAN_COMMAND;
	default:
		break;
	}
	return SQLSCAN_NONE;
}

static enum sqlscan_event
step_plain(struct sqlscan *s, char c)
{
	bool closed = s->closed, mixed = s->number_mixed;
	bool comments = (s->previous == '-' && c == '-') ||
	    (s->previous == '/' && c == '*');

	s->closed = false;
	if (closed && c == s->quote) {	/* doubled: it opens again */
		s->state = SQLSCAN_QUOTED;
		return SQLSCAN_NONE;
	}
	if (goes_on(s, c))
		return SQLSCAN_NONE;
	s->after &= s->previous == '\0' || comments;
	s->previous = '\0';
	if (c == '\'')
		return open_string(s);
	s->unicode = c == '&' && word_is(s, "u");
	end_word(s);
	end_number(s);
	if (is_space(c))
		return SQLSCAN_NONE;
	if (comments) {
		s->state = c == '-' ? SQLSCAN_LINE : SQLSCAN_BLOCK;
		s->comments = 1;
		return SQLSCAN_NONE;
	}
	if (c == '-' || c == '/') {
		s->previous = c;
		return SQLSCAN_NONE;
	}
	s->after = false;
	return c == '$' && mixed ? SQLSCAN_REFUSE : step_sign(s, c);
}

static void
step_block(struct sqlscan *s, char c)
{
	if (s->previous == '/' && c == '*') {
		s->comments++;
		c = '\0';
	} else if (s->previous == '*' && c == '/') {
		s->comments--;
		c = '\0';
	}
	s->previous = c;
	if (s->comments == 0)
		s->state = SQLSCAN_PLAIN;
}

enum sqlscan_event
sqlscan_step(struct sqlscan *s, char c)
{
	switch (s->state) {
	case SQLSCAN_LINE:
		if (c == '\n' || c == '\r')
			s->state = SQLSCAN_PLAIN;
		return SQLSCAN_NONE;
	case SQLSCAN_BLOCK:
		step_block(s, c);
		return SQLSCAN_NONE;
	case SQLSCAN_QUOTED:
		step_quoted(s, c);
		return SQLSCAN_NONE;
	case SQLSCAN_TAG:
		return step_tag(s, c);
	case SQLSCAN_DOLLAR:
		step_dollar(s, c);
		return SQLSCAN_NONE;
	default:
		return step_plain(s, c);
	}
}
