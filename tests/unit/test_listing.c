/*
 * Which backup is meant, and what a list of them looks like.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/os.h"
#include "step/listing.h"
#include "tap.h"

#define NOW 1704074400	/* 2024-01-01 02:00:00 UTC */

static const char s3ls[] =
	"                           PRE old/\n"
	"2024-01-01 01:00:01       4096 app_20240101_010000.sql.gz\n"
	"2023-12-31 01:00:01       1234 app_20231231_010000.sql.gz.age\n"
	"2023-12-31 01:00:01       1234 app_x_20231231_010000.sql.gz\n"
	"2023-12-30 01:00:01          0 app_20231230_010000.sql.gz\r\n"
	"2023-12-30 01:00:01          7 notes.txt\n"
	"2023-12-29 01:00:01 4294967296 app_20231229_010000.sql.gz";

/* Items are borrowed here, in the order in which they are sorted. */
static void
fill(struct listing *l, struct listing_item *items, size_t len)
{
	l->items = items;
	l->len = len;
}

static void
test_text(void)
{
	struct listing l = LISTING_INIT;
	struct err e = ERR_INIT;
	struct buf out = BUF_INIT(4096);

	tap_int(listing_add_text(&l, s3ls, "app", &e), 0, "s3ls is read");
	tap_int((int64_t)l.len, 3, "backups of that name, without empty ones");
	listing_sort(&l);
	listing_print(&l, NOW, &out);
	tap_text(buf_text(&out),
	    "   1h 00m          4096 remote  app_20240101_010000.sql.gz\n"
	    "  25h 00m          1234 remote  app_20231231_010000.sql.gz.age\n"
	    "   3d 01h    4294967296 remote  app_20231229_010000.sql.gz\n",
	    "the list");
	buf_free(&out);
	listing_free(&l);
	tap_int((int64_t)l.len, 0, "freed");
	tap_ok(listing_has_name(s3ls, "notes.txt"), "an object is there");
	tap_ok(!listing_has_name(s3ls, "notes.tx") &&
	    !listing_has_name(s3ls, "old/") && !listing_has_name("", "a"),
	    "others are not");
	tap_int(listing_add_text(&l, "", "app", &e), 0, "nothing is fine");
	tap_int(listing_add_text(&l, "2024-01-01 01:00:01 5 "
	    "an%20odd%2Fone_20240101_010000.sql.gz\n", "an odd/one", &e), 0,
	    "an odd name");
	tap_int((int64_t)l.len, 1, "is found as it is encoded");
	listing_free(&l);
}

static void
test_choose(void)
{
	struct listing_item items[] = {
		{ (char *)(uintptr_t)"far", NOW + 93601, 1, false },
		{ (char *)(uintptr_t)"ahead", NOW + 93600, 1, false },
		{ (char *)(uintptr_t)"here", NOW - 7200, 1, false },
		{ (char *)(uintptr_t)"there", NOW - 7200, 1, true },
		{ (char *)(uintptr_t)"old", NOW - 86400, 1, true },
	};
	struct listing l;
	const struct listing_item *chosen;
	struct buf out = BUF_INIT(4096);
	size_t ahead;

	fill(&l, items, 5);
	chosen = listing_choose(&l, "", NOW, &ahead);
	tap_int((int64_t)ahead, 1, "one is dated too far ahead");
	tap_text(chosen->name, "ahead", "a day is believed");
	chosen = listing_choose(&l, "20240101_000001", NOW, &ahead);
	tap_text(chosen->name, "here", "before a limit, the copy here");
	chosen = listing_choose(&l, "20240101_000000", NOW, &ahead);
	tap_text(chosen->name, "old", "a limit is not before itself");
	tap_ok(listing_choose(&l, "20231231_000000", NOW, &ahead) == NULL,
	    "none is that old");
	fill(&l, items, 1);
	tap_ok(listing_choose(&l, "", NOW, &ahead) == NULL && ahead == 1,
	    "none is believed");
	fill(&l, items, 0);
	tap_ok(listing_choose(&l, "", NOW, &ahead) == NULL && ahead == 0,
	    "there is none");
	fill(&l, items, 2);
	listing_print(&l, NOW, &out);
	tap_text(buf_text(&out),
	    "  26h 00m             1  local  far  (dated ahead of the clock)\n"
	    "  26h 00m             1  local  ahead  (dated ahead of the clock)\n",
	    "the list says so");
	buf_free(&out);
}

static void
test_sort(void)
{
	struct listing_item items[] = {
		{ (char *)(uintptr_t)"c", NOW, 1, true },
		{ (char *)(uintptr_t)"b", NOW, 1, false },
		{ (char *)(uintptr_t)"d", NOW - 1, 1, false },
		{ (char *)(uintptr_t)"a", NOW + 1, 1, true },
	};
	struct listing l;
	char got[5] = "";
	size_t i;

	fill(&l, items, 4);
	listing_sort(&l);
	for (i = 0; i < l.len; i++)
		got[i] = l.items[i].name[0];
	tap_text(got, "abcd", "newest first, local before remote");
}

/* A file in dir; path is where. */
static void
make(char path[512], const char *dir, const char *name, const char *text)
{
	struct err e = ERR_INIT;
	int fd;

	(void)snprintf(path, 512, "%s/%s", dir, name);
	fd = os_create(path, &e);
	tap_ok(fd >= 0 && os_write(fd, text, strlen(text), &e) == 0 &&
	    os_close(fd, &e) == 0, "made %s", name);
}

/* Others may be testing in the same directory. */
static void
test_dir(const char *dir)
{
	static const char *const endings[] = { "_20240101_010000.sql.gz",
		"_20240101_010001.sql.gz", "x_20240101_010000.sql.gz" };
	struct listing l = LISTING_INIT;
	struct err e = ERR_INIT;
	char label[32], name[64], paths[3][512];
	unsigned chance = 0;
	size_t i;

	(void)os_random(&chance, sizeof(chance), &e);
	(void)snprintf(label, sizeof(label), "listing %u", chance);
	for (i = 0; i < 3; i++) {
		(void)snprintf(name, sizeof(name), "listing%%20%u%s", chance,
		    endings[i]);
		make(paths[i], dir, name, i == 1 ? "" : "text");
	}
	tap_int(listing_add_dir(&l, dir, label, &e), 0, "a directory");
	tap_ok(l.len == 1 && strcmp(l.items[0].name, strrchr(paths[0], '/') +
	    1) == 0 && l.items[0].size == 4 && !l.items[0].is_remote &&
	    l.items[0].time == NOW - 3600, "what is in it");
	for (i = 0; i < 3; i++)
		(void)os_unlink(paths[i], &e);
	listing_free(&l);
	tap_int(listing_add_dir(&l, "nonesuch/at all", label, &e), 0,
	    "none that is not there");
	tap_int((int64_t)l.len, 0, "has nothing");
}

int
main(void)
{
	struct err e = ERR_INIT;
	char *dir = os_temp_dir(&e);

	test_text();
	test_choose();
	test_sort();
	test_dir(dir != NULL ? dir : ".");
	free(dir);
	return tap_done();
}
