/*
 * Values and rows in COPY's binary form: known bytes, and what is refused. That
 * the server takes them for the same is shown by 56-pgrestorez-binary.t.
 */
#include <string.h>

#include "buf.h"
#include "hash.h"
#include "pgrestorez/binrows.h"
#include "tap.h"

/* numbers of the server's types */
enum { BOOL = 16, BYTEA = 17, INT8 = 20, INT2 = 21, INT4 = 23, TEXT = 25,
	OID = 26, FLOAT4 = 700, FLOAT8 = 701, DATE = 1082, TIME = 1083,
	TIMESTAMP = 1114, TIMESTAMPTZ = 1184, NUMERIC = 1700, UUID = 2950,
	JSONB = 3802 };

static void
test_known(void)
{
	static const struct {
		uint32_t type;
		const char *text, *hex;
	} known[] = {
		{ BOOL, "t", "01" }, { BOOL, "f", "00" },
		{ INT2, "-32768", "8000" }, { INT2, "32767", "7fff" },
		{ INT4, "-1", "ffffffff" }, { INT4, "2147483647", "7fffffff" },
		{ INT4, "-2147483648", "80000000" },
		{ INT8, "9223372036854775807", "7fffffffffffffff" },
		{ INT8, "-9223372036854775808", "8000000000000000" },
		{ OID, "4294967295", "ffffffff" },
		{ TEXT, "", "" }, { TEXT, "é", "c3a9" },
		{ JSONB, "{}", "017b7d" },
		{ BYTEA, "\\x", "" }, { BYTEA, "\\x00ff1a", "00ff1a" },
		{ UUID, "00112233-4455-6677-8899-aabbccddeeff",
		    "00112233445566778899aabbccddeeff" },
		{ FLOAT4, "1.5", "3fc00000" }, { FLOAT4, "-0", "80000000" },
		{ FLOAT4, "1e-45", "00000001" }, { FLOAT4, "NaN", "7fc00000" },
		{ FLOAT8, "0.1", "3fb999999999999a" },
		{ FLOAT8, "5e-324", "0000000000000001" },
		{ FLOAT8, "1.7976931348623157e+308", "7fefffffffffffff" },
		{ FLOAT8, "-Infinity", "fff0000000000000" },
		{ FLOAT8, "NaN", "7ff8000000000000" },
		{ DATE, "2000-01-01", "00000000" },
		{ DATE, "1999-12-31", "ffffffff" },
		{ DATE, "2024-02-29", "00002279" },
		{ DATE, "infinity", "7fffffff" },
		{ DATE, "-infinity", "80000000" },
		{ TIME, "00:00:00.000001", "0000000000000001" },
		{ TIME, "23:59:59", "000000141dc81dc0" },
		{ TIMESTAMP, "2000-01-01 00:00:01", "00000000000f4240" },
		{ TIMESTAMP, "1999-12-31 23:59:59.5", "fffffffffff85ee0" },
		{ TIMESTAMPTZ, "2000-01-01 00:00:00.25+00",
		    "000000000003d090" },
		{ TIMESTAMPTZ, "infinity", "7fffffffffffffff" },
		{ TIMESTAMPTZ, "-infinity", "8000000000000000" },
		/* groups, weight, sign, scale; groups */
		{ NUMERIC, "0", "00010000000000000000" },
		{ NUMERIC, "-12345.678", "00030001400000030001"
		    "09291a7c" },
		{ NUMERIC, "0.00", "000200000000000200000000" },
		{ NUMERIC, "0.0001", "000200000000000400000001" },
		{ NUMERIC, "10000", "000200010000000000010000" },
		{ NUMERIC, "NaN", "00000000c0000000" },
	};
	char out[64 + BINVALUE_ROOM], hex[2 * sizeof(out) + 1];
	size_t i;
	long n;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		n = binvalue_find(known[i].type)(out, known[i].text,
		    strlen(known[i].text));
		tap_ok(n >= 0, "type %u: '%s'", known[i].type, known[i].text);
		tap_text(hash_hex(hex, (uint8_t *)out, n > 0 ? (size_t)n : 0),
		    known[i].hex, "has these bytes");
	}
}

