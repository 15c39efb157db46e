/*
 * Values are checked once, before anything begins, so that scripts can trust
 * them: a backup that fails at three o'clock for a typo was announced at noon.
 */
#include <stdlib.h>
#include <string.h>

#include "keys.h"
#include "num.h"
#include "os.h"
#include "uri.h"

#define SCHEME "s3://"

static const char digits[] = "0123456789";
static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ";

static bool
is_only(const char *text, const char *a, const char *b, const char *c)
{
	for (; *text != '\0'; text++)
		if (strchr(a, *text) == NULL && strchr(b, *text) == NULL &&
		    strchr(c, *text) == NULL)
			return false;
	return true;
}

/* "KEY: 'value' is not WANTED", or without the value. */
static int
refuse(const struct key *k, const char *value, const char *wanted,
	struct err *e)
{
	if (k->is_secret)
		return err_set(e, ERR_USAGE, "%s: its value is not %s",
		    k->name, wanted);
	return err_set(e, ERR_USAGE, "%s: '%s' is not %s", k->name, value,
	    wanted);
}

/* Is text, or its first len bytes, one of the words in choices? */
static bool
is_choice(const char *choices, const char *text, size_t len)
{
	size_t n;

	for (; *choices != '\0'; choices += n + (choices[n] == ' ')) {
		n = strcspn(choices, " ");
		if (n == len && memcmp(choices, text, n) == 0)
			return true;
	}
	return false;
}

static int
check_text(const struct key *k, const char *value, struct buf *out,
	struct err *e)
{
	(void)k;
	(void)e;
	buf_puts(out, value);
	return 0;
}

static int
check_word(const struct key *k, const char *value, struct buf *out,
	struct err *e)
{
	if (strpbrk(value, " \t") != NULL)
		return refuse(k, value, "one word, without blanks", e);
	if (k->choices != NULL &&
	    !is_choice(k->choices, value, strlen(value))) {
		refuse(k, value, "known", e);
		return err_hint(e, "it is one of: %s", k->choices);
	}
	buf_puts(out, value);
	return 0;
}

/* -- names -------------------------------------------------------------- */

/* Is the last line of out, from start on, there before it too? */
static bool
is_repeated(const struct buf *out, size_t start)
{
	const char *line = buf_text(out), *last = line + start;
	size_t n;

	for (; line < last; line += n + 1) {
		n = strcspn(line, "\n");
		if (n == strlen(last) && memcmp(line, last, n) == 0)
			return true;
	}
	return false;
}

/* Append one name up to its comma; returns what follows. */
static const char *
take_name(const char *p, struct buf *out)
{
	size_t start;

	p += strspn(p, " \t");
	start = out->len;
	for (; *p != '\0' && *p != ',' && *p != '\n'; p++) {
		if (p[0] == '\\' && p[1] == ',')
			p++;
		buf_putc(out, *p);
	}
	while (out->len > start && !out->failed &&
	    strchr(" \t", out->data[out->len - 1]) != NULL)
		out->data[--out->len] = '\0';
	return p;
}

static int
check_names(const struct key *k, const char *value, struct buf *out,
	struct err *e)
{
	const char *p = value;
	size_t start;

	for (;;) {
		if (out->len > 0)
			buf_putc(out, '\n');
		start = out->len;
		p = take_name(p, out);
		if (buf_check(out, k->name, e) != 0)
			return -1;
		if (out->len == start)
			return refuse(k, value, "a list of names with one "
			    "comma between", e);
		if (is_repeated(out, start))
			return err_set(e, ERR_USAGE, "%s: '%s' is there twice",
			    k->name, out->data + start);
		if (*p == '\0')
			return 0;
		p++;
	}
}

static int
check_backup(const struct key *k, const char *value, struct buf *out,
	struct err *e)
{
	if (!is_only(value, letters, digits, "._-%"))
		return refuse(k, value, "made of letters, digits, '.', '_', "
		    "'-' and '%' only", e);
	if (strcmp(value, "globals") == 0)
		return refuse(k, value, "free: GLOBALS has it", e);
	buf_puts(out, value);
	return 0;
}

/* -- places ------------------------------------------------------------- */

static int
check_path(const struct key *k, const char *value, struct buf *out,
	struct err *e)
{
	if (!os_is_absolute(value)) {
		refuse(k, value, "an absolute path", e);
		return err_hint(e, "write all of it from the root on; '~' "
		    "and variables are not expanded");
	}
	buf_puts(out, value);
	return 0;
}

