/*
 * The retention policy, as a table. An item is its time, then ! when it has no
 * seal or ? when that can't be seen, then what must become of it:
 *
 *   =-  deleted      =l last   =D days   =d daily   =w weekly   =m monthly
 *   =y yearly        =! kept for want of a seal     => ahead of the clock
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/retain.h"
#include "lib/utc.h"
#include "sys.h"
#include "tap.h"

#define ITEMS_MAX 64
#define N RETAIN_NONE

struct retain_case {
	const char *what;
	struct retain_policy policy;	/* days, last, d, w, m, y */
	const char *now;
	const char *items;
};

static const struct retain_case cases[] = {
	{ "nothing there", { 30, N, N, N, N, N }, "20240601_000000", "" },
	{ "a single old one stays", { 30, N, N, N, N, N }, "20240601_000000",
	  "20200101_020000=lD" },
	{ "days: age N x 24 h stays, a second more goes",
	  { 30, N, N, N, N, N }, "20240131_020000",
	  "20240131_020000=lD 20240101_020000=D 20240101_015959=-" },
	{ "days 0: all but the newest", { 0, N, N, N, N, N },
	  "20240131_030000",
	  "20240131_020000=lD 20240131_015959=- 20240130_020000=-" },
	{ "all expired by the clock: age is from the newest",
	  { 2, N, N, N, N, N }, "20250101_000000",
	  "20240110_020000=lD 20240109_020000=D 20240108_020000=D "
	  "20240107_020000=-" },
	{ "keep-last", { N, 2, N, N, N, N }, "20240601_000000",
	  "20240101_020000=- 20240103_020000=l 20240102_020000=l" },
	{ "keep-last above what there is", { N, 9, N, N, N, N },
	  "20240601_000000", "20240101_020000=l 20240103_020000=l" },
	{ "the largest keep-last", { N, UINT64_MAX - 1, N, N, N, N },
	  "20240601_000000", "20240101_020000=l 20240103_020000=l" },
	{ "days and keep-last: either keeps", { 1, 3, N, N, N, N },
	  "20240110_020000",
	  "20240110_020000=lD 20240105_020000=l 20240104_020000=l "
	  "20240103_020000=-" },
	{ "daily: the newest of each day", { N, N, 2, N, N, N },
	  "20240110_235900",
	  "20240110_230000=ld 20240110_010000=- 20240109_235959=d "
	  "20240109_000000=- 20240108_235959=-" },
	{ "daily: days without one don't count", { N, N, 3, N, N, N },
	  "20240310_120000",
	  "20240310_020000=ld 20240201_020000=d 20230101_020000=d "
	  "20221231_020000=-" },
	{ "weekly: Sunday ends the week", { N, N, N, 2, N, N },
	  "20240115_120000",	/* a Monday */
	  "20240115_000000=lw 20240114_235959=w 20240108_000000=- "
	  "20240107_235959=-" },
	{ "weekly: 2020 has a week 53, to 3 January",
	  { N, N, N, 3, N, N }, "20210105_120000",
	  "20210104_000000=lw 20210103_235959=w 20201231_020000=- "
	  "20201228_000000=- 20201227_235959=w 20201220_020000=-" },
	{ "weekly: 30 December 2024 is in week 1 of 2025",
	  { N, N, N, 2, N, N }, "20250106_000000",
	  "20250105_020000=lw 20250101_020000=- 20241230_000000=- "
	  "20241229_235959=w" },
	{ "weekly: 2022 begins in week 52 of 2021",
	  { N, N, N, 2, N, N }, "20220104_000000",
	  "20220103_020000=lw 20220102_020000=w 20220101_020000=- "
	  "20211227_000000=-" },
	{ "weekly: the same week of two years", { N, N, N, 2, N, N },
	  "20240201_000000",
	  "20240103_020000=lw 20230104_020000=w 20220105_020000=-" },
	{ "monthly: leap day", { N, N, N, N, 2, N }, "20240301_120000",
	  "20240301_000000=lm 20240229_235959=m 20240228_235959=- "
	  "20240131_235959=-" },
	{ "monthly: the same month of two years", { N, N, N, N, 2, N },
	  "20240301_120000",
	  "20240215_020000=lm 20230215_020000=m 20220215_020000=-" },
	{ "yearly: year's end", { N, N, N, N, N, 2 }, "20240102_000000",
	  "20240101_000000=ly 20231231_235959=y 20230101_000000=- "
	  "20221231_235959=-" },
	{ "days over a leap day", { 366, N, N, N, N, N }, "20250101_000000",
	  "20250101_000000=lD 20240101_000000=D 20231231_235959=-" },
	{ "daily, weekly, monthly, yearly together",
	  { N, N, 2, 2, 2, 2 }, "20240401_120000",
	  "20240401_020000=ldwmy 20240331_020000=dwm 20240330_020000=- "
	  "20240324_020000=- 20240229_020000=- 20231231_020000=y "
	  "20221231_020000=-" },
	{ "the night that summer time ends: 02:30 twice, local",
	  { N, N, 1, N, N, N }, "20241027_120000",
	  "20241027_013000=ld 20241027_003000=- 20241026_235959=-" },
	{ "and keep-last 2 keeps both", { N, 2, N, N, N, N },
	  "20241027_120000",
	  "20241027_013000=l 20241027_003000=l 20241026_013000=-" },
	{ "days over the night that summer time begins",
	  { 1, N, N, N, N, N }, "20240331_013000",
	  "20240331_013000=lD 20240330_013000=D 20240330_012959=-" },
	{ "ties share their fate", { N, 1, N, N, N, N }, "20240601_000000",
	  "20240102_020000=l 20240102_020000?=l 20240101_020000=- "
	  "20240101_020000?=-" },
	{ "ties count once", { N, 2, N, N, N, N }, "20240601_000000",
	  "20240103_020000=l 20240103_020000=l 20240102_020000=l "
	  "20240101_020000=-" },
	{ "a tie with an unsealed one", { N, 1, N, N, N, N },
	  "20240601_000000",
	  "20240102_020000!=! 20240102_020000=l 20240101_020000=-" },
	{ "unsealed ones count for nothing", { N, 1, N, N, N, N },
	  "20240601_000000",
	  "20240105_020000!=! 20240104_020000!=! 20240103_020000=l "
	  "20240102_020000=- 20240101_020000!=!" },
	{ "only unsealed ones: all stay", { 0, 1, N, N, N, N },
	  "20240601_000000", "20240105_020000!=! 20200104_020000!=!" },
	{ "an unsealed one does not push a day aside",
	  { N, N, 2, N, N, N }, "20240601_000000",
	  "20240105_230000!=! 20240105_020000=ld 20240104_020000!=! "
	  "20240103_020000=d 20240102_020000=-" },
	{ "age is not counted from an unsealed one",
	  { 2, N, N, N, N, N }, "20240601_000000",
	  "20240510_020000!=! 20240103_020000=lD 20240101_020000=D "
	  "20231231_020000=-" },
	{ "unverified ones count", { N, 1, N, N, N, N }, "20240601_000000",
	  "20240105_020000?=l 20240104_020000=- 20240103_020000?=-" },
	{ "clock far ahead: nothing good goes", { 30, N, N, N, N, N },
	  "20401231_000000",
	  "20240130_020000=lD 20240115_020000=D 20240101_020000=D" },
	{ "clock far behind: all are ahead of it", { 0, 1, N, N, N, N },
	  "20200101_000000", "20240130_020000=> 20240115_020000=>" },
	{ "clock a bit behind: what is ahead counts for nothing",
	  { 1, N, N, N, N, N }, "20240110_000000",
	  "20240130_020000=> 20240111_020001=> 20240110_220000=lD "
	  "20240109_000000=D 20240108_235959=-" },
	{ "26 h ahead is still believed", { N, 1, N, N, N, N },
	  "20240110_000000",
	  "20240111_020000=l 20240110_000000=- 20240111_020001=>" },
	{ "one name in 2099 does not expire the rest",
	  { 7, N, N, N, N, N }, "20240110_000000",
	  "20990101_020000=> 20240109_020000=lD 20240103_020000=D" },
	{ "one unsealed in 2099", { 7, N, N, N, N, N }, "20240110_000000",
	  "20990101_020000!=> 20240109_020000=lD" },
	{ "only ones in the future", { N, 1, N, N, N, N }, "20240110_000000",
	  "20990102_020000=> 20990101_020000=>" },
	{ "years 1 and 9999", { 1000000, N, N, N, N, N }, "20240110_000000",
	  "99991231_235959=> 00010101_000000=lD" },
};

