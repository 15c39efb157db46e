/*
 * Errors in what psql has said.
 */
#include "step/sqlstate.h"
#include "tap.h"

static void
errors_are(const char *said, const char *expected, int excepted,
	const char *what)
{
	struct buf out = BUF_INIT(4096);
	size_t n;

	sqlstate_errors(&out, said, "42710", &n);
	tap_text(buf_text(&out), expected, "%s", what);
	tap_int((int64_t)n, excepted, "%s: how many exist already", what);
	buf_free(&out);
}

int
main(void)
{
	errors_are("ERROR:  42710: role \"a\" already exists\n"
	    "LOCATION:  CreateRole, user.c:316\n", "", 1, "a role that exists");
	errors_are("FEHLER:  42501: keine Berechtigung\r\n"
	    "ERROR:  42710: role \"a\" already exists\r\n"
	    "ERROR:  42710: role \"b\" already exists",
	    "42501 keine Berechtigung\n", 2, "another error, translated");
	errors_are("NOTICE:  00000: is not there\nWARNING:  01000: so\n", "", 0,
	    "remarks");
	errors_are("psql: error: connection failed: FATAL:  28P01: no\n", "", 0,
	    "no connection is told by the exit status");
	errors_are("ERROR:  4271: x\nERROR:  427100: x\nERROR: 42710: x\n"
	    "ERROR:  42710 x\n  42710: x\n", "", 0, "no codes");
	errors_are("", "", 0, "nothing was said");
	return tap_done();
}
