/*
 * Lifecycle rules: which hold for the backups, and how ours joins them. What is
 * said goes to stdout as "ok|gap|note TAB ..."; it is caught in a pipe here.
 */
#include <string.h>

#include "lib/os.h"
#include "s3bucket/lifecycle.h"
#include "tap.h"

#define RULE(prefix, action) "<Rule><ID>r</ID><Filter><Prefix>" prefix \
	"</Prefix></Filter><Status>Enabled</Status>" action "</Rule>"
#define EXPIRE(days) "<Expiration><Days>" days "</Days></Expiration>"
#define ABORT "<AbortIncompleteMultipartUpload><DaysAfterInitiation>7" \
	"</DaysAfterInitiation></AbortIncompleteMultipartUpload>"
#define ALL(rules) "<LifecycleConfiguration xmlns=\"http://s3/\">" rules \
	"</LifecycleConfiguration>"

static char backups[] = "db/";

/* The report about these rules, in text. */
static const char *
report_on(const char *xml, uint64_t retention_days)
{
	static char text[4096];
	struct wanted w = WANTED_INIT;
	struct buf b = BUF_INIT(1 << 20);
	struct report r = { 0 };
	struct err e = ERR_INIT;
	struct lifecycle l;
	int pipes[2], saved;
	ssize_t n;

	w.prefix = backups;
	w.retention_days = retention_days;
	buf_puts(&b, xml);
	text[0] = '\0';
	if (lifecycle_parse(&l, &b, &e) != 0 || os_pipe(&pipes[0], &pipes[1], &e) != 0)
		return "cannot be read";
	saved = dup(1);
	(void)dup2(pipes[1], 1);
	(void)lifecycle_check(&l, &w, true, &r, &e);
	(void)dup2(saved, 1);
	(void)close(saved);
	(void)close(pipes[1]);
	n = read(pipes[0], text, sizeof(text) - 1);
	text[n > 0 ? n : 0] = '\0';
	(void)close(pipes[0]);
	lifecycle_free(&l);
	buf_free(&b);
	return text;
}

static void
says(const char *xml, uint64_t retention_days, const char *wanted,
	const char *name)
{
	const char *text = report_on(xml, retention_days);

	if (!tap_ok(strstr(text, wanted) != NULL, "%s", name))
		tap_text(text, wanted, "%s", name);
}

static void
test_check(void)
{
	says("", 30, "gap\texpiration\tno rule", "no rules at all");
	says("", 30, "gap\tuploads\t", "nor for uploads");
	says("", 30, "gap\tnoncurrent\t", "nor for versions");
	says(ALL(RULE("", EXPIRE("29"))), 30, "gap\texpiration\trule 'r' "
	    "deletes backups after 29 days", "a rule for the whole bucket");
	says(ALL(RULE("db/app_", EXPIRE("29"))), 30, "gap\texpiration\trule",
	    "one for some of the backups");
	says(ALL(RULE("other/", EXPIRE("1"))), 30, "gap\texpiration\tno rule",
	    "one for something else");
	says(ALL(RULE("db/", EXPIRE("30"))), 30, "ok\texpiration",
	    "one that agrees with retention");
	says(ALL(RULE("db/", EXPIRE("90")) RULE("d", EXPIRE("3"))), 30,
	    "after 3 days", "the first one to act counts");
	says(ALL("<Rule><ID>r</ID><Prefix>db/</Prefix><Status>Disabled"
	    "</Status>" EXPIRE("3") "</Rule>"), 30,
	    "gap\texpiration\tno rule", "a disabled one counts for nothing");
	says(ALL(RULE("db/", "<Expiration><Date>2027-01-01T00:00:00Z</Date>"
	    "</Expiration>")), 30, "at a date", "one with a date");
	says(ALL(RULE("db/", EXPIRE("90"))), 0, "note\texpiration",
	    "retention that nobody knows");
	says(ALL(RULE("", ABORT)), 30, "ok\tuploads", "uploads everywhere");
	says(ALL(RULE("db/app_", ABORT)), 30, "gap\tuploads",
	    "uploads of some are not enough");
	says(ALL("<Rule><Filter><And><Prefix>db/</Prefix><Tag><Key>k</Key>"
	    "<Value>v</Value></Tag></And></Filter><Status>Enabled</Status>"
	    ABORT "</Rule>"), 30, "gap\tuploads", "nor those with a tag");
}

static void
test_merge(void)
{
	struct wanted w = WANTED_INIT;
	char prefix[250] = "";
	struct buf old = BUF_INIT(1 << 20), once = BUF_INIT(1 << 20),
	    twice = BUF_INIT(1 << 20);
	struct err e = ERR_INIT;

	w.prefix = backups;
	buf_puts(&old, ALL("\n <Rule>\n  <ID>a&lt;b</ID> <Filter/>\n  <Status>"
	    "Enabled</Status>" EXPIRE("9") "</Rule>"));
	tap_int(lifecycle_merge(&old, &w, &once, &e), 0, "ours joins them");
	tap_ok(strstr(buf_text(&once), "<Rule><ID>a&lt;b</ID><Filter></Filter>"
	    "<Status>Enabled</Status><Expiration><Days>9</Days></Expiration>"
	    "</Rule><Rule><ID>pgdumpz db/</ID>") != NULL,
	    "theirs is as it was: %s", buf_text(&once));
	tap_int(lifecycle_merge(&once, &w, &twice, &e), 0, "and again");
	tap_text(buf_text(&twice), buf_text(&once), "changes nothing");
	buf_reset(&old);
	buf_reset(&once);
	buf_puts(&old, ALL("<Rule><ID>a</ID><Prefix>logs/</Prefix><Status>"
	    "Enabled</Status>" EXPIRE("9") "</Rule>"));
	tap_int(lifecycle_merge(&old, &w, &once, &e), 0, "to an old rule");
	tap_ok(strstr(buf_text(&once), "<ID>pgdumpz db/</ID><Prefix>db/"
	    "</Prefix><Status>") != NULL && strstr(buf_text(&once),
	    "<Filter>") == NULL, "comes an old one: %s", buf_text(&once));
	memset(prefix, 'x', sizeof(prefix) - 1);
	w.prefix = prefix;
	tap_int(lifecycle_merge(&old, &w, &once, &e), -1,
	    "no two prefixes have the same rule");
	w.prefix = backups;
	buf_reset(&old);
	buf_puts(&old, "<LifecycleConfiguration><Rule>");
	tap_int(lifecycle_merge(&old, &w, &twice, &e), -1, "half an answer");
	buf_free(&old);
	buf_free(&once);
	buf_free(&twice);
}

int
main(void)
{
	test_check();
	test_merge();
	return tap_done();
}
