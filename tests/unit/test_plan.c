/* plan: every block of every table once, whatever the sizes. */
#include <string.h>

#include "copysql.h"
#include "pgdumpz/plan.h"
#include "tap.h"

#define MIB ((uint64_t)1 << 20)
#define TABLES 200

static struct table items[TABLES];
static struct tables tables = { items, 0 };

static void
reset(size_t n)
{
	size_t i;

	memset(items, 0, sizeof(items));
	tables.len = n;
	for (i = 0; i < n; i++) {
		items[i].oid = (uint32_t)(100 + i);
		items[i].kind = 'r';
		items[i].is_heap = true;
	}
}

/* How often does the plan read that row of that table? */
static unsigned
count_row(const struct plan *p, const struct table *t, uint64_t at)
{
	const struct task *k;
	unsigned n = 0;
	size_t i;

	for (k = p->tasks; k < p->tasks + p->len; k++)
		for (i = 0; i < k->ntables; i++)
			n += k->tables[i] == t && (!k->is_range ||
			    (at >= k->first &&
			    (k->end == 0 || at < k->end)));
	return n;
}

static unsigned
count_reads(const struct plan *p, const struct table *t, uint64_t block)
{
	return count_row(p, t, COPYSQL_AT(block, 1));
}

/* A table of one page with half a gigabyte of TOAST, cut between rows. */
static void
test_cuts(void)
{
	struct plan_input in = { &tables, NULL, 0, true };
	uint64_t cuts[] = { COPYSQL_AT(0, 2), COPYSQL_AT(0, 7),
		COPYSQL_AT(1, 1) };
	struct err e = ERR_INIT;
	struct plan p;
	uint64_t row;

	reset(1);
	items[0].size = 500 * MIB;
	items[0].blocks = 1;
	tap_int((int64_t)plan_ranges(&items[0]), 15, "wanted");
	items[0].cuts = cuts;
	items[0].ncuts = 3;
	tap_int(plan_make(&p, &in, &e), 0, "made");
	tap_int((int64_t)p.len, 4, "a task a cut, and one");
	for (row = 1; row < 10; row++) {
		tap_int(count_row(&p, &items[0], COPYSQL_AT(0, row)), 1,
		    "row %d", (int)row);
		tap_int(count_row(&p, &items[0], COPYSQL_AT(2, row)), 1,
		    "row %d behind them", (int)row);
	}
	plan_free(&p);
}

static void
test_ranges(void)
{
	struct plan_input in = { &tables, NULL, 0, true };
	struct err e = ERR_INIT;
	struct plan p;
	uint64_t b;
	bool once = true;

	reset(3);
	items[0].size = 1000 * MIB;
	items[0].blocks = 1000 * 128;
	items[1].size = 500 * MIB;	/* all of it in TOAST */
	items[1].blocks = 3;
	items[2].size = 5 * MIB;
	items[2].blocks = 640;
	tap_int(plan_make(&p, &in, &e), 0, "made");
	tap_int((int64_t)p.len, 31 + 3 + 1, "tasks of 32 MiB");
	for (b = 0; b < 130000; b++)
		once = once && count_reads(&p, &items[0], b) == 1;
	tap_ok(once, "each block once, new ones too");
	for (b = 0; b < 10; b++)
		tap_int(count_reads(&p, &items[1], b), 1, "block %d", (int)b);
	tap_ok(p.tasks[0].size >= p.tasks[p.len - 1].size, "large ones first");
	tap_int((int64_t)items[0].tasks_left, 31, "a table knows its tasks");
	tap_int((int64_t)items[2].tasks_left, 1, "and one that has one");
	plan_free(&p);

	in.can_range = false;
	tap_int(plan_make(&p, &in, &e), 0, "made");
	tap_int((int64_t)p.len, 3, "without ranges where they are slow");
	plan_free(&p);
	in.can_range = true;
	items[0].is_heap = false;
	items[1].condition = (char *)(uintptr_t)"WHERE true";
	tap_int(plan_make(&p, &in, &e), 0, "made");
	tap_int((int64_t)p.len, 3, "nor of other access methods, conditions");
	plan_free(&p);
}

static void
test_batches(void)
{
	struct plan_lobs lobs[2] = { { 1, 9, 9, 18 * MIB },
		{ 10, 11, 2, 4 * MIB } };
	struct plan_input in = { &tables, lobs, 2, true };
	struct err e = ERR_INIT;
	struct plan p;
	size_t i, most = 0;
	bool once = true;

	reset(TABLES);
	for (i = 0; i < 10; i++)
		items[i].size = 3 * MIB;
	tap_int(plan_make(&p, &in, &e), 0, "made");
	for (i = 0; i < TABLES; i++)
		once = once && count_reads(&p, &items[i], 0) == 1;
	tap_ok(once, "each table once");
	for (i = 0; i < p.len; i++)
		most = p.tasks[i].ntables > most ? p.tasks[i].ntables : most;
	tap_int((int64_t)most, PLAN_BATCH, "small ones together");
	tap_ok(p.len <= 10 + 4 + 2, "in few tasks");
	plan_free(&p);

	reset(0);
	in.nlobs = 0;
	tap_int(plan_make(&p, &in, &e), 0, "nothing to do");
	tap_int((int64_t)p.len, 0, "no tasks");
	plan_free(&p);
}

/* Which tables do the tasks belong to, in their order? */
static void
test_order(void)
{
	struct plan_input in = { &tables, NULL, 0, true };
	struct err e = ERR_INIT;
	struct plan p;
	size_t i, of[4] = { 0 };

	reset(4);
	items[0].size = 80 * MIB;	/* two ranges of 40 */
	items[1].size = 1025 * MIB;	/* 32 of little more than 32 */
	items[2].size = 100 * MIB;	/* one task */
	items[2].is_heap = false;
	items[3].size = MIB;
	for (i = 0; i < 4; i++)
		items[i].blocks = items[i].size / 8192;
	tap_int(plan_make(&p, &in, &e), 0, "made");
	tap_int((int64_t)p.len, 1 + 32 + 2 + 1, "all of them");
	for (i = 0; i < p.len; i++)
		of[i < 1 ? 0 : i < 33 ? 1 : i < 35 ? 2 : 3] +=
		    (size_t)(p.tasks[i].tables[0] - items);
	tap_int((int64_t)of[0], 2, "what can't be split goes first");
	tap_int((int64_t)of[1], 32, "then the largest table, all of it");
	tap_int((int64_t)of[2], 0, "the next, however large its pieces");
	tap_int((int64_t)of[3], 3, "and the small ones");
	plan_free(&p);
}

int
main(void)
{
	test_ranges();
	test_cuts();
	test_batches();
	test_order();
	return tap_done();
}
