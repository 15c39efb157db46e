/*
 * The end of the file, read and continued under one lock. A write that fails
 * half-way is cut off again; only a crash can leave a torn record.
 */
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "chain_private.h"
#include "mem.h"
#include "os.h"

#define LOCK_WAIT_MS 10000
#define LOCK_STEP_MS 50

/* Where the line begins that ends before data[len]. */
static size_t
line_start(const char *data, size_t len)
{
	while (len > 0 && data[len - 1] != '\n')
		len--;
	return len;
}

/* Where in the file's last bytes things are. */
struct tail {
	size_t start, end;	/* the last record, without newline */
	size_t torn;		/* what follows its newline */
};

/* False when there is no record. */
static bool
find_last(const char *data, size_t len, struct tail *t)
{
	struct chain_link link;

	/* a crash may have spared all of a record but its newline */
	t->start = line_start(data, len);
	t->torn = t->end = len;
	if (chain_parse(data + t->start, len - t->start, &link))
		return true;
	for (t->torn = t->start; t->torn > 0; t->torn = t->start) {
		t->end = t->torn - 1;
		t->start = line_start(data, t->end);
		if (chain_parse(data + t->start, t->end - t->start, &link))
			return true;
	}
	return false;
}

/* Returns 1 when the file ends in a newline or is empty, else 0. */
static int
read_head(int fd, uint64_t size, struct chain_head *head, struct err *e)
{
	/* a record, and what two crashes may have left of others */
	size_t len = size < 3 * CHAIN_LINE_MAX ? (size_t)size :
	    3 * CHAIN_LINE_MAX, end = len;
	char *data = mem_new(len, 1, e);
	struct tail t;
	int rc = -1;
	bool found;

	if (data == NULL ||
	    os_pread(fd, data, len, size - len, e) != (ssize_t)len)
		goto out;
	found = find_last(data, len, &t);
	if (!found && len < size) {
		err_set(e, ERR_LOCAL, "there is no record near its end");
		goto out;
	}
	if (end > t.torn && data[end - 1] == '\n')
		end--;
	if ((found && chain_sum(data + t.start, t.end - t.start,
	    head->sha256, e) != 0) || (len > t.torn &&
	    chain_sum(data + t.torn, end - t.torn, head->torn, e) != 0))
		goto out;
	rc = len == 0 || data[len - 1] == '\n';
out:
	free(data);
	return rc;
}

/* Open and lock; another one may be writing its record just now. */
static int
open_locked(const char *path, struct err *e)
{
	int64_t end = os_monotonic_ms() + LOCK_WAIT_MS;
	int fd = os_open_lock(path, e), rc;

	if (fd < 0)
		return -1;
	while ((rc = os_lock(fd, e)) == 0 && os_monotonic_ms() < end)
		if ((rc = os_sleep_ms(LOCK_STEP_MS, e)) != 0)
			break;
	if (rc == 1)
		return fd;
	if (rc == 0)
		err_set(e, ERR_LOCAL, "another process keeps it locked");
	(void)os_close(fd, &(struct err)ERR_INIT);
	return -1;
}

static int
write_line(int fd, const struct buf *line, uint64_t size, struct err *e)
{
	struct err ignored;

	if (os_pwrite(fd, line->data, line->len, size, e) == 0 &&
	    os_sync(fd, e) == 0)
		return 0;
	(void)os_truncate(fd, size, &ignored);
	return -1;
}

static int
append(int fd, const struct chain_record *record, struct chain_head *head,
	struct err *e)
{
	struct buf text = BUF_INIT(CHAIN_LINE_MAX - 1);
	struct buf line = BUF_INIT(CHAIN_LINE_MAX + 1);
	int rc = -1, at_start;
	struct os_stat st;

	if (os_fstat(fd, &st, e) != 0 ||
	    (at_start = read_head(fd, st.size, head, e)) < 0 ||
	    chain_put(&text, head, record, e) != 0 ||
	    chain_sum(text.data, text.len, head->sha256, e) != 0)
		goto out;
	if (at_start == 0)
		buf_putc(&line, '\n');
	buf_put(&line, text.data, text.len);
	buf_putc(&line, '\n');
	if (buf_check(&line, "a record", e) == 0)
		rc = write_line(fd, &line, st.size, e);
out:
	buf_free(&text);
	buf_free(&line);
	return rc;
}

int
chain_append(const char *path, const struct chain_record *record,
	char sha256[HASH_HEX_MAX], bool *was_torn, struct err *e)
{
	struct chain_head head;
	int fd = open_locked(path, e), rc;
	struct err closing;

	chain_head_init(&head);
	if (fd < 0)
		return err_context(e, "'%s'", path);
	rc = append(fd, record, &head, e);
	if (os_close(fd, &closing) != 0 && rc == 0) {
		*e = closing;
		rc = -1;
	}
	if (rc != 0)
		return err_context(e, "'%s'", path);
	*was_torn = head.torn[0] != '\0';
	memcpy(sha256, head.sha256, HASH_HEX_MAX);
	return 0;
}