static uint8_t
rule_of(char letter)
{
	static const char letters[] = "lDdwmy!>";

	return (uint8_t)(1u << (strchr(letters, letter) - letters));
}

static int64_t
time_of(const char *text)
{
	int64_t t = 0;

	if (utc_parse_name(text, &t) != 0)
		tap_ok(false, "bad time in the table: %s", text);
	return t;
}

/* Read the items of a case; expected[] is by id. */
static size_t
read_items(const char *text, struct retain_item *items, uint8_t *expected)
{
	size_t n = 0;

	for (; *text != '\0' && n < ITEMS_MAX; n++) {
		memset(&items[n], 0, sizeof(items[n]));
		items[n].time = time_of(text);
		items[n].id = (uint32_t)n;
		items[n].why = 0xff;
		text += 15;
		items[n].state = *text == '!' ? RETAIN_UNSEALED :
		    *text == '?' ? RETAIN_UNVERIFIED : RETAIN_WHOLE;
		text += *text != '=';
		expected[n] = 0;
		for (text++; *text != '\0' && *text != ' '; text++)
			if (*text != '-')
				expected[n] |= rule_of(*text);
		text += *text == ' ';
	}
	return n;
}

static void
test_case(const struct retain_case *c)
{
	struct retain_item items[ITEMS_MAX];
	uint8_t expected[ITEMS_MAX];
	struct retain_set set = { items, read_items(c->items, items,
	    expected) };
	char time[UTC_TEXT];
	size_t i, wrong = 0;

	retain_mark(&set, &c->policy, time_of(c->now));
	for (i = 0; i < set.len; i++) {
		if (items[i].why == expected[items[i].id])
			continue;
		wrong++;
		tap_note("%s: got %02x, expected %02x",
		    utc_format_name(time, items[i].time), items[i].why,
		    expected[items[i].id]);
	}
	tap_ok(wrong == 0, "%s", c->what);
}

