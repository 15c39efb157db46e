/* auditlog: events, records and metrics, byte for byte. */
#include <string.h>

#include "auditlog/chain.h"
#include "auditlog/event.h"
#include "auditlog/metrics.h"
#include "tap.h"

#define NOW INT64_C(1735956000)	/* 2025-01-04T02:00:00Z */
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
#define MAX_PAIRS 8

static const char *const nothing_reserved[] = { NULL };

/* Pairs of a list of texts that "" ends; the texts are literals. */
static void
make_pairs(struct pairs *p, const char *const *texts)
{
	struct err e = ERR_INIT;
	char *args[MAX_PAIRS];
	size_t n = 0;

	for (; texts[n][0] != '\0'; n++)
		args[n] = (char *)(uintptr_t)texts[n];
	tap_int(pairs_parse(p, args, n, nothing_reserved, &e), 0, "parse");
}

static void
check_pairs(void)
{
	static const char *const reserved[] = { "run", NULL };
	static const struct {
		const char *arg;
		bool good;
	} cases[] = {
		{ "a=1", true }, { "a=", true }, { "a==", true },
		{ "a=b=c", true }, { "runs=1", true }, { "run=1", false },
		{ "a", false }, { "=1", false }, { "A=1", false },
		{ "a b=1", false }, { "a\n=1", false }, { "\xc3\xbc=1", false },
	};
	struct err e = ERR_INIT;
	struct pairs p;
	char *arg;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		arg = (char *)(uintptr_t)cases[i].arg;
		tap_int(pairs_parse(&p, &arg, 1, reserved, &e),
		    cases[i].good ? 0 : -1, "pair %zu", i);
		if (!cases[i].good)
			tap_int(e.kind, ERR_USAGE, "is wrong use");
		pairs_free(&p);
	}
}

static void
check_events(void)
{
	static const char *const texts[] = { "db=my db", "level=warn",
		"bytes=12", "" };
	static const char *const bad_level[] = { "level=fatal", "" };
	static const char *const bad_names[] = { "", ".", "a.", ".a", "A",
		"a b", "a\n", "a..b" };
	struct event event = { NOW, "r1", "dump.done" };
	struct buf b = BUF_INIT(1024);
	struct err e = ERR_INIT;
	struct pairs p;
	size_t i;

	make_pairs(&p, texts);
	tap_int(event_put(&b, &event, &p, &e), 0, "an event");
	tap_text(buf_text(&b), "2025-01-04T02:00:00Z level=warn run=r1 "
	    "event=dump.done db=\"my db\" bytes=12\n", "as a line");
	buf_reset(&b);
	event.run = "";
	tap_int(event_put(&b, &event, &p, &e), 0, "without a run");
	tap_ok(strstr(buf_text(&b), " run=- ") != NULL, "it is -");
	for (i = 0; i < sizeof(bad_names) / sizeof(bad_names[0]); i++) {
		event.name = bad_names[i];
		tap_int(event_put(&b, &event, &p, &e), -1, "bad name %zu", i);
	}
	pairs_free(&p);
	event.name = "a";
	make_pairs(&p, bad_level);
	tap_int(event_put(&b, &event, &p, &e), -1, "a bad level");
	tap_int(e.kind, ERR_USAGE, "is wrong use");
	pairs_free(&p);
	buf_free(&b);
}

/* chain_put(): 0, or the error's kind. */
static int
put_record(struct buf *b, const struct chain_head *head, const char *run,
	const struct pairs *p)
{
	const struct chain_record record = { NOW, run, p };
	struct err e = ERR_INIT;

	return chain_put(b, head, &record, &e) == 0 ? 0 : (int)e.kind;
}

static void
check_numbers(void)
{
	static const struct {
		const char *pair, *member;
	} cases[] = {
		{ "n=0", "\"n\":0}" }, { "n=-7", "\"n\":-7}" },
		{ "n=1.50", "\"n\":1.50}" },
		{ "n=123456789012345", "\"n\":123456789012345}" },
		{ "n=1234567890123456", "\"n\":\"1234567890123456\"}" },
		{ "n=007", "\"n\":\"007\"}" }, { "n=1e5", "\"n\":\"1e5\"}" },
		{ "n=1.", "\"n\":\"1.\"}" }, { "n=.5", "\"n\":\".5\"}" },
		{ "n=-", "\"n\":\"-\"}" }, { "n=", "\"n\":\"\"}" },
		{ "n=+1", "\"n\":\"+1\"}" }, { "n=1.2.3", "\"n\":\"1.2.3\"}" },
		{ "db=2024", "\"db\":\"2024\"}" },
	};
	struct buf b = BUF_INIT(1024);
	struct chain_head head;
	const char *texts[2] = { "", "" };
	struct pairs p;
	size_t i;

	chain_head_init(&head);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		texts[0] = cases[i].pair;
		make_pairs(&p, texts);
		buf_reset(&b);
		tap_int(put_record(&b, &head, "r", &p), 0, "record");
		tap_text(b.data + b.len - strlen(cases[i].member),
		    cases[i].member, "'%s'", cases[i].pair);
		pairs_free(&p);
	}
	buf_free(&b);
}

