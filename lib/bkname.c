/*
 * Deletions are decided by names, so what counts as one is decided here once:
 * read from the right, since NAME may itself look like a date.
 */
#include <string.h>

#include "bkname.h"
#include "utc.h"

#define ENDING ".sql.gz"
#define DATE_LEN (sizeof("_YYYYMMDD_HHMMSS") - 1)

/* Does text[0 .. *len) end with ending? Then cut it off. */
static bool
cut_ending(const char *text, size_t *len, const char *ending)
{
	size_t n = strlen(ending);

	if (*len < n || memcmp(text + *len - n, ending, n) != 0)
		return false;
	*len -= n;
	return true;
}

/* Control characters would break the lists that names travel in. */
static bool
has_control(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			return true;
	return false;
}

bool
bkname_parse(const char *text, struct bkname *out)
{
	const char *slash = strrchr(text, '/');
	size_t len;

	memset(out, 0, sizeof(*out));
	if (slash != NULL)
		text = slash + 1;
	len = strlen(text);
	out->encrypted = cut_ending(text, &len, ".age") ||
	    cut_ending(text, &len, ".gpg") || cut_ending(text, &len, ".enc");
	if (!cut_ending(text, &len, ENDING) || len <= DATE_LEN)
		return false;
	len -= DATE_LEN;
	if (text[len] != '_' || has_control(text, len) ||
	    utc_parse_name(text + len + 1, &out->time) != 0)
		return false;
	out->name = text;
	out->name_len = len;
	return true;
}

bool
bkname_is_of(const struct bkname *b, const char *name)
{
	return strlen(name) == b->name_len &&
	    memcmp(b->name, name, b->name_len) == 0;
}

void
bkname_format(struct buf *out, const char *name, int64_t time,
	const char *suffix)
{
	char date[UTC_TEXT];

	buf_printf(out, "%s_%s%s%s", name, utc_format_name(date, time),
	    ENDING, suffix);
}

static bool
is_plain(char c)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789._-";

	return c != '\0' && strchr(plain, c) != NULL;
}

/* One byte as it stands in NAME; its length. */
static size_t
encode_byte(char c, char out[4])
{
	static const char hex[] = "0123456789ABCDEF";

	out[0] = c;
	if (is_plain(c))
		return 1;
	out[0] = '%';
	out[1] = hex[(unsigned char)c >> 4];
	out[2] = hex[(unsigned char)c & 15];
	return 3;
}

void
bkname_encode(struct buf *out, const char *database)
{
	char byte[4];
	size_t n;

	for (; *database != '\0'; database++) {
		n = encode_byte(*database, byte);
		buf_put(out, byte, n);
	}
}

bool
bkname_is_of_database(const struct bkname *b, const char *database)
{
	size_t used = 0, n;
	char byte[4];

	for (; *database != '\0'; database++, used += n) {
		n = encode_byte(*database, byte);
		if (b->name_len - used < n ||
		    memcmp(b->name + used, byte, n) != 0)
			return false;
	}
	return used == b->name_len;
}
