/*
 * One record: made, and told from what a crash left of one.
 */
#include <jansson.h>
#include <string.h>

#include "chain_private.h"
#include "logline.h"
#include "utc.h"

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

void
chain_head_init(struct chain_head *head)
{
	memset(head, 0, sizeof(*head));
	memcpy(head->sha256, ZEROS, sizeof(ZEROS));
}

/* A number of JSON that every reader takes without loss. */
static bool
is_number(const char *text)
{
	const char *p = text + (*text == '-');
	size_t whole = strspn(p, "0123456789"), rest = 0;

	if (whole == 0 || (whole > 1 && *p == '0'))
		return false;
	p += whole;
	if (*p == '.') {
		rest = strspn(++p, "0123456789");
		p += rest;
		if (rest == 0)
			return false;
	}
	return *p == '\0' && whole + rest <= 15;
}

/* A database may be called 2024; that doesn't make its name a number. */
static bool
is_name(const char *key)
{
	static const char *const names[] = { "db", "name", "host", "user",
		"key", "reason", "hint" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(key, names[i]) == 0)
			return true;
	return false;
}

static void
put_member(struct buf *out, const char *key, const char *value)
{
	buf_printf(out, "%c\"%s\":", out->len > 0 ? ',' : '{', key);
	if (is_number(value) && !is_name(key))
		buf_puts(out, value);
	else
		logline_put_quoted(out, value, CHAIN_VALUE_MAX);
}

static bool
came_before(const struct pairs *pairs, size_t at)
{
	size_t i;

	for (i = 0; i < at; i++)
		if (strcmp(pairs->items[i].key, pairs->items[at].key) == 0)
			return true;
	return false;
}

int
chain_put(struct buf *out, const struct chain_head *head,
	const struct chain_record *record, struct err *e)
{
	const struct pairs *pairs = record->pairs;
	const struct pair *p = pairs->items;
	char time[UTC_TEXT];
	size_t i;

	buf_printf(out, "{\"prev\":\"%s\"", head->sha256);
	if (head->torn[0] != '\0')
		put_member(out, "torn", head->torn);
	put_member(out, "time", utc_format_iso(time, record->now));
	buf_puts(out, ",\"run\":");
	logline_put_quoted(out, record->run != NULL ? record->run : "",
	    CHAIN_VALUE_MAX);
	for (i = 0; i < pairs->len; i++) {
		if (came_before(pairs, i))
			return err_set(e, ERR_USAGE, "'%s' is given twice",
			    p[i].key);
		put_member(out, p[i].key, p[i].value);
	}
	buf_putc(out, '}');
	return buf_check(out, "a record", e);
}

int
chain_sum(const void *data, size_t len, char hex[HASH_HEX_MAX], struct err *e)
{
	uint8_t sum[HASH_SHA256_SIZE];

	if (hash_sha256(data, len, sum, e) != 0)
		return -1;
	hash_hex(hex, sum, sizeof(sum));
	return 0;
}

static bool
copy_sum(const json_t *value, char hex[HASH_HEX_MAX])
{
	const char *text = json_string_value(value);

	if (text == NULL || strlen(text) != HASH_HEX_MAX - 1 ||
	    strspn(text, "0123456789abcdef") != HASH_HEX_MAX - 1)
		return false;
	memcpy(hex, text, HASH_HEX_MAX);
	return true;
}

bool
chain_parse(const char *line, size_t len, struct chain_link *link)
{
	json_t *object = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
	const json_t *torn = json_object_get(object, "torn");
	bool ok;

	memset(link, 0, sizeof(*link));
	ok = copy_sum(json_object_get(object, "prev"), link->prev) &&
	    (torn == NULL || copy_sum(torn, link->torn));
	json_decref(object);
	return ok;
}