static void
check_records(void)
{
	static const char *const texts[] = { "db=a\"b", "exit=0", "" };
	static const char *const twice[] = { "a=1", "b=2", "a=1", "" };
	struct buf b = BUF_INIT(1024);
	struct chain_head head;
	struct pairs p;

	chain_head_init(&head);
	make_pairs(&p, texts);
	tap_int(put_record(&b, &head, "r1", &p), 0, "a record");
	tap_text(buf_text(&b), "{\"prev\":\"" ZEROS "\","
	    "\"time\":\"2025-01-04T02:00:00Z\",\"run\":\"r1\","
	    "\"db\":\"a\\\"b\",\"exit\":0}", "as JSON");
	buf_reset(&b);
	memcpy(head.torn, ZEROS, sizeof(ZEROS));
	tap_int(put_record(&b, &head, NULL, &p), 0, "a torn one");
	tap_ok(strstr(buf_text(&b), "\"torn\":\"" ZEROS "\"") != NULL,
	    "before it is noted");
	pairs_free(&p);
	make_pairs(&p, twice);
	tap_int(put_record(&b, &head, "r1", &p), ERR_USAGE,
	    "the same key twice is wrong use");
	pairs_free(&p);
	buf_free(&b);
}

static bool
has_line(const struct buf *b, const char *line)
{
	const char *found = strstr(buf_text(b), line);

	return found != NULL && (found == b->data || found[-1] == '\n') &&
	    found[strlen(line)] == '\n';
}

static void
check_metrics(void)
{
	static const char *const good[] = { "exit=0", "seconds=1.5", "db=a",
		"ok=1", "bytes=10", "db=q\"\\\n", "ok=1", "" };
	static const char *const bad[] = { "exit=1", "db=a", "ok=0", "" };
	static const char *const none[] = { "exit=3", "" };
	struct buf first = BUF_INIT(16384), b = BUF_INIT(16384);
	struct err e = ERR_INIT;
	struct pairs p;

	make_pairs(&p, good);
	tap_int(metrics_put(&first, NOW, &p, "", &e), 0, "a good run");
	tap_ok(has_line(&first, "pgdumpz_run_exit_status 0"), "status");
	tap_ok(has_line(&first, "pgdumpz_run_duration_seconds 1.5"), "time");
	tap_ok(has_line(&first, "pgdumpz_backup_bytes{db=\"a\"} 10"), "size");
	tap_ok(has_line(&first,
	    "pgdumpz_backup_ok{db=\"q\\\"\\\\\xef\xbf\xbd\"} 1"),
	    "an odd name is escaped");
	pairs_free(&p);

	make_pairs(&p, bad);
	tap_int(metrics_put(&b, NOW + 9, &p, first.data, &e), 0, "a bad run");
	tap_ok(has_line(&b, "pgdumpz_run_timestamp_seconds 1735956009"),
	    "is the last one");
	tap_ok(has_line(&b, "pgdumpz_run_success_timestamp_seconds "
	    "1735956000"), "the last success stays");
	tap_ok(has_line(&b, "pgdumpz_backup_ok{db=\"a\"} 0"), "it is told");
	tap_ok(has_line(&b, "pgdumpz_backup_success_timestamp_seconds"
	    "{db=\"a\"} 1735956000"), "and when the last good one was");
	tap_ok(has_line(&b, "pgdumpz_backup_bytes{db=\"a\"} 10"),
	    "and how large");
	tap_ok(strstr(b.data, "db=\"q") == NULL,
	    "a database that is no longer backed up vanishes");
	pairs_free(&p);

	make_pairs(&p, none);
	buf_reset(&b);
	tap_int(metrics_put(&b, NOW + 9, &p, first.data, &e), 0,
	    "a run that came to no database");
	tap_ok(has_line(&b, "pgdumpz_backup_bytes{db=\"a\"} 10"),
	    "keeps what was known");
	buf_reset(&b);
	tap_int(metrics_put(&b, NOW, &p, "pgdumpz_backup_bytes{db=\"a\"} x\n"
	    "pgdumpz_backup_bytes{db=\"b\"} 5", &e), 0, "after a broken file");
	tap_ok(strstr(b.data, "db=") == NULL, "nothing broken is kept");
	pairs_free(&p);
	buf_free(&first);
	buf_free(&b);
}

static void
check_wrong_metrics(void)
{
	static const char *const wrong[][4] = {
		{ "" }, { "seconds=1", "" }, { "exit=x", "" },
		{ "exit=0", "bytes=1", "" }, { "exit=0", "db=a", "" },
		{ "exit=0", "db=a", "exit=0", "" }, { "exit=-1", "" },
		{ "exit=0", "db=a", "ok=", "" }, { "exit=1e3", "" },
	};
	struct buf b = BUF_INIT(16384);
	struct err e = ERR_INIT;
	struct pairs p;
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		make_pairs(&p, wrong[i]);
		tap_int(metrics_put(&b, NOW, &p, "", &e), -1, "wrong %zu", i);
		tap_int(e.kind, ERR_USAGE, "is wrong use");
		pairs_free(&p);
	}
	buf_free(&b);
}

int
main(void)
{
	check_pairs();
	check_events();
	check_numbers();
	check_records();
	check_metrics();
	check_wrong_metrics();
	return tap_done();
}