static void
test_policy(void)
{
	static const struct {
		struct retain_policy policy;
		bool fine;
		const char *what;
	} policies[] = {
		{ RETAIN_POLICY_INIT, false, "empty" },
		{ { N, N, 0, 0, 0, 0 }, false, "all periods zero" },
		{ { N, 0, N, N, N, N }, false, "keep-last 0" },
		{ { 30, 0, N, N, N, N }, false, "keep-last 0 and days" },
		{ { 1000001, N, N, N, N, N }, false, "too many days" },
		{ { UINT64_MAX - 1, N, N, N, N, N }, false, "far too many" },
		{ { 0, N, N, N, N, N }, true, "days 0" },
		{ { N, 1, N, N, N, N }, true, "keep-last 1" },
		{ { N, N, N, N, N, 1 }, true, "yearly 1" },
		{ { N, N, 7, 0, 0, 0 }, true, "daily 7, others 0" },
	};
	struct err e = ERR_INIT;
	size_t i;
	int rc;

	for (i = 0; i < sizeof(policies) / sizeof(policies[0]); i++) {
		rc = retain_check_policy(&policies[i].policy, &e);
		tap_ok(policies[i].fine ? rc == 0 : rc == -1 &&
		    e.kind == ERR_USAGE, "policy: %s", policies[i].what);
	}
}

