/*
 * One object, on one line, made by a library.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "os.h"
#include "report.h"

#define STDOUT 1

static int
put_json(const struct verify *v, const json_t *manifest,
	const int64_t took_ms[2], struct err *e)
{
	const json_t *from = json_object_get(manifest, "server");
	const char *version = json_string_value(from);
	json_t *j = json_pack("{s:b, s:I, s:I, s:I, s:O, s:O, s:s, s:s, s:f, "
	    "s:f}",
	    "verified", json_array_size(v->differences) == 0,
	    "tables", (json_int_t)v->tables, "rows", (json_int_t)v->rows,
	    "counted", (json_int_t)json_array_size(v->counted),
	    "differences", v->differences, "counted_only", v->counted,
	    "server", v->server, "dump_server",
	    version != NULL ? version : "",
	    "restore_seconds", (double)took_ms[0] / 1000,
	    "verify_seconds", (double)took_ms[1] / 1000);
	char *text = json_dumps(j, JSON_COMPACT | JSON_PRESERVE_ORDER |
	    JSON_REAL_PRECISION(6));
	int rc;

	json_decref(j);
	if (text == NULL)
		return err_set(e, ERR_LOCAL, "cannot make JSON of the result");
	rc = os_write(STDOUT, text, strlen(text), e);
	if (rc == 0)
		rc = os_write(STDOUT, "\n", 1, e);
	free(text);
	return rc == 0 ? 0 : err_context(e, "'standard output'");
}

int
report_verify(const struct options *o, const struct verify *v,
	const json_t *manifest, const int64_t took_ms[2], struct err *e)
{
	size_t counted = json_array_size(v->counted);

	if (counted > 0)
		log_warn("of %zu tables only the rows were counted: their "
		    "text differs by version or by columns' order", counted);
	if (o->verbose)
		log_note("%" PRIu64 " tables, %" PRIu64 " rows compared, %zu "
		    "differences", v->tables, v->rows,
		    json_array_size(v->differences));
	return o->json ? put_json(v, manifest, took_ms, e) : 0;
}
