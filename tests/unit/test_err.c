/* err: texts stay one printable line, whatever goes in. */
#include <string.h>

#include "err.h"
#include "tap.h"

static void
check_escape(const char *in, const char *expected, const char *what)
{
	char out[256];

	err_escape(out, sizeof(out), in, strlen(in));
	tap_text(out, expected, "escape: %s", what);
}

int
main(void)
{
	struct err e = ERR_INIT;
	char small[8];

	check_escape("plain", "plain", "plain text");
	check_escape("a\nb\x1b[31m", "a\\x0ab\\x1b[31m", "control characters");
	check_escape("Z\xc3\xbcrich \xe2\x82\xac", "Z\xc3\xbcrich \xe2\x82\xac",
	    "UTF-8 stays");
	check_escape("\xff\xc3(", "\\xff\\xc3(", "what is not UTF-8");
	check_escape("\xc0\xaf", "\\xc0\\xaf", "an overlong form");
	check_escape("\xed\xa0\x80", "\\xed\\xa0\\x80", "a surrogate");
	check_escape("\xc2\x9b", "\\xc2\\x9b", "a C1 control character");
	check_escape("\xe2\x82", "\\xe2\\x82", "a cut sequence");

	err_escape(small, sizeof(small), "\n\n\n", 3);
	tap_text(small, "\\x0a", "escape: cut between escapes");
	err_escape(small, sizeof(small), "1234567890", 10);
	tap_text(small, "1234567", "escape: cut to size");

	tap_int(err_set(&e, ERR_REMOTE, "cannot get '%s'", "a\tb"), -1,
	    "set returns -1");
	tap_text(e.text, "cannot get 'a\\x09b'", "set escapes arguments");
	tap_int(e.kind, ERR_REMOTE, "set keeps the kind");
	err_hint(&e, "try %d", 2);
	tap_text(e.hint, "try 2", "hint");
	err_context(&e, "upload of '%s'", "k");
	tap_text(e.text, "upload of 'k': cannot get 'a\\x09b'", "context");
	err_set(&e, ERR_LOCAL, "from a library\r\n");
	tap_text(e.text, "from a library", "a trailing newline goes");
	tap_text(e.hint, "", "a new error has no old hint");
	return tap_done();
}
