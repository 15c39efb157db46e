/*
 * Enough pieces that connections end at nearly the same time, and not so many
 * that starting them shows.
 */
#include <stdlib.h>
#include <string.h>

#include "copysql.h"
#include "mem.h"
#include "plan.h"

#define RANGES_MAX 4096			/* of a table */
#define BATCH_BYTES ((uint64_t)4 << 20)

size_t
plan_ranges(const struct table *t)
{
	uint64_t n = t->size / PLAN_RANGE;

	if (!t->is_heap || t->condition != NULL || n < 2)
		return 1;
	return n < RANGES_MAX ? (size_t)n : RANGES_MAX;
}

static size_t
count_ranges(const struct table *t, bool can_range)
{
	size_t n = plan_ranges(t);

	if (!can_range || n == 1)
		return 1;
	if (t->ncuts > 0)
		return t->ncuts + 1;
	return n < t->blocks ? n : t->blocks > 0 ? (size_t)t->blocks : 1;
}

/* Where the range i of n begins. */
static uint64_t
start_of(const struct table *t, size_t i, size_t n)
{
	if (t->ncuts > 0)
		return i == 0 ? 0 : t->cuts[i - 1];
	return COPYSQL_AT(t->blocks * i / n, 0);
}

/* By size, large ones first; the OID makes it the same each time. */
static int
compare_tables(const void *a, const void *b)
{
	const struct table *x = *(struct table *const *)a;
	const struct table *y = *(struct table *const *)b;

	if (x->size != y->size)
		return x->size < y->size ? 1 : -1;
	return (x->oid > y->oid) - (x->oid < y->oid);
}

/* What can't be shared out in the end goes first, then the largest tables. */
static uint64_t
urgency(const struct task *k)
{
	if (k->size >= PLAN_LARGE)
		return UINT64_MAX;
	return k->is_range ? k->tables[0]->size : k->size;
}

static int
compare_tasks(const void *a, const void *b)
{
	const struct task *x = a, *y = b;
	uint64_t one = urgency(x), other = urgency(y);

	if (one != other)
		return one < other ? 1 : -1;
	if (x->size != y->size)
		return x->size < y->size ? 1 : -1;
	/* neighbours in a file stay neighbours in time */
	if (x->tables != y->tables)
		return x->tables < y->tables ? -1 : 1;
	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return (x->lo_first > y->lo_first) - (x->lo_first < y->lo_first);
}

static void
add_ranges(struct plan *p, struct table **t, size_t n)
{
	struct task *k;
	size_t i;

	(*t)->tasks_left = n;
	for (i = 0; i < n; i++) {
		k = &p->tasks[p->len++];
		k->tables = t;
		k->ntables = 1;
		k->size = (*t)->size / n;
		if (n == 1)
			continue;
		k->is_range = true;
		k->first = start_of(*t, i, n);
		k->end = i + 1 < n ? start_of(*t, i + 1, n) : 0;
	}
}

/* Tables from t on, up to end, in one task; returns how many. */
static size_t
add_batch(struct plan *p, struct table **t, size_t left)
{
	struct task *k = &p->tasks[p->len++];

	k->tables = t;
	do {
		k->size += t[k->ntables]->size;
		t[k->ntables++]->tasks_left = 1;
	} while (k->ntables < left && k->ntables < PLAN_BATCH &&
	    k->size + t[k->ntables]->size <= BATCH_BYTES);
	return k->ntables;
}

static void
add_lobs(struct plan *p, const struct plan_lobs *l)
{
	struct task *k = &p->tasks[p->len++];

	k->lo_first = l->first;
	k->lo_last = l->last;
	k->size = l->size;
}

static size_t
count_tasks(const struct plan_input *in)
{
	size_t n = in->nlobs, i;

	for (i = 0; i < in->tables->len; i++)
		n += count_ranges(&in->tables->items[i], in->can_range);
	return n;
}

int
plan_make(struct plan *p, const struct plan_input *in, struct err *e)
{
	size_t n = in->tables->len, i, ranges;

	memset(p, 0, sizeof(*p));
	p->tasks = mem_new(count_tasks(in), sizeof(*p->tasks), e);
	p->order = mem_new(n, sizeof(struct table *), e);
	if (p->tasks == NULL || p->order == NULL) {
		plan_free(p);
		return -1;
	}
	for (i = 0; i < n; i++)
		p->order[i] = &in->tables->items[i];
	qsort(p->order, n, sizeof(struct table *), compare_tables);
	for (i = 0; i < n; ) {
		ranges = count_ranges(p->order[i], in->can_range);
		if (ranges > 1) {
			add_ranges(p, &p->order[i], ranges);
			i++;
		} else
			i += add_batch(p, &p->order[i], n - i);
	}
	for (i = 0; i < in->nlobs; i++)
		add_lobs(p, &in->lobs[i]);
	qsort(p->tasks, p->len, sizeof(*p->tasks), compare_tasks);
	for (i = 0; i < p->len; i++)
		p->size += p->tasks[i].size;
	return 0;
}

void
plan_free(struct plan *p)
{
	free(p->tasks);
	free(p->order);
	memset(p, 0, sizeof(*p));
}
