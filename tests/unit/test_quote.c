/*
 * Values that would end a quote, or begin something else.
 */
#include "step/quote.h"
#include "tap.h"

static const struct {
	const char *value, *dbname, *set;
} cases[] = {
	{ "app", "dbname='app'", "\\set v 'app'\n" },
	{ "", "dbname=''", "\\set v ''\n" },
	{ "a=b c'd\\e\"f", "dbname='a=b c\\'d\\\\e\"f'",
	  "\\set v 'a=b c\\'d\\\\e\"f'\n" },
	{ "postgres://host/x", "dbname='postgres://host/x'",
	  "\\set v 'postgres://host/x'\n" },
	{ ":x `ls` %PATH% \xc3\xa9", "dbname=':x `ls` %PATH% \xc3\xa9'",
	  "\\set v ':x `ls` %PATH% \xc3\xa9'\n" },
};

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf dbname = BUF_INIT(4096), set = BUF_INIT(4096);

		quote_put_dbname(&dbname, cases[i].value);
		quote_put_set(&set, "v", cases[i].value);
		tap_text(buf_text(&dbname), cases[i].dbname, "libpq: %s",
		    cases[i].value);
		tap_text(buf_text(&set), cases[i].set, "psql: %s",
		    cases[i].value);
		buf_free(&dbname);
		buf_free(&set);
	}
	return tap_done();
}
