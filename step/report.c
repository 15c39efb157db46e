/*
 * What is mailed, and sent with a ping: the sentence, what failed, the chain
 * of records, and the end of the log.
 */
#include <stdlib.h>
#include <string.h>

#include "chore.h"
#include "words.h"

#define REPORT_LINES 40

/* Each failure's name, its pairs indented below it. */
static void
put_failures(struct buf *out, const char *text)
{
	bool first = true;
	const char *line;
	size_t len;

	if (*text != '\0')
		buf_putc(out, '\n');
	while (words_next(&text, &line, &len)) {
		buf_puts(out, first || len == 0 ? "" : "    ");
		buf_put(out, line, len);
		buf_putc(out, '\n');
		first = len == 0;
	}
}

/* From the last of so many lines on. */
static const char *
find_tail(const char *text, size_t lines)
{
	const char *p = text + strlen(text);

	if (p > text)
		p--;	/* the newline of the last line */
	for (; p > text; p--)
		if (p[-1] == '\n' && --lines == 0)
			break;
	return p;
}

static int
put_report(const struct place *p, const char *sentence, struct buf *out,
	struct err *e)
{
	struct buf text = BUF_INIT(PLACE_FILE_MAX);
	const char *log = chore_env("LOG_FILE");
	char *own = chore_text(p, "{log_file}", e);
	int rc = own != NULL ? place_read(p, "failures", &text, e) : -1;

	buf_printf(out, "%s\n", sentence);
	put_failures(out, buf_text(&text));
	buf_reset(&text);
	if (rc == 0)
		rc = place_read(p, "chain", &text, e);
	if (text.len > 0)
		buf_printf(out, "record of runs: %s\n\n", buf_text(&text));
	buf_reset(&text);
	if (rc == 0)
		rc = place_read(p, "log", &text, e);
	if (log[0] == '\0' && own != NULL)
		log = own;
	if (log[0] != '\0')
		buf_printf(out, "the end of the log (%s):\n", log);
	else
		buf_puts(out, "the end of the log:\n");
	buf_puts(out, find_tail(buf_text(&text), REPORT_LINES));
	buf_free(&text);
	free(own);
	return rc == 0 ? buf_check(out, "the report", e) : -1;
}

/* report SENTENCE: keep it as {report} */
int
chore_report(const struct place *p, char **args, size_t nargs, struct err *e)
{
	struct buf out = BUF_INIT(PLACE_FILE_MAX);
	char *sentence = chore_text(p, args[0], e);
	int rc = -1;

	(void)nargs;
	if (sentence != NULL && put_report(p, sentence, &out, e) == 0)
		rc = place_write(p, "report", out.data, out.len, e);
	free(sentence);
	buf_free(&out);
	return rc;
}
