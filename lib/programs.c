/*
 * Debian's /usr/bin/pg_dump is a script that picks a version by rules of its
 * own at each call; so the directories of the versions themselves come first.
 */
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "child.h"
#include "mem.h"
#include "num.h"
#include "os.h"
#include "programs.h"

#define PATH_MAX_BYTES 4096
#define FOUND_MAX 200

static const struct {
	const char *by, *also;
} wanted[] = {
	[PROGRAMS_DUMP] = { "pg_dump", "pg_restore" },
	[PROGRAMS_RESTORE] = { "pg_restore", "psql" },
};

struct search {
	struct programs *best;
	enum programs_use use;
	int best_major;
	int wanted;		/* the server's major version */
	struct buf found;	/* what there is, for the error */
	struct err *e;
};

int
programs_parse_version(const char *text, char *version, size_t size,
	int *major)
{
	const char *p = strstr(text, "(PostgreSQL) ");
	uint64_t first;
	size_t n, len;

	if (p == NULL)
		return -1;
	p += strlen("(PostgreSQL) ");
	n = strspn(p, "0123456789");
	len = strcspn(p, " \r\n");
	if (len >= size || num_parse_u64_len(p, n, &first) != 0 || first > 999)
		return -1;
	memcpy(version, p, len);
	version[len] = '\0';
	*major = (int)first;
	return 0;
}

static char *
join(const char *dir, const char *name, struct err *e)
{
	struct buf b = BUF_INIT(PATH_MAX_BYTES);

	buf_printf(&b, "%s/%s%s", dir, name, os_program_suffix);
	if (buf_check(&b, "a path", e) == 0)
		return b.data;
	buf_free(&b);
	return NULL;
}

static int
take(struct search *s, const char *dir, const char *version, int major)
{
	struct programs *p = s->best;

	programs_free(p);
	if ((p->dump = join(dir, "pg_dump", s->e)) == NULL ||
	    (p->restore = join(dir, "pg_restore", s->e)) == NULL ||
	    (p->dumpall = join(dir, "pg_dumpall", s->e)) == NULL ||
	    (p->psql = join(dir, "psql", s->e)) == NULL)
		return -1;
	memcpy(p->version, version, strlen(version) + 1);
	s->best_major = major;
	return 0;
}

/* Without the other one, all of it would be done in vain. */
static bool
has_other(const struct search *s, const char *dir)
{
	struct err ignored;
	struct os_stat st;
	char *path = join(dir, wanted[s->use].also, &ignored);
	bool has = path != NULL && os_stat(path, &st, &ignored) == 0 &&
	    st.kind == OS_FILE;

	free(path);
	return has;
}

/* Is there one in dir, and is it better than the best so far? */
static int
consider(const char *dir, void *ctx)
{
	struct search *s = ctx;
	char *path = join(dir, wanted[s->use].by, s->e), version[32];
	const char *argv[] = { path, "--version", NULL };
	struct child_spawn how = { argv, NULL, -1, -1, 0 };
	struct buf out = BUF_INIT(1 << 17);
	struct os_stat st;
	struct err ignored;
	int major, rc = 0;

	if (path == NULL)
		return -1;
	if (os_stat(path, &st, &ignored) == 0 && st.kind == OS_FILE &&
	    child_run(&how, &out, &ignored) == 0 &&
	    programs_parse_version(buf_text(&out), version, sizeof(version),
	    &major) == 0) {
		bool whole = has_other(s, dir);

		if (s->found.len < FOUND_MAX)
			buf_printf(&s->found, "%s%s (%s%s%s)",
			    s->found.len > 0 ? ", " : "", version, dir,
			    whole ? "" : ", without ",
			    whole ? "" : wanted[s->use].also);
		if (whole && major >= s->wanted && (s->best_major == 0 ||
		    major < s->best_major))
			rc = take(s, dir, version, major);
	}
	buf_free(&out);
	free(path);
	return rc;
}

/* A directory that was named is a wrong option; what is missing is not. */
static int
fail(const struct search *s, const char *bin_dir)
{
	const char *by = wanted[s->use].by;

	(void)err_set(s->e, bin_dir != NULL ? ERR_USAGE : ERR_LOCAL,
	    "cannot find a %s for a server of version %d%s%s; there is %s",
	    by, s->wanted, bin_dir != NULL ? " in " : "",
	    bin_dir != NULL ? bin_dir : "",
	    s->found.len > 0 ? buf_text(&s->found) : "none");
	if (bin_dir != NULL)
		return err_hint(s->e, "--pg-bin wants the directory that holds "
		    "%s and %s, such as that of postgresql-client-%d", by,
		    wanted[s->use].also, s->wanted);
	return err_hint(s->e, "install postgresql-client-%d (on Windows, "
	    "PostgreSQL's command line tools), or name the directory of a "
	    "newer one with --pg-bin", s->wanted);
}

int
programs_find(struct programs *p, enum programs_use use, const char *bin_dir,
	int server, struct err *e)
{
	struct search s = { .best = p, .use = use, .wanted = server / 10000,
		.found = BUF_INIT(4096), .e = e };
	int fd = os_temp_file(e), rc;

	memset(p, 0, sizeof(*p));
	if (fd < 0)	/* children can't be started without one */
		return -1;
	(void)os_close(fd, e);
	if (bin_dir != NULL)
		rc = consider(bin_dir, &s);
	else if ((rc = os_each_postgresql(consider, &s, e)) == 0 &&
	    s.best_major != s.wanted)
		rc = os_each_in_path(consider, &s);
	if (rc == 0 && s.best_major == 0)
		rc = fail(&s, bin_dir);
	buf_free(&s.found);
	if (rc != 0)
		programs_free(p);
	return rc;
}

void
programs_free(struct programs *p)
{
	free(p->dump);
	free(p->restore);
	free(p->dumpall);
	free(p->psql);
	memset(p, 0, sizeof(*p));
}
