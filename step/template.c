/*
 * One pass over the text; a value is never looked at for braces again.
 */
#include <stdlib.h>
#include <string.h>

#include "derive.h"
#include "template.h"

/* A reference without its braces, cut at its colon. */
struct reference {
	char op[16];		/* "" for none */
	char name[64];
};

static int
not_understood(const char *text, struct err *e)
{
	err_set(e, ERR_USAGE, "cannot understand '%s'", text);
	return err_hint(e, "see step(1) for what may stand in braces");
}

static bool
copy(char *out, size_t size, const char *text, size_t len)
{
	if (len == 0 || len >= size)
		return false;
	memcpy(out, text, len);
	out[len] = '\0';
	return true;
}

/* text: behind the opening brace; len: up to the closing one. */
static bool
parse_reference(const char *text, size_t len, struct reference *r)
{
	const char *colon = memchr(text, ':', len);
	size_t n = colon != NULL ? (size_t)(colon - text) : 0;

	memset(r, 0, sizeof(*r));
	if (colon == NULL)
		return copy(r->name, sizeof(r->name), text, len);
	return copy(r->op, sizeof(r->op), text, n) &&
	    copy(r->name, sizeof(r->name), colon + 1, len - n - 1);
}

int
template_put_value(const struct place *p, const char *name, struct buf *out,
	struct err *e)
{
	const char *value;
	size_t start = out->len;

	if (place_is_name(name, strlen(name))) {
		if (place_read(p, name, out, e) != 0)
			return -1;
		if (out->len > start && out->data[out->len - 1] == '\n')
			out->data[--out->len] = '\0';
		return 0;
	}
	if (name[0] < 'A' || name[0] > 'Z')
		return not_understood(name, e);
	if ((value = getenv(name)) != NULL)
		buf_puts(out, value);
	return buf_check(out, name, e);
}

static int
put_reference(const struct place *p, const struct reference *r,
	struct buf *out, struct err *e)
{
	struct buf value = BUF_INIT(PLACE_FILE_MAX);
	int rc;

	if (strcmp(r->op, "path") == 0)
		return place_put_path(p, r->name, out, e);
	rc = template_put_value(p, r->name, &value, e);
	if (rc == 0)
		rc = derive_put(r->op, buf_text(&value), out, e);
	buf_free(&value);
	return rc == 0 ? 0 : err_context(e, "{%s%s%s}", r->op,
	    r->op[0] != '\0' ? ":" : "", r->name);
}

int
template_put(const struct place *p, const char *text, struct buf *out,
	struct err *e)
{
	const char *whole = text, *end;
	struct reference r;
	size_t n;

	while (*text != '\0') {
		n = strcspn(text, "{");
		buf_put(out, text, n);
		text += n;
		if (*text == '\0')
			break;
		end = strchr(text, '}');
		if (end == NULL || !parse_reference(text + 1,
		    (size_t)(end - text - 1), &r))
			return not_understood(whole, e);
		if (put_reference(p, &r, out, e) != 0)
			return -1;
		text = end + 1;
	}
	return buf_check(out, "an argument", e);
}

/* -- whole arguments ------------------------------------------------------ */

/* "{text=name}": cut out text and name; false when it is none such. */
static bool
split_vanishing(const char *text, struct buf *label, struct reference *r)
{
	size_t len = strlen(text);
	const char *equals = strchr(text, '=');

	if (text[0] != '{' || strchr(text, '}') != text + len - 1 ||
	    equals == NULL || !parse_reference(equals + 1,
	    (size_t)(text + len - 1 - equals - 1), r))
		return false;
	buf_put(label, text + 1, (size_t)(equals - text));
	return true;
}

/* Add an argument for each piece of value between characters of ends. */
static int
add_pieces(const char *value, const char *ends, struct opt_list *args,
	struct err *e)
{
	struct buf piece = BUF_INIT(TEMPLATE_MAX);
	int rc = 0;
	size_t n;

	while (rc == 0 && (value += strspn(value, ends), *value != '\0')) {
		n = strcspn(value, ends);
		buf_reset(&piece);
		buf_put(&piece, value, n);
		if ((rc = buf_check(&piece, "an argument", e)) == 0)
			rc = opt_list_add(args, piece.data, e);
		value += n;
	}
	buf_free(&piece);
	return rc;
}

/* "{lines:name}" and "{words:name}"; what their pieces end at, or NULL. */
static const char *
find_ends(const char *text, struct reference *r)
{
	size_t len = strlen(text);

	if (text[0] != '{' || strchr(text, '}') != text + len - 1 ||
	    !parse_reference(text + 1, len - 2, r))
		return NULL;
	return strcmp(r->op, "lines") == 0 ? "\r\n" :
	    strcmp(r->op, "words") == 0 ? " " : NULL;
}

int
template_add(const struct place *p, const char *text, struct opt_list *args,
	struct err *e)
{
	struct buf out = BUF_INIT(TEMPLATE_MAX);
	struct reference r;
	const char *ends = find_ends(text, &r);
	size_t label = 0;
	int rc;

	if (ends != NULL) {
		rc = template_put_value(p, r.name, &out, e);
		if (rc == 0)
			rc = add_pieces(buf_text(&out), ends, args, e);
	} else if (split_vanishing(text, &out, &r)) {
		label = out.len;
		rc = put_reference(p, &r, &out, e);
		if (rc == 0 && out.len > label)
			rc = opt_list_add(args, buf_text(&out), e);
	} else {
		rc = template_put(p, text, &out, e);
		if (rc == 0)
			rc = opt_list_add(args, buf_text(&out), e);
	}
	buf_free(&out);
	return rc;
}

int
template_add_all(const struct place *p, char *const *texts, size_t count,
	struct opt_list *args, struct err *e)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (template_add(p, texts[i], args, e) != 0)
			return -1;
	return 0;
}
