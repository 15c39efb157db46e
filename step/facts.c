/*
 * What gzverify --json --list tells of a backup.
 */
#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "chore.h"

/* All "rows" there are, at any depth. */
static uint64_t
sum_rows(const json_t *value)
{
	uint64_t sum = 0;
	const char *key;
	json_t *item;
	size_t i;

	json_object_foreach((json_t *)(uintptr_t)value, key, item)
		sum += strcmp(key, "rows") == 0 && json_is_integer(item) ?
		    (uint64_t)json_integer_value(item) : sum_rows(item);
	json_array_foreach(value, i, item)
		sum += sum_rows(item);
	return sum;
}

static int
keep_facts(const struct place *p, const json_t *facts, struct err *e)
{
	const char *seal = json_string_value(json_object_get(facts, "sha256"));
	char rows[32];
	int n = snprintf(rows, sizeof(rows), "%" PRIu64, sum_rows(facts));

	if (seal == NULL)
		seal = "";
	if (place_write(p, "rows", rows, (size_t)n, e) != 0)
		return -1;
	return place_write(p, "seal", seal, strlen(seal), e);
}

/* facts: keep {rows} and {seal} of what {facts} holds */
int
chore_facts(const struct place *p, char **args, size_t nargs, struct err *e)
{
	struct buf text = BUF_INIT(PLACE_FILE_MAX);
	json_t *facts = NULL;
	int rc = -1;

	(void)args;
	(void)nargs;
	if (place_read(p, "facts", &text, e) == 0 &&
	    (facts = json_loadb(buf_text(&text), text.len, 0, NULL)) != NULL)
		rc = keep_facts(p, facts, e);
	else if (e->kind == ERR_NONE)
		err_set(e, ERR_LOCAL, "cannot read what gzverify has told");
	json_decref(facts);
	buf_free(&text);
	return rc;
}
