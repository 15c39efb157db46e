/*
 * Has BACKUP_DIR room for what is to come?
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "chore.h"
#include "num.h"
#include "os.h"
#include "own.h"
#include "words.h"

#define LIST_MAX PLACE_FILE_MAX

/* folder TEXT: 0 it can be written to, 1 there is none, 2 it can't */
int
chore_folder(const struct place *p, char **args, size_t nargs, struct err *e)
{
	char *path = chore_text(p, args[0], e);
	struct buf probe = BUF_INIT(1 << 16);
	struct err why = ERR_INIT;
	struct os_stat st;
	int rc = -1, fd = -1;

	(void)nargs;
	if (path == NULL || os_stat(path, &st, e) != 0)
		goto out;
	rc = 1;
	if (st.kind != OS_DIR)
		goto out;
	buf_printf(&probe, "%s/.pgdumpz-%s.partial", path,
	    chore_env("RUN_ID"));
	if ((rc = buf_check(&probe, "a path", e)) != 0)
		goto out;
	rc = 2;
	if ((fd = os_create(probe.data, &why)) >= 0) {
		(void)os_close(fd, &why);
		rc = os_unlink(probe.data, e);
	}
out:
	free(path);
	buf_free(&probe);
	return rc;
}

/* newest: add the size of the newest backup of {name} to {sizes} */
int
chore_newest(const struct place *p, char **args, size_t nargs, struct err *e)
{
	char text[32];
	struct own own;
	int rc;

	(void)args;
	(void)nargs;
	if (own_list(p, &own, e) != 0)
		return -1;
	(void)snprintf(text, sizeof(text), "%" PRIu64,
	    own.len > 0 ? own.files[own.len - 1].size : 0);
	rc = place_add_line(p, "sizes", text, e);
	own_free(&own);
	return rc;
}

static int
keep_number(const struct place *p, const char *name, uint64_t number,
	struct err *e)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%" PRIu64, number);

	return place_write(p, name, text, (size_t)n, e);
}

/*
 * room: keep {kib}, what is free in BACKUP_DIR, and {needed_kib}, what {sizes}
 * and nearly a third more are; 1 when that is more
 */
int
chore_room(const struct place *p, char **args, size_t nargs, struct err *e)
{
	struct buf sizes = BUF_INIT(LIST_MAX);
	const char *next, *line;
	uint64_t needed = 0, bytes = 0, size;
	size_t len;
	int rc = place_read(p, "sizes", &sizes, e);

	(void)args;
	(void)nargs;
	next = buf_text(&sizes);
	while (rc == 0 && words_next(&next, &line, &len))
		if (num_parse_u64_len(line, len, &size) == 0)
			needed += size;
	needed = (needed + needed / 10 * 3) / 1024;
	if (rc == 0 &&
	    os_free_bytes(chore_env("BACKUP_DIR"), &bytes, e) == 0 &&
	    keep_number(p, "kib", bytes / 1024, e) == 0 &&
	    keep_number(p, "needed_kib", needed, e) == 0)
		rc = bytes / 1024 > needed ? 0 : 1;
	else
		rc = -1;
	buf_free(&sizes);
	return rc;
}
