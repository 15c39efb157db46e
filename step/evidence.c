/*
 * An auditor reads a record once a year: each value stands there as the tool
 * has told it, and none that it has not told.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "evidence.h"

#define VALUE_MAX 4096

void
evidence_put(struct buf *out, const char *key, const char *value)
{
	if (value[0] != '\0')
		buf_printf(out, "%s=%s\n", key, value);
}

void
evidence_put_receipt(struct buf *out, const char *receipt)
{
	static const char *const keys[] = { NULL, "bytes", "etag", "version",
		"sha256" };
	const size_t count = sizeof(keys) / sizeof(keys[0]);
	const char *starts[sizeof(keys) / sizeof(keys[0])];
	size_t lens[sizeof(keys) / sizeof(keys[0])], i;

	for (i = 0; i < count; i++) {
		starts[i] = receipt;
		lens[i] = strcspn(receipt, "\t\r\n");
		receipt += lens[i];
		if ((*receipt == '\t') != (i + 1 < count) || *receipt == '\0')
			return;
		receipt++;
	}
	for (i = 1; i < count; i++)
		if (lens[i] > 0)
			buf_printf(out, "%s=%.*s\n", keys[i], (int)lens[i],
			    starts[i]);
}

/* A version is no number: 15.10 is not 15.1. What comes behind it is cut. */
static void
put_version(struct buf *out, const char *key, const json_t *facts)
{
	const char *version = json_string_value(json_object_get(facts, key));
	size_t n = version == NULL ? 0 : strspn(version,
	    "0123456789.abcdefghijklmnopqrstuvwxyz");

	if (n > 0)
		buf_printf(out, "%s=PostgreSQL %.*s\n", key, (int)n, version);
}

static void
put_number(struct buf *out, const char *key, const json_t *facts)
{
	const json_t *number = json_object_get(facts, key);
	char *text = json_is_number(number) ? json_dumps(number,
	    JSON_ENCODE_ANY | JSON_REAL_PRECISION(6)) : NULL;

	if (text != NULL)
		evidence_put(out, key, text);
	free(text);
}

void
evidence_put_facts(struct buf *out, const char *json, size_t len)
{
	static const char *const numbers[] = { "tables", "rows",
		"counted", "restore_seconds", "verify_seconds" };
	json_t *facts = json_loadb(json, len, 0, NULL);
	const json_t *differences;
	size_t i;

	put_version(out, "dump_server", facts);
	put_version(out, "server", facts);
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		put_number(out, numbers[i], facts);
	if ((differences = json_object_get(facts, "differences")) != NULL)
		buf_printf(out, "differences=%zu\n",
		    json_array_size(differences));
	json_decref(facts);
}
