/*
 * libpq and psql escape a quote and a backslash in the same way.
 */
#include "quote.h"

static void
put_quoted(struct buf *out, const char *value)
{
	buf_putc(out, '\'');
	for (; *value != '\0'; value++) {
		if (*value == '\'' || *value == '\\')
			buf_putc(out, '\\');
		buf_putc(out, *value);
	}
	buf_putc(out, '\'');
}

void
quote_put_dbname(struct buf *out, const char *name)
{
	buf_puts(out, "dbname=");
	put_quoted(out, name);
}

void
quote_put_set(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, "\\set %s ", name);
	put_quoted(out, value);
	buf_putc(out, '\n');
}
