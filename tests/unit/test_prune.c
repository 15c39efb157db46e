/*
 * Plan, then do, over a directory; over S3 it is tested by scenarios.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/os.h"
#include "lib/prune.h"
#include "lib/seal.h"
#include "tap.h"
#include "tempdir.h"

#define NOW 1718000000	/* 2024-06-10 06:13:20 */

static void
make_sealed(const char *path)
{
	struct err e = ERR_INIT;
	struct buf member = BUF_INIT(1 << 16);
	struct seal_packer *p = seal_packer_new(1, &e);
	int fd = os_create(path, &e), rc = -1;
	struct seal_writer *w = fd < 0 ? NULL : seal_writer_new(fd, &e);

	if (p != NULL && w != NULL &&
	    seal_pack(p, SEAL_PRE, "SELECT 1;\n", 10, &member, &e) == 0 &&
	    seal_writer_put(w, member.data, member.len, &e) == 0)
		rc = seal_writer_finish(w, &e);
	if (rc != 0)
		tap_ok(false, "%s: %s", path, e.text);
	seal_writer_free(w);
	seal_packer_free(p);
	buf_free(&member);
	(void)os_close(fd, &e);
}

static void
make_tree(void)
{
	struct err e;

	(void)os_make_dir("d", &e);
	make_sealed("d/app_20240610_000000.sql.gz");
	make_sealed("d/app_20240609_000000.sql.gz");
	make_sealed("d/app_20240608_000000.sql.gz");
	make_sealed("d/app_20240607_000000.sql.gz.age");
	(void)close(os_create("d/app_20240610_010000.sql.gz.age", &e));
	make_sealed("d/app_20300101_000000.sql.gz");
	make_sealed("d/app_x_20240601_000000.sql.gz");
	/* what a dead writer leaves, cut at its end */
	make_sealed("d/app_20240601_000000.sql.gz");
	if (truncate("d/app_20240601_000000.sql.gz", 120) != 0)
		tap_ok(false, "cannot cut a file");
}

/* What a run over d says. */
static int
run(struct prune_options *o, struct prune_counts *counts, char *said,
	size_t size, struct err *e)
{
	struct catalog *c = catalog_new(NULL, e);
	ssize_t n;
	int rc = -1;

	o->out = os_temp_file(e);
	if (c != NULL && o->out >= 0 &&
	    catalog_add_dir(c, "d", o->name, e) == 0)
		rc = prune_run(c, NULL, o, counts, e);
	n = os_pread(o->out, said, size - 1, 0, e);
	said[n > 0 ? n : 0] = '\0';
	(void)close(o->out);
	catalog_free(c);
	return rc;
}

static const char plan[] =
	"keep\tapp_20300101_000000.sql.gz\tahead of the clock: not counted\n"
	"keep\tapp_20240610_010000.sql.gz.age\tno seal: not counted\n"
	"keep\tapp_20240610_000000.sql.gz\tlast, days\n"
	"keep\tapp_20240609_000000.sql.gz\tdays\n"
	"delete\tapp_20240608_000000.sql.gz\tno rule keeps it\n"
	"delete\tapp_20240607_000000.sql.gz.age\tno rule keeps it\n"
	"keep\tapp_20240601_000000.sql.gz\tno seal: not counted\n"
	"keep\tapp_x_20240601_000000.sql.gz\tlast, days\n";

static void
test_run(void)
{
	struct prune_options o = PRUNE_OPTIONS_INIT;
	struct prune_counts n;
	struct err e = ERR_INIT;
	char said[4096];

	o.now = NOW;
	tap_ok(run(&o, &n, said, sizeof(said), &e) == -1 &&
	    e.kind == ERR_USAGE && said[0] == '\0', "no rule: nothing");
	o.policy.days = 1;
	o.name = "";
	tap_ok(run(&o, &n, said, sizeof(said), &e) == -1 &&
	    e.kind == ERR_USAGE, "an empty name");
	o.name = NULL;
	o.dry_run = true;
	tap_int(run(&o, &n, said, sizeof(said), &e), 0, "dry run");
	tap_text(said, plan, "its plan");
	tap_ok(access("d/app_20240608_000000.sql.gz", F_OK) == 0,
	    "is only a plan");
	o.dry_run = false;
	tap_int(run(&o, &n, said, sizeof(said), &e), 0, "run");
	tap_text(said, plan, "says the same");
	tap_ok(n.kept == 6 && n.deleted == 2 && n.failed == 0 &&
	    n.unsealed == 2 && n.ahead == 1, "and counts");
	tap_ok(access("d/app_20240608_000000.sql.gz", F_OK) != 0 &&
	    access("d/app_20240607_000000.sql.gz.age", F_OK) != 0 &&
	    access("d/app_20240609_000000.sql.gz", F_OK) == 0,
	    "and does it");
	o.policy.days = 0;
	o.name = "app_x";
	o.full_names = true;
	tap_int(run(&o, &n, said, sizeof(said), &e), 0, "one NAME");
	tap_text(said, "keep\td/app_x_20240601_000000.sql.gz\tlast, days\n",
	    "alone, by its path");
}

static void
test_options(void)
{
	struct prune_options o = PRUNE_OPTIONS_INIT;
	struct opt opts[PRUNE_OPT_COUNT + 1] = { 0 };
	const struct opt_tool tool = { "t", "t", "t", opts, 0, 1, false };
	char *argv[] = { (char[]){ "t" }, (char[]){ "--days=3" },
		(char[]){ "--keep-last=2" }, (char[]){ "--yearly" },
		(char[]){ "1" }, (char[]){ "-n" }, (char[]){ "d" }, NULL };
	struct opt_result args;
	struct err e = ERR_INIT;

	prune_append_options(opts, &o);
	tap_int(opt_parse(&tool, 7, argv, &args, &e), 0, "options");
	tap_ok(o.policy.days == 3 && o.policy.keep_last == 2 &&
	    o.policy.yearly == 1 && o.policy.daily == RETAIN_NONE &&
	    o.dry_run && o.name == NULL, "land where they belong");
}

int
main(void)
{
	if (!tempdir_enter())
		return 1;
	make_tree();
	test_run();
	test_options();
	tempdir_drop("d");
	tap_ok(tempdir_remove(), "nothing else was made");
	return tap_done();
}
