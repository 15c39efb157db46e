/* logline: whatever a value holds, a line stays one line, a pair one pair. */
#include <jansson.h>
#include <string.h>

#include "logline.h"
#include "tap.h"

static const struct {
	const char *value, *expected;
} cases[] = {
	{ "", "\"\"" },
	{ "bare", "bare" },
	{ "Az09._:/@+%,-", "Az09._:/@+%,-" },
	{ "s3://b/k_20250104_020000.sql.gz", "s3://b/k_20250104_020000.sql.gz" },
	{ "two words", "\"two words\"" },
	{ "a=b", "\"a=b\"" },
	{ "say \"hi\"", "\"say \\\"hi\\\"\"" },
	{ "c:\\dir", "\"c:\\\\dir\"" },
	{ "x\nlevel=info event=run.done", "\"x\\nlevel=info event=run.done\"" },
	{ "\b\f\r\t", "\"\\b\\f\\r\\t\"" },
	{ "\x01\x1b[31m\x7f", "\"\\u0001\\u001b[31m\\u007f\"" },
	{ "\xc3\xbc", "\"\xc3\xbc\"" },
	{ "\xc2\x9b" "31m", "\"\\u009b31m\"" },
	{ "\xe2\x80\xae" "gpj", "\"\\u202egpj\"" },
	{ "\xff\xc3", "\"\\ufffd\\ufffd\"" },
	{ "$(rm -rf /)", "\"$(rm -rf /)\"" },
};

static void
check_values(void)
{
	struct buf b = BUF_INIT(4096);
	json_t *json;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_reset(&b);
		logline_put_value(&b, cases[i].value);
		tap_text(buf_text(&b), cases[i].expected, "value %zu", i);
		buf_reset(&b);
		logline_put_quoted(&b, cases[i].value, LOGLINE_VALUE_MAX);
		json = json_loads(buf_text(&b), JSON_DECODE_ANY, NULL);
		tap_ok(json_is_string(json), "value %zu quoted is JSON", i);
		if (strstr(cases[i].expected, "ufffd") == NULL)
			tap_text(json_string_value(json), cases[i].value,
			    "and means the same");
		json_decref(json);
	}
	buf_free(&b);
}

/* Long values end with an ellipsis, at the end of a character. */
static void
check_cut(void)
{
	char value[LOGLINE_VALUE_MAX + 16];
	struct buf b = BUF_INIT(2 * LOGLINE_VALUE_MAX);

	memset(value, 'x', sizeof(value));
	value[LOGLINE_VALUE_MAX] = '\0';
	logline_put_value(&b, value);
	tap_int((int64_t)b.len, LOGLINE_VALUE_MAX, "the longest bare value");
	memcpy(value + LOGLINE_VALUE_MAX - 1, "\xc3\xbc", 3);
	buf_reset(&b);
	logline_put_value(&b, value);
	tap_int((int64_t)b.len, LOGLINE_VALUE_MAX - 1 + 5, "cut");
	tap_text(buf_text(&b) + b.len - 5, "x\xe2\x80\xa6\"",
	    "before the character that would cross the limit");
	buf_free(&b);
}

int
main(void)
{
	struct buf b = BUF_INIT(256);

	tap_ok(logline_is_key("db", 2), "a key");
	tap_ok(logline_is_key("_a9", 3), "with a digit");
	tap_ok(!logline_is_key("", 0), "an empty one is none");
	tap_ok(!logline_is_key("9a", 2), "nor with a digit first");
	tap_ok(!logline_is_key("a-b", 3), "nor with a dash");
	tap_ok(!logline_is_key("DB", 2), "nor in capitals");
	tap_ok(!logline_is_key("a\0b", 3), "nor with a zero byte");
	logline_put(&b, "a", "1");
	logline_put(&b, "b", "2 3");
	tap_text(buf_text(&b), "a=1 b=\"2 3\"", "pairs are apart by a blank");
	buf_free(&b);
	check_values();
	check_cut();
	return tap_done();
}
