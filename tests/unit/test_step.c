/*
 * What a driver in cmd.exe leaves to step: texts with references, what tools
 * have said, variables and lists of a run, names and log files.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/os.h"
#include "step/chore.h"
#include "step/derive.h"
#include "step/logfile.h"
#include "step/template.h"
#include "step/words.h"
#include "sys.h"
#include "tap.h"

#define T0 1767225600	/* 2026-01-01 00:00:00 UTC */
#define DAY 86400
#define DRIVER "test-step"

static struct place place = PLACE_INIT;
static struct err e;

/* A chore by its arguments, NULL at their end. */
static int
do_chore(chore_fn *chore, ...)
{
	char *args[8] = { NULL };
	size_t n = 0;
	va_list ap;
	int rc;

	va_start(ap, chore);
	while (n < 7 && (args[n] = va_arg(ap, char *)) != NULL)
		n++;
	va_end(ap);
	e = (struct err)ERR_INIT;
	rc = chore(&place, args, n, &e);
	if (rc < 0)
		tap_note("%s", e.text);
	return rc;
}

static void
is_kept(const char *name, const char *expected, const char *what)
{
	struct buf b = BUF_INIT(1 << 20);

	(void)place_read(&place, name, &b, &e);
	tap_text(buf_text(&b), expected, "%s", what);
	buf_free(&b);
}

static void
put(const char *name, const char *text)
{
	(void)place_write(&place, name, text, strlen(text), &e);
}

static void
set(const char *name, const char *value)
{
	sys_set_env(name, value);
}

/* -- words ----------------------------------------------------------------- */

static void
test_complaint(const char *said, const char *complaint, const char *advice)
{
	struct buf b = BUF_INIT(1000);

	words_put_complaint(&b, said);
	tap_text(buf_text(&b), complaint, "the complaint");
	buf_reset(&b);
	words_put_advice(&b, said);
	tap_text(buf_text(&b), advice, "the advice");
	buf_free(&b);
}

static void
test_words(void)
{
	static const char line[] = "pgdumpz: warning: it is: warning: slow";

	test_complaint("", "", "");
	test_complaint("s3put: cannot reach 'x'\ns3put: hint: is it up?\n",
	    "s3put: cannot reach 'x'", "is it up?");
	test_complaint("a: warning: b\r\na: no\r\na: hint: do\r\n", "a: no",
	    "do");
	test_complaint("gzverify: Broken pipe\ns3put: refused\n",
	    "s3put: refused", "");
	test_complaint("gzverify: Broken pipe\n", "gzverify: Broken pipe", "");
	test_complaint("A B: hint: no\n", "", "");
	tap_text(words_find_warning(line, strlen(line)),
	    "it is: warning: slow", "the text of a warning");
	tap_ok(words_find_warning("a: error: b", 11) == NULL, "none");
	tap_ok(words_has_line("a\nb c\n", "b c"), "a line is there");
	tap_ok(!words_has_line("a\nb c\n", "b"), "a part of one is not");
	tap_ok(!words_has_line("", ""), "an empty text has no line");
}

/* -- references ------------------------------------------------------------- */

static void
test_text(const char *template, const char *expected)
{
	struct buf b = BUF_INIT(1 << 20);

	e = (struct err)ERR_INIT;
	tap_int(template_put(&place, template, &b, &e), 0, "%s", template);
	tap_text(buf_text(&b), expected, "what it stands for");
	buf_free(&b);
}

static void
test_refused(const char *template)
{
	struct buf b = BUF_INIT(1 << 20);

	e = (struct err)ERR_INIT;
	tap_ok(template_put(&place, template, &b, &e) != 0 &&
	    e.kind == ERR_USAGE, "'%s' is refused", template);
	buf_free(&b);
}

/* Arguments joined by bars. */
static void
test_arguments(const char *template, const char *expected)
{
	struct opt_list args = { NULL, 0 };
	struct buf b = BUF_INIT(1 << 20);
	size_t i;

	e = (struct err)ERR_INIT;
	tap_int(template_add(&place, template, &args, &e), 0, "%s", template);
	for (i = 0; i < args.len; i++)
		buf_printf(&b, "%s|", args.items[i]);
	tap_text(buf_text(&b), expected, "its arguments");
	opt_list_free(&args);
	buf_free(&b);
}