static void
test_reason(void)
{
	static const struct { uint8_t state, why; const char *text; } all[] = {
		{ RETAIN_WHOLE, 0, "no rule keeps it" },
		{ RETAIN_WHOLE, RETAIN_BY_LAST, "last" },
		{ RETAIN_UNVERIFIED, RETAIN_BY_LAST | RETAIN_BY_WEEKLY,
		  "last, weekly; unverified" },
		{ RETAIN_UNVERIFIED, 63, "last, days, daily, weekly, "
		  "monthly, yearly; unverified" },
		{ RETAIN_UNSEALED, RETAIN_IS_UNSEALED,
		  "no seal: not counted" },
		{ RETAIN_WHOLE, RETAIN_IS_AHEAD,
		  "ahead of the clock: not counted" },
	};
	char out[RETAIN_REASON_MAX];
	struct retain_item item;
	size_t i;

	memset(&item, 0, sizeof(item));
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		item.state = all[i].state;
		item.why = all[i].why;
		tap_text(retain_reason(out, &item), all[i].text, "reason");
	}
}

/* A generator of its own, so that a failure can be had again. */
static uint32_t
draw(uint64_t *seed, uint32_t below)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33) % below;
}

static uint64_t
draw_rule(uint64_t *seed, uint32_t below)
{
	return draw(seed, 2) == 0 ? N : draw(seed, below);
}

static size_t
draw_set(uint64_t *seed, struct retain_item *items, int64_t now)
{
	static const uint32_t spans[] = { 4, 100000, 5000000, 100000000 };
	uint32_t span = spans[draw(seed, 4)];
	size_t len = draw(seed, 40) + 1, i;

	for (i = 0; i < len; i++) {
		memset(&items[i], 0, sizeof(items[i]));
		items[i].time = now + 200000 - draw(seed, span);
		items[i].id = (uint32_t)i;
		items[i].state = (uint8_t)draw(seed, 3);
	}
	return len;
}

/* What the whole set keeps, each part of it keeps. */
static bool
part_keeps_as_much(uint64_t *seed, const struct retain_set *whole,
	const struct retain_policy *policy, int64_t now)
{
	struct retain_item items[ITEMS_MAX];
	struct retain_set part = { items, 0 };
	uint8_t kept[ITEMS_MAX] = { 0 };
	size_t i;

	for (i = 0; i < whole->len; i++) {
		kept[whole->items[i].id] = whole->items[i].why;
		if (draw(seed, 3) != 0)
			items[part.len++] = whole->items[i];
	}
	retain_mark(&part, policy, now);
	for (i = 0; i < part.len; i++)
		if (kept[items[i].id] != 0 && items[i].why == 0)
			return false;
	return true;
}

static bool
holds(uint64_t *seed)
{
	struct retain_policy p = { draw_rule(seed, 60), 1, 0, 0, 0, 0 };
	struct retain_item items[ITEMS_MAX];
	struct retain_set set = { items, 0 };
	int64_t now = 1700000000 + (int64_t)draw(seed, 1000000000);
	bool kept = false, counted = false;
	size_t i;

	p.keep_last = draw(seed, 2) == 0 ? N : 1 + draw(seed, 5);
	p.daily = draw_rule(seed, 9);
	p.weekly = draw_rule(seed, 9);
	p.monthly = draw_rule(seed, 9);
	p.yearly = draw_rule(seed, 5);
	set.len = draw_set(seed, items, now);
	retain_mark(&set, &p, now);
	for (i = 0; i < set.len; i++) {
		kept |= items[i].why != 0;
		if (items[i].state == RETAIN_UNSEALED && items[i].why == 0)
			return false;
		if (i > 0 && items[i].time > items[i - 1].time)
			return false;
		/* the newest that counts is kept, whatever the policy */
		if (items[i].state == RETAIN_UNSEALED ||
		    items[i].why == RETAIN_IS_AHEAD)
			continue;
		if (!counted && (items[i].why & RETAIN_BY_LAST) == 0)
			return false;
		counted = true;
	}
	return kept && part_keeps_as_much(seed, &set, &p, now);
}

int
main(void)
{
	uint64_t seed = 20240229, before;
	size_t i;

	/* the machine's time zone must not matter */
	sys_set_env("TZ", "Europe/Berlin");
	tzset();
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		test_case(&cases[i]);
	test_policy();
	test_reason();
	for (i = 0; i < 100000; i++) {
		before = seed;
		if (!holds(&seed))
			break;
	}
	tap_ok(i == 100000, "100,000 random sets keep the promises");
	if (i != 100000)
		tap_note("seed %llu", (unsigned long long)before);
	return tap_done();
}
