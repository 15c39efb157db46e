/*
 * One function for each, found by its name.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bkname.h"
#include "derive.h"
#include "mem.h"
#include "num.h"
#include "os.h"
#include "quote.h"
#include "uri.h"
#include "utc.h"
#include "words.h"

static int
put_itself(const char *value, struct buf *out, struct err *e)
{
	(void)e;
	buf_puts(out, value);
	return 0;
}

static int
put_encoded(const char *value, struct buf *out, struct err *e)
{
	(void)e;
	bkname_encode(out, value);
	return 0;
}

int
derive_put_decoded(const char *value, struct buf *out, struct err *e)
{
	char *text = mem_dup(value, e);

	if (text == NULL)
		return -1;
	buf_puts(out, uri_decode(text) == 0 ? text : value);
	free(text);
	return 0;
}

static int
put_folder(const char *value, struct buf *out, struct err *e)
{
	size_t len = strlen(value);

	(void)e;
	while (len > 0 && value[len - 1] == '/')
		len--;
	buf_put(out, value, len);
	return 0;
}

static int
put_commas(const char *value, struct buf *out, struct err *e)
{
	const char *line, *comma = "";
	size_t len;

	(void)e;
	for (; words_next(&value, &line, &len); comma = ",") {
		buf_puts(out, comma);
		buf_put(out, line, len);
	}
	return 0;
}

static int
put_complaint(const char *value, struct buf *out, struct err *e)
{
	(void)e;
	words_put_complaint(out, value);
	return 0;
}

static int
put_advice(const char *value, struct buf *out, struct err *e)
{
	(void)e;
	words_put_advice(out, value);
	return 0;
}

static int
put_size(const char *value, struct buf *out, struct err *e)
{
	struct os_stat st;

	if (os_stat(value, &st, e) != 0)
		return -1;
	if (st.kind != OS_FILE)
		return err_set(e, ERR_LOCAL, "there is no file '%s'", value);
	buf_printf(out, "%" PRIu64, st.size);
	return 0;
}

static int
put_reason(const char *value, struct buf *out, struct err *e)
{
	(void)e;
	words_put_reason(out, value);
	return 0;
}

static int
put_dbname(const char *value, struct buf *out, struct err *e)
{
	(void)e;
	quote_put_dbname(out, value);
	return 0;
}

static int
put_stamp(const char *value, struct buf *out, struct err *e)
{
	char text[UTC_TEXT];
	uint64_t time;

	if (num_parse_u64(value, &time) != 0)
		return err_set(e, ERR_USAGE, "'%s' is no time", value);
	buf_puts(out, utc_format_name(text, (int64_t)time));
	return 0;
}

static int
put_since(const char *value, struct buf *out, struct err *e)
{
	uint64_t then;

	if (num_parse_u64(value, &then) != 0)
		return err_set(e, ERR_USAGE, "'%s' is no time", value);
	buf_printf(out, "%" PRId64, os_now() - (int64_t)then);
	return 0;
}

int
derive_put(const char *op, const char *value, struct buf *out, struct err *e)
{
	static const struct {
		const char *op;
		int (*put)(const char *value, struct buf *out, struct err *e);
	} ops[] = {
		{ "", put_itself },
		{ "encoded", put_encoded },
		{ "decoded", derive_put_decoded },
		{ "folder", put_folder },
		{ "commas", put_commas },
		{ "complaint", put_complaint },
		{ "advice", put_advice },
		{ "reason", put_reason },
		{ "dbname", put_dbname },
		{ "stamp", put_stamp },
		{ "size", put_size },
		{ "since", put_since },
	};
	size_t i;

	for (i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		if (strcmp(op, ops[i].op) == 0)
			return ops[i].put(value, out, e) != 0 ? -1 :
			    buf_check(out, "a value", e);
	return err_set(e, ERR_USAGE, "there is no '%s' of a value", op);
}