static void
test_templates(void)
{
	put("db", "a {b} %PATH% & \"c\"\n");
	put("list", "one two\nthree\r\n\n");
	put("said", "x: no\nx: hint: do\n");
	set("S3_BUCKET", "s3://b/p//");
	set("NOTHING", "");
	test_text("plain", "plain");
	test_text("db={db}!", "db=a {b} %PATH% & \"c\"!");
	test_text("{folder:S3_BUCKET}/x", "s3://b/p/x");
	test_text("{NOTHING}{missing}", "");
	test_text("{encoded:db}", "a%20%7Bb%7D%20%25PATH%25%20%26%20%22c%22");
	test_text("{complaint:said}; {advice:said}", "x: no; do");
	test_refused("{db");
	test_refused("{}");
	test_refused("{-x}");
	test_refused("{nonsense:db}");
	test_refused("{../db}");
	test_refused("{since:db}");
	test_arguments("a b", "a b|");
	test_arguments("", "|");
	test_arguments("{NOTHING}", "|");
	test_arguments("{--x=NOTHING}", "");
	test_arguments("{--x=S3_BUCKET}", "--x=s3://b/p//|");
	test_arguments("{--x=folder:S3_BUCKET}", "--x=s3://b/p|");
	test_arguments("{lines:list}", "one two|three|");
	test_arguments("{words:list}", "one|two\nthree\r\n|");
	test_arguments("{lines:missing}", "");
	test_arguments("{commas:list}", "one two,three|");
}

static void
test_decoded(void)
{
	struct buf b = BUF_INIT(100);

	(void)derive_put_decoded("a%20b", &b, &e);
	tap_text(buf_text(&b), "a b", "decoded");
	buf_reset(&b);
	(void)derive_put_decoded("100%", &b, &e);
	tap_text(buf_text(&b), "100%", "what is not encoded stays");
	buf_free(&b);
}

/* -- chores ------------------------------------------------------------------ */

static void
test_variables(void)
{
	tap_int(do_chore(chore_keep, "a", "{NOTHING}x", "y", NULL), 0, "keep");
	is_kept("a", "xy", "texts are joined");
	tap_int(do_chore(chore_keep, "a", NULL), 0, "keep nothing");
	is_kept("a", "", "it is empty");
	tap_int(do_chore(chore_add, "l", "1", "{--x=NOTHING}", "2", NULL), 0,
	    "add");
	is_kept("l", "1\n2\n", "a line each");
	tap_int(do_chore(chore_in, "l", "2", NULL), 0, "it is in");
	tap_int(do_chore(chore_in, "l", "3", NULL), 1, "it is not");
	tap_int(do_chore(chore_same, "{a}", "{missing}", NULL), 0, "same");
	tap_int(do_chore(chore_same, "{a}", "b", NULL), 1, "not the same");
	tap_int(do_chore(chore_pick, "a", "l", "2", NULL), 0, "pick");
	is_kept("a", "2", "the second line");
	tap_int(do_chore(chore_pick, "a", "l", "3", NULL), 1, "no third one");
	put("r", "u\t5\t\tv w\tx\n");
	tap_int(do_chore(chore_split, "r", "f1", "f2", "f3", "f4", NULL), 0,
	    "split");
	is_kept("f2", "5", "the second field");
	is_kept("f3", "", "an empty one");
	is_kept("f4", "v w\tx", "the rest");
	tap_int(do_chore(chore_keep, "No", NULL), -1, "no such name");
	tap_int(do_chore(chore_keep, "../a", NULL), -1, "and no path");
}

static void
test_names(void)
{
	put("databases", "app\na b\n");
	set("GLOBALS", "yes");
	set("BACKUP_NAME", "");
	tap_int(do_chore(chore_take, "2", NULL), 0, "the second");
	is_kept("label", "a b", "its label");
	is_kept("name", "a%20b", "its name");
	is_kept("globals", "", "a database");
	tap_int(do_chore(chore_take, "3", NULL), 0, "the roles");
	is_kept("name", "globals", "their name");
	is_kept("globals", "yes", "they are");
	tap_int(do_chore(chore_take, "4", NULL), 1, "no more");
	set("GLOBALS", "no");
	tap_int(do_chore(chore_take, "3", NULL), 1, "nor roles");
	set("BACKUP_NAME", "x%20y");
	tap_int(do_chore(chore_take, "1", NULL), 0, "another name");
	is_kept("db", "app", "of the database");
	is_kept("label", "x y", "decoded");
	is_kept("name", "x%20y", "and encoded");
	set("BACKUP_NAME", "");
}