static void
test_refused(void)
{
	static const struct {
		uint32_t type;
		const char *text;
	} refused[] = {
		{ BOOL, "" }, { BOOL, "true" }, { BOOL, "T" },
		{ INT2, "32768" }, { INT2, "-32769" }, { INT2, "" },
		{ INT4, "2147483648" }, { INT4, "-" }, { INT4, "1 " },
		{ INT4, "+1" }, { INT4, "0x1" }, { INT4, "1_000" },
		{ INT8, "9223372036854775808" },
		{ INT8, "-9223372036854775809" },
		{ INT8, "99999999999999999999" },
		{ OID, "4294967296" }, { OID, "-1" },
		{ BYTEA, "" }, { BYTEA, "\\x0" }, { BYTEA, "\\xAB" },
		{ BYTEA, "\\x0g" }, { BYTEA, "a\\000" },
		{ UUID, "00112233-4455-6677-8899-aabbccddeef" },
		{ UUID, "00112233-4455-6677-8899-aabbccddeefg" },
		{ UUID, "00112233-4455-6677-8899-AABBCCDDEEFF" },
		{ UUID, "00112233+4455-6677-8899-aabbccddeeff" },
		{ FLOAT4, "1e39" }, { FLOAT4, "1e-60" }, { FLOAT8, "" },
		{ FLOAT8, "1e400" }, { FLOAT8, "1e-400" }, { FLOAT8, "nan" },
		{ FLOAT8, "inf" }, { FLOAT8, "0x1p3" }, { FLOAT8, " 1" },
		{ FLOAT8, "1,5" }, { FLOAT8, "." }, { FLOAT8, "-" },
		{ DATE, "2023-02-29" }, { DATE, "2024-13-01" },
		{ DATE, "0044-03-15 BC" }, { DATE, "10000-01-01" },
		{ DATE, "0000-01-01" }, { DATE, "2024-1-01" },
		{ DATE, "01/02/2024" }, { DATE, "" },
		{ TIME, "24:00:00" }, { TIME, "23:59:60" }, { TIME, "1:00:00" },
		{ TIME, "00:00:00." }, { TIME, "00:00:00.1234567" },
		{ TIME, "00:00:00.-1" }, { TIME, "00:00" },
		{ TIMESTAMP, "2024-01-01" }, { TIMESTAMP, "2024-01-01T00:00:00" },
		{ TIMESTAMP, "2024-01-01 00:00:00+00" },
		{ TIMESTAMP, "0044-03-15 00:00:00 BC" },
		{ TIMESTAMPTZ, "2024-01-01 00:00:00" },
		{ TIMESTAMPTZ, "2024-01-01 00:00:00+01" },
		{ TIMESTAMPTZ, "2024-01-01 00:00:00-00" },
		{ TIMESTAMPTZ, "2024-01-01 00:00:00+00 BC" },
		{ TIMESTAMPTZ, "y" }, { TIMESTAMPTZ, "+00" },
		{ TIMESTAMPTZ, "" },
		{ NUMERIC, "" }, { NUMERIC, "-" }, { NUMERIC, "." },
		{ NUMERIC, "1." }, { NUMERIC, ".5" }, { NUMERIC, "1.2.3" },
		{ NUMERIC, "1e5" }, { NUMERIC, "Infinity" },
		{ NUMERIC, "-NaN" }, { NUMERIC, "+1" },
	};
	char out[64 + BINVALUE_ROOM];
	size_t i;

	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		tap_int(binvalue_find(refused[i].type)(out, refused[i].text,
		    strlen(refused[i].text)), -1, "type %u is not sure of '%s'",
		    refused[i].type, refused[i].text);
	tap_ok(binvalue_find(1186) == NULL, "an interval is not known");
	tap_ok(binvalue_find(0) == NULL, "nor is no type");
	tap_int(binvalue_find(FLOAT8)(out, "1\0junk", 6), -1,
	    "a number ends where its text does");
}