static int
check_url(const struct key *k, const char *value, struct buf *out,
	struct err *e)
{
	const char *colon = strstr(value, "://");

	if (colon == NULL || strchr("/?#", colon[3]) != NULL ||
	    strpbrk(value, " \t\"<>\\^`{|}") != NULL ||
	    !is_choice(k->choices, value, (size_t)(colon - value))) {
		refuse(k, value, "a URL that fits here", e);
		return err_hint(e, "write SCHEME://HOST/..., the scheme being "
		    "one of: %s; percent-encode odd characters", k->choices);
	}
	buf_puts(out, value);
	return 0;
}

/* With a scheme, so that a script can make URIs of it. */
static int
check_bucket(const struct key *k, const char *value, struct buf *out,
	struct err *e)
{
	struct uri u;

	if (uri_resolve(&u, "x", value, e) != 0)
		return err_context(e, "%s", k->name);
	uri_free(&u);
	buf_printf(out, "%s%s", strncmp(value, SCHEME, strlen(SCHEME)) == 0 ?
	    "" : SCHEME, value);
	return 0;
}

static int
check_mails(const struct key *k, const char *value, struct buf *out,
	struct err *e)
{
	const char *p = value;
	size_t n;

	while (p += strspn(p, ", \t"), *p != '\0') {
		n = strcspn(p, ", \t");
		if (p[0] == '-' || strcspn(p,
		    "\"'\\()<>[];:*?|&$`!#") < n) {
			refuse(k, value, "a list of mail addresses", e);
			return err_hint(e, "write only the addresses, with "
			    "commas between: a@example.org,b@example.org");
		}
		if (out->len > 0)
			buf_putc(out, ' ');
		buf_put(out, p, n);
		p += n;
	}
	if (out->len == 0)
		return refuse(k, value, "a list of mail addresses", e);
	return 0;
}

/* -- numbers ------------------------------------------------------------ */

static int
check_count(const struct key *k, const char *value, struct buf *out,
	struct err *e)
{
	uint64_t n;

	if (num_parse_u64(value, &n) != 0 || n < k->min || n > k->max) {
		refuse(k, value, "a number that fits here", e);
		return err_hint(e, "it is a whole number from %llu to %llu",
		    (unsigned long long)k->min, (unsigned long long)k->max);
	}
	buf_printf(out, "%llu", (unsigned long long)n);
	return 0;
}

static int
check_duration(const struct key *k, const char *value, struct buf *out,
	struct err *e)
{
	uint64_t plain;
	int64_t seconds;

	if (num_parse_u64(value, &plain) == 0 && plain <= INT32_MAX)
		seconds = (int64_t)plain;
	else if (num_parse_duration(value, &seconds) != 0) {
		refuse(k, value, "a duration", e);
		return err_hint(e, "write it as 90s, 10m, 4h or 2d");
	}
	buf_printf(out, "%lld", (long long)seconds);
	return 0;
}

static int
check_flag(const struct key *k, const char *value, struct buf *out,
	struct err *e)
{
	static const char yes[] = "yes true on 1 YES TRUE ON Yes True On";
	static const char no[] = "no false off 0 NO FALSE OFF No False Off";

	if (is_choice(yes, value, strlen(value)))
		buf_puts(out, "yes");
	else if (is_choice(no, value, strlen(value)))
		buf_puts(out, "no");
	else
		return refuse(k, value, "yes or no", e);
	return 0;
}

int
keys_check(const struct key *k, const char *value, struct buf *out,
	struct err *e)
{
	static int (*const checks[])(const struct key *, const char *,
	    struct buf *, struct err *) = {
		[KEY_TEXT] = check_text,
		[KEY_WORD] = check_word,
		[KEY_NAMES] = check_names,
		[KEY_BACKUP] = check_backup,
		[KEY_PATH] = check_path,
		[KEY_URL] = check_url,
		[KEY_BUCKET] = check_bucket,
		[KEY_MAILS] = check_mails,
		[KEY_COUNT] = check_count,
		[KEY_DURATION] = check_duration,
		[KEY_FLAG] = check_flag,
	};

	if (checks[k->type](k, value, out, e) != 0)
		return -1;
	return buf_check(out, k->name, e);
}
