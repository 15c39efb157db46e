/*
 * Where no file of the log is configured, each run has one of its own beside
 * the backups, and old ones go.
 */
#include <stdlib.h>
#include <string.h>

#include "chore.h"
#include "logfile.h"
#include "num.h"
#include "os.h"
#include "utc.h"

#define DAYS 30			/* unless RETENTION_DAYS says more or less */
#define DAY_SECONDS 86400
#define PATH_BYTES (1u << 16)

void
logfile_put_name(struct buf *out, const char *name, const char *kind,
	int64_t time)
{
	char date[UTC_TEXT];

	buf_printf(out, "%s-%s_%s.log", name, kind,
	    utc_format_name(date, time));
}

bool
logfile_is_old(const char *file, const char *name, const char *kind,
	int64_t now, uint64_t days)
{
	static const char date[] = "YYYYMMDD_HHMMSS", ending[] = ".log";
	size_t n = strlen(name), k = strlen(kind), len = strlen(file);
	const char *stamp;
	int64_t time;

	if (len != n + 1 + k + 1 + strlen(date) + strlen(ending) ||
	    strncmp(file, name, n) != 0 || file[n] != '-' ||
	    strncmp(file + n + 1, kind, k) != 0 || file[n + 1 + k] != '_')
		return false;
	stamp = file + n + 1 + k + 1;
	return strcmp(stamp + strlen(date), ending) == 0 &&
	    utc_parse_name(stamp, &time) == 0 &&
	    now - time > (int64_t)days * DAY_SECONDS;
}

struct pruning {
	const char *dir, *name, *kind;
	int64_t now;
	uint64_t days;
};

/* One that can't be removed now can be the next time. */
static int
prune_one(const char *file, void *ctx)
{
	const struct pruning *p = ctx;
	struct buf path = BUF_INIT(PATH_BYTES);

	if (logfile_is_old(file, p->name, p->kind, p->now, p->days)) {
		buf_printf(&path, "%s/%s", p->dir, file);
		if (!path.failed)
			(void)os_unlink(path.data, &(struct err)ERR_INIT);
	}
	buf_free(&path);
	return 0;
}

static int
keep_path(const struct place *p, const struct pruning *what, struct err *e)
{
	struct buf path = BUF_INIT(PATH_BYTES);
	int rc;

	buf_printf(&path, "%s/", what->dir);
	logfile_put_name(&path, what->name, what->kind, what->now);
	rc = buf_check(&path, "a path", e);
	if (rc == 0)
		rc = place_write(p, "log_file", path.data, path.len, e);
	buf_free(&path);
	return rc;
}

/*
 * logfile KIND: unless LOG_FILE is set, keep {log_file}, where events go from
 * now on, in BACKUP_DIR, and remove old ones of {name}
 */
int
chore_logfile(const struct place *p, char **args, size_t nargs, struct err *e)
{
	char *name = chore_text(p, "{name}", e);
	struct pruning what = { .dir = chore_env("BACKUP_DIR"), .name = name,
		.kind = args[0], .now = os_now(), .days = DAYS };
	struct os_stat st;
	uint64_t days;
	int rc = -1;

	(void)nargs;
	if (name == NULL)
		return -1;
	if (num_parse_u64(chore_env("RETENTION_DAYS"), &days) == 0 && days > 0)
		what.days = days;
	if (chore_env("LOG_FILE")[0] != '\0' || what.dir[0] == '\0')
		rc = 0;
	else if (os_stat(what.dir, &st, e) == 0)
		rc = st.kind != OS_DIR ? 0 : keep_path(p, &what, e);
	if (rc == 0 && what.dir[0] != '\0')
		(void)os_list_dir(what.dir, prune_one, &what,
		    &(struct err)ERR_INIT);
	free(name);
	return rc;
}