/* A numeric of that many digits needs no more room than it has. */
static void
test_long(void)
{
	static char text[20000], out[sizeof(text) + BINVALUE_ROOM];
	binvalue_put *numeric = binvalue_find(NUMERIC);

	memset(text, '9', sizeof(text));
	tap_int(numeric(out, text, 16000), 8 + 2 * 4000, "16,000 digits");
	tap_int(numeric(out, text, 16001), -1, "not one more");
	text[1] = '.';
	tap_int(numeric(out, text, 16000), 8 + 2 * (1 + 4000), "as decimals");
}

/* -- rows --------------------------------------------------------------- */

/* Rows of two columns, a number and a text, as far as they go. */
static size_t
put(struct buf *out, const char *rows, size_t len, size_t want)
{
	binvalue_put *columns[] = { binvalue_find(INT2), binvalue_text };
	struct binrows b = { columns, 2, BUF_INIT(1 << 20) };
	size_t n;

	buf_reset(out);
	n = binrows_put(&b, rows, len, out, want);
	buf_free(&b.scratch);
	return n;
}

static void
check(const char *rows, size_t done, const char *hex, const char *what)
{
	struct buf out = BUF_INIT(1 << 20);
	char got[512];

	tap_int((int64_t)put(&out, rows, strlen(rows), 1 << 20),
	    (int64_t)done, "%s: so much is told", what);
	tap_text(hash_hex(got, (uint8_t *)out.data, out.len), hex,
	    "%s: the bytes", what);
	buf_free(&out);
}

#define ROW "0002" "00000002" "0007"	/* its first value is 7 */

static void
test_rows(void)
{
	check("7\tab\n", 5, ROW "00000002" "6162", "a row");
	check("\\N\t\\N\n", 6, "0002" "ffffffff" "ffffffff", "NULLs");
	check("7\t\n", 3, ROW "00000000", "an empty text");
	check("7\tN\n7\t\\\\N\n", 10, ROW "00000001" "4e" ROW "00000002"
	    "5c4e", "a letter N is no NULL");
	check("7\t\\b\\f\\n\\r\\t\\v\\\\\n", 17, ROW "00000007"
	    "080c0a0d090b5c", "each escape");
	check("7\tlong enough for words\\n\n", 26, ROW "00000016"
	    "6c6f6e6720656e6f75676820666f7220776f7264730a",
	    "an escape behind whole words");
	check("7\ta\n7\tb", 4, ROW "00000001" "61", "half a row is left");
	check("7\ta\n7\n", 4, ROW "00000001" "61", "too few values");
	check("7\ta\tb\n", 0, "", "too many values");
	check("x\ta\n", 0, "", "another kind of value");
	check("7\t\\.\n", 0, "", "an escape that ends rows");
	check("7\t\\x41\n", 0, "", "one that COPY never prints");
	check("7\ta\\\n", 0, "", "half an escape");
	check("7\ta\rb\n", 0, "", "a carriage return");
	check("7\ta\x01" "b\n", 6, ROW "00000003" "610162",
	    "another control character");
	check("", 0, "", "no rows");
	check("\n", 0, "", "an empty row");
}

static void
test_bounds(void)
{
	static const char rows[] = "7\tab\n7\tab\n7\tab\n7\\tab\n";
	struct buf out = BUF_INIT(1 << 20), small = BUF_INIT(100);

	tap_int((int64_t)put(&out, rows, strlen(rows), 1), 5,
	    "it stops at the first row that makes enough");
	tap_int((int64_t)put(&out, rows, strlen(rows), 17), 10,
	    "or at the second");
	tap_int((int64_t)put(&out, rows, strlen(rows), 1000), 15,
	    "or before the one that can't be told");
	tap_int((int64_t)put(&out, "7\ta\0b\n", 6, 1000), 0, "a NUL");
	tap_int((int64_t)put(&small, rows, strlen(rows), 1000), 10,
	    "or when memory is short");
	tap_int((int64_t)small.len, 28, "with whole rows");
	buf_free(&out);
	buf_free(&small);
}

int
main(void)
{
	test_known();
	test_refused();
	test_long();
	test_rows();
	test_bounds();
	return tap_done();
}