static void
ends_with(const char *command, const char *suffix)
{
	struct buf b = BUF_INIT(1000);
	size_t n = strlen(suffix);

	set("ENCRYPT_CMD", command);
	set("BACKUP_DIR", "");
	(void)do_chore(chore_base, NULL);
	(void)place_read(&place, "base", &b, &e);
	tap_ok(b.len > n && strcmp(b.data + b.len - n, suffix) == 0,
	    "'%s': '%s'", command, buf_text(&b));
	buf_free(&b);
}

static void
test_suffixes(void)
{
	put("name", "app");
	ends_with("", ".sql.gz");
	ends_with("age -r x", ".age");
	ends_with("/usr/bin/gpg2 -e", ".gpg");
	ends_with("\"C:\\Program Files\\GnuPG\\gpg.exe\" -e", ".gpg");
	ends_with("openssl enc", ".enc");
	ends_with("page", ".enc");
	set("ENCRYPT_CMD", "");
}

static void
test_facts(void)
{
	static const char facts[] = "{\"sha256\":\"ab\",\"rows\":1,\"t\":["
	    "{\"rows\":2,\"name\":\"\\\"rows\\\":9\"},{\"rows\":40}]}";

	put("facts", facts);
	tap_int(do_chore(chore_facts, NULL), 0, "facts");
	is_kept("rows", "43", "rows are added up");
	is_kept("seal", "ab", "the seal");
	put("facts", "{");
	tap_int(do_chore(chore_facts, NULL), -1, "half of them are none");
}

static void
make_file(const char *name)
{
	struct buf path = BUF_INIT(1000);
	int fd;

	buf_printf(&path, "%s/%s", place.dir, name);
	if ((fd = os_create(buf_text(&path), &e)) >= 0) {
		(void)os_write(fd, "whole", 5, &e);
		(void)os_close(fd, &e);
	}
	buf_free(&path);
}

#define D1 "app_20260101_020000.sql.gz"
#define D2 "app_20260102_020000.sql.gz"
#define D3 "app_20260103_020000.sql.gz.age"
#define D4 "app_20260104_020000.sql.gz"

static void
test_lists(void)
{
	static const char listing[] = "2026-01-01 02:00:00 5 " D1 "\n"
	    "2026-01-02 02:00:00 4 " D2 "\n";
	static const char decisions[] = "keep\t" D1 "\tnewest\n"
	    "delete\t" D3 "\told\n";
	struct buf want = BUF_INIT(4000);

	set("BACKUP_DIR", place.dir);
	put("name", "app");
	put("base", D4);
	make_file(D1);
	make_file(D2);
	make_file(D3);
	make_file(D4);
	make_file("app_x_20260101_020000.sql.gz");
	put("out", listing);
	tap_int(do_chore(chore_remote, NULL), 0, "remote");
	is_kept("remote", "5 " D1 "\n4 " D2 "\n", "sizes and names");
	put("out", decisions);
	tap_int(do_chore(chore_expired, NULL), 0, "expired");
	is_kept("expired", D3 "\n", "what would be deleted");
	tap_int(do_chore(chore_sort, NULL), 0, "sort");
	is_kept("pending", D2 "\n", "another size is another file");
	buf_printf(&want, "%s/" D1 "\n%s/" D3 "\n", place.dir, place.dir);
	is_kept("spare", buf_text(&want), "what need not be uploaded");
	is_kept("plain", "", "nothing is to be encrypted");
	set("ENCRYPT_CMD", "age -r x");
	tap_int(do_chore(chore_sort, NULL), 0, "sort, when it is");
	is_kept("plain", D1 "\n" D2 "\n" D4 "\n", "what is not");
	is_kept("pending", D2 "\n", "is listed as before");
	set("ENCRYPT_CMD", "");
	tap_int(do_chore(chore_newest, NULL), 0, "newest");
	is_kept("sizes", "5\n", "its size");
	tap_int(do_chore(chore_room, NULL), 0, "there is room");
	put("sizes", "1000000000000000\n");
	tap_int(do_chore(chore_room, NULL), 1, "not for that");
	is_kept("needed_kib", "1269531250000", "nearly a third more");
	buf_free(&want);
}

