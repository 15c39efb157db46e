/*
 * One walk from the newest to the oldest: every rule takes what it wants,
 * and what no rule has taken goes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "retain.h"
#include "utc.h"

#define DAY 86400
#define DAYS_MAX 1000000	/* keeps days × DAY far from overflow */

/* Keeps the newest of each of so many most recent periods. */
struct period_rule {
	enum retain_rule rule;
	int64_t (*period_of)(int64_t time);
	uint64_t left;
	bool started;
	int64_t current;
};

static int64_t
period_time(int64_t time)
{
	return time;	/* what happened in one second is one backup */
}

static int64_t
period_day(int64_t time)
{
	struct utc t = utc_split(time);

	return (t.year * 100 + t.month) * 100 + t.day;
}

static int64_t
period_week(int64_t time)
{
	int year, week;

	utc_iso_week(time, &year, &week);
	return year * 100 + week;
}

static int64_t
period_month(int64_t time)
{
	struct utc t = utc_split(time);

	return t.year * 100 + t.month;
}

static int64_t
period_year(int64_t time)
{
	return utc_split(time).year;
}

/* Times come newest first. Does the rule want the first of that time? */
static bool
wants(struct period_rule *r, int64_t time)
{
	int64_t period = r->period_of(time);

	if (r->left == 0 || (r->started && r->current == period))
		return false;
	r->started = true;
	r->current = period;
	r->left--;
	return true;
}

static uint64_t
count_of(uint64_t given, uint64_t otherwise)
{
	return given == RETAIN_NONE ? otherwise : given;
}

static int
compare_items(const void *a, const void *b)
{
	const struct retain_item *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? 1 : -1;
	return x->id < y->id ? -1 : x->id > y->id;
}

/* A sort takes as much memory again; most sets come sorted. */
static void
sort_items(struct retain_set *set)
{
	size_t i;

	for (i = 1; i < set->len; i++)
		if (compare_items(&set->items[i - 1], &set->items[i]) > 0)
			break;
	if (i < set->len)
		qsort(set->items, set->len, sizeof(set->items[0]),
		    compare_items);
}

bool
retain_is_ahead(int64_t time, int64_t now)
{
	return time > now + RETAIN_AHEAD;
}

/* Mark what no rule may touch; returns the time that age counts from. */
static int64_t
mark_outsiders(struct retain_set *set, int64_t now)
{
	bool found = false;
	int64_t from = now;
	size_t i;

	for (i = 0; i < set->len; i++) {
		struct retain_item *item = &set->items[i];

		item->why = 0;
		if (retain_is_ahead(item->time, now))
			item->why = RETAIN_IS_AHEAD;
		else if (item->state == RETAIN_UNSEALED)
			item->why = RETAIN_IS_UNSEALED;
		else if (!found) {
			found = true;
			from = item->time < now ? item->time : now;
		}
	}
	return from;
}

void
retain_mark(struct retain_set *set, const struct retain_policy *policy,
	int64_t now)
{
	struct period_rule rules[] = {
		{ RETAIN_BY_LAST, period_time,
		  count_of(policy->keep_last, 1), false, 0 },
		{ RETAIN_BY_DAILY, period_day,
		  count_of(policy->daily, 0), false, 0 },
		{ RETAIN_BY_WEEKLY, period_week,
		  count_of(policy->weekly, 0), false, 0 },
		{ RETAIN_BY_MONTHLY, period_month,
		  count_of(policy->monthly, 0), false, 0 },
		{ RETAIN_BY_YEARLY, period_year,
		  count_of(policy->yearly, 0), false, 0 },
	};
	struct retain_item *item, *last = NULL;
	int64_t from;
	size_t i, r;

	sort_items(set);
	from = mark_outsiders(set, now);
	for (i = 0; i < set->len; i++) {
		item = &set->items[i];
		if (item->why != 0)
			continue;
		if (last != NULL && last->time == item->time) {
			item->why = last->why;
			continue;
		}
		last = item;
		for (r = 0; r < sizeof(rules) / sizeof(rules[0]); r++)
			if (wants(&rules[r], item->time))
				item->why |= (uint8_t)rules[r].rule;
		if (policy->days != RETAIN_NONE &&
		    from - item->time <= (int64_t)policy->days * DAY)
			item->why |= RETAIN_BY_DAYS;
	}
}

const char *
retain_reason(char out[RETAIN_REASON_MAX], const struct retain_item *item)
{
	static const char *const names[] = { "last", "days", "daily",
		"weekly", "monthly", "yearly" };
	size_t i, used = 0;

	out[0] = '\0';
	if (item->why == RETAIN_IS_UNSEALED)
		return "no seal: not counted";
	if (item->why == RETAIN_IS_AHEAD)
		return "ahead of the clock: not counted";
	if (item->why == 0)
		return "no rule keeps it";
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if ((item->why & 1u << i) != 0)
			used += (size_t)snprintf(out + used,
			    RETAIN_REASON_MAX - used, "%s%s",
			    used != 0 ? ", " : "", names[i]);
	if (item->state == RETAIN_UNVERIFIED)
		(void)snprintf(out + used, RETAIN_REASON_MAX - used,
		    "; unverified");
	return out;
}

int
retain_check_policy(const struct retain_policy *policy, struct err *e)
{
	if (policy->keep_last == 0)
		return err_set(e, ERR_USAGE,
		    "--keep-last must be at least 1: the newest always stays");
	if (policy->days != RETAIN_NONE && policy->days > DAYS_MAX)
		return err_set(e, ERR_USAGE, "--days is above %d", DAYS_MAX);
	if (policy->days != RETAIN_NONE || policy->keep_last != RETAIN_NONE)
		return 0;
	if (count_of(policy->daily, 0) != 0 ||
	    count_of(policy->weekly, 0) != 0 ||
	    count_of(policy->monthly, 0) != 0 ||
	    count_of(policy->yearly, 0) != 0)
		return 0;
	err_set(e, ERR_USAGE, "no rule says what to keep");
	return err_hint(e, "give --days, --keep-last, --daily, --weekly, "
	    "--monthly or --yearly");
}
