/*
 * The walk through all records, in memory that doesn't depend on the file.
 */
#include <inttypes.h>
#include <string.h>

#include "buf.h"
#include "chain_private.h"
#include "os.h"

#define BLOCK_SIZE (64u * 1024)

struct walk {
	struct chain_head *head;
	const char *wanted;
	struct buf line;	/* not yet ended */
	struct buf torn;	/* lines since the last record */
	uint64_t number;	/* of the line */
	uint64_t torn_line;	/* number of the first one in torn */
};

static int
does_not_fit(uint64_t number, const char *what, struct err *e)
{
	err_set(e, ERR_VERDICT, "line %" PRIu64 " %s", number, what);
	return err_hint(e, "compare it and the lines around it with a copy; "
	    "the sums of records are also in the log");
}

static int
check_record(struct walk *w, const struct chain_link *link, struct err *e)
{
	char torn[HASH_HEX_MAX] = "";

	if (w->torn.len > 0 && chain_sum(w->torn.data, w->torn.len - 1, torn,
	    e) != 0)
		return -1;
	if (strcmp(link->torn, torn) != 0)
		return w->torn.len > 0 ?
		    does_not_fit(w->torn_line, "is no record", e) :
		    does_not_fit(w->number, "tells of a torn line before it "
		    "that is not there", e);
	if (strcmp(link->prev, w->head->sha256) != 0)
		return does_not_fit(w->number, "does not follow from the "
		    "record before it: one of them was changed, or some "
		    "between them are missing", e);
	buf_reset(&w->torn);
	w->head->records++;
	if (chain_sum(w->line.data, w->line.len, w->head->sha256, e) != 0)
		return -1;
	if (w->wanted != NULL && strcmp(w->wanted, w->head->sha256) == 0)
		w->head->found = true;
	return 0;
}

static int
end_line(struct walk *w, struct err *e)
{
	struct chain_link link;

	w->number++;
	if (chain_parse(buf_text(&w->line), w->line.len, &link)) {
		if (check_record(w, &link, e) != 0)
			return -1;
	} else {
		if (w->torn.len == 0)
			w->torn_line = w->number;
		buf_put(&w->torn, w->line.data, w->line.len);
		buf_putc(&w->torn, '\n');
		if (w->torn.failed)
			return does_not_fit(w->torn_line, "is no record", e);
	}
	buf_reset(&w->line);
	return 0;
}

static int
take_block(struct walk *w, const char *p, size_t len, struct err *e)
{
	const char *newline;
	size_t n;

	while (len > 0) {
		newline = memchr(p, '\n', len);
		n = newline != NULL ? (size_t)(newline - p) : len;
		buf_put(&w->line, p, n);
		if (w->line.failed)
			return does_not_fit(w->number + 1, "is too long", e);
		if (newline == NULL)
			return 0;
		if (end_line(w, e) != 0)
			return -1;
		p += n + 1;
		len -= n + 1;
	}
	return 0;
}

static int
check_end(const struct walk *w, struct err *e)
{
	if (w->torn.len > 0)
		return does_not_fit(w->torn_line, "is no record", e);
	if (w->line.len > 0)
		return does_not_fit(w->number + 1, "is torn: the write of the "
		    "last record was broken off", e);
	if (w->head->records == 0)
		return err_set(e, ERR_VERDICT, "there is no record");
	return 0;
}

int
chain_check(const char *path, const char *wanted, struct chain_head *head,
	struct err *e)
{
	struct walk w = { .head = head, .wanted = wanted,
		.line = BUF_INIT(CHAIN_LINE_MAX),
		.torn = BUF_INIT(3 * CHAIN_LINE_MAX) };
	char block[BLOCK_SIZE];
	int fd = os_open_read(path, e), rc = 0;
	ssize_t n;

	chain_head_init(head);
	if (fd < 0)
		return -1;
	while (rc == 0 && (n = os_read(fd, block, sizeof(block), e)) != 0)
		rc = n < 0 ? -1 : take_block(&w, block, (size_t)n, e);
	if (rc == 0)
		rc = check_end(&w, e);
	(void)os_close(fd, &(struct err)ERR_INIT);
	buf_free(&w.line);
	buf_free(&w.torn);
	return rc == 0 ? 0 : err_context(e, "'%s'", path);
}