static void
test_folder(void)
{
	tap_int(do_chore(chore_folder, place.dir, NULL), 0, "a directory");
	tap_int(do_chore(chore_folder, "{BACKUP_DIR}/no", NULL), 1, "none");
	tap_int(do_chore(chore_folder, "{BACKUP_DIR}/" D1, NULL), 1, "a file");
	tap_int(do_chore(chore_exists, "{BACKUP_DIR}/" D1, NULL), 0, "exists");
	tap_int(do_chore(chore_exists, "{BACKUP_DIR}/no", NULL), 1, "does not");
}

/* -- log files ------------------------------------------------------------- */

static void
test_log_files(void)
{
	static const char old[] = "app-backup_20260101_000000.log";
	struct buf b = BUF_INIT(1000);

	logfile_put_name(&b, "app", "backup", T0);
	tap_text(buf_text(&b), old, "the name of a log");
	buf_free(&b);
	tap_ok(!logfile_is_old(old, "app", "backup", T0 + 30 * DAY, 30),
	    "30 days are not old");
	tap_ok(logfile_is_old(old, "app", "backup", T0 + 30 * DAY + 1, 30),
	    "more are");
	tap_ok(!logfile_is_old(old, "ap", "backup", T0 + 99 * DAY, 30),
	    "another's name");
	tap_ok(!logfile_is_old(old, "app", "drill", T0 + 99 * DAY, 30),
	    "another kind");
	tap_ok(!logfile_is_old("app-backup_20261301_000000.log", "app",
	    "backup", T0 + 999 * DAY, 30), "no date");
	tap_ok(!logfile_is_old("app-backup_20260101_000000.txt", "app",
	    "backup", T0 + 99 * DAY, 30), "no log");
}

static void
test_directory(void)
{
	struct place other = PLACE_INIT, found = PLACE_INIT;
	struct os_stat st;

	tap_ok(place_open(&other, "../x", "run", &e) != 0, "no path");
	place_close(&other);
	tap_ok(place_open(&other, "x", NULL, &e) != 0, "no run");
	place_close(&other);
	tap_ok(place_make(&place, "", &e) == 0, "made");
	tap_ok(place_make(&place, "", &e) != 0, "two runs have none in common");
	/* an orphan: what it belongs to is no file */
	if (place_open(&other, DRIVER, "dead", &e) == 0)
		(void)place_make(&other, "/nonesuch/owner", &e);
	(void)place_write(&other, "token", "t1", 2, &e);
	tap_int(place_find_orphan(&found, DRIVER, "t2", &e), 0, "another's");
	tap_int(place_find_orphan(&found, DRIVER, "", &e), 0, "nobody's");
	tap_int(place_find_orphan(&found, DRIVER, "t1", &e), 1, "found");
	tap_text(found.dir, other.dir, "it is that one");
	place_remove_orphans(&place, DRIVER);
	tap_ok(os_stat(other.dir, &st, &e) == 0 && st.kind == OS_MISSING,
	    "that of a dead run is gone");
	tap_ok(os_stat(place.dir, &st, &e) == 0 && st.kind == OS_DIR,
	    "ours is not");
	place_close(&other);
	place_close(&found);
}

int
main(void)
{
	struct os_stat st;

	os_start();
	e = (struct err)ERR_INIT;
	sys_set_env("RUN_ID", "20260101_000000-0000");
	if (place_open(&place, DRIVER, "20260101_000000-0000", &e) != 0)
		return 1;
	(void)place_remove(&place, &(struct err)ERR_INIT);
	test_directory();
	test_words();
	test_templates();
	test_decoded();
	test_variables();
	test_names();
	test_suffixes();
	test_facts();
	test_lists();
	test_folder();
	test_log_files();
	tap_ok(place_remove(&place, &e) == 0, "removed");
	tap_ok(os_stat(place.dir, &st, &e) == 0 && st.kind == OS_MISSING,
	    "nothing is left");
	place_close(&place);
	return tap_done();
}
