/*
 * The record of runs: a file of lines, each one object of JSON that holds the
 * SHA-256 of the line before it, so that no line can be changed, taken out or
 * put in between without all the later ones telling. Whoever keeps one of the
 * sums elsewhere can tell also that the end was cut off or all of it made anew.
 *
 * What a crash left of a record stays where it is: the next record's "torn" is
 * the SHA-256 of that, its "prev" that of the last whole record before.
 */
#ifndef CHAIN_H
#define CHAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "hash.h"
#include "pairs.h"

#define CHAIN_LINE_MAX (1024u * 1024)
#define CHAIN_VALUE_MAX (64u * 1024)	/* longer ones are cut, as in the log */

struct chain_head {
	char sha256[HASH_HEX_MAX];	/* of the last record; zeros: none */
	char torn[HASH_HEX_MAX];	/* of what follows it, or "" */
	uint64_t records;
	bool found;			/* the sum that was looked for */
};

struct chain_record {
	int64_t now;			/* UTC seconds */
	const char *run;		/* NULL: written as "" */
	const struct pairs *pairs;
};

/* The head of a file without records. */
void chain_head_init(struct chain_head *head);

/*
 * Append to out one record: prev, torn if any, time, run, and the pairs in
 * their order. Decimal numbers of up to 15 digits become numbers, but for the
 * keys whose values are names: db, name, host, user, key, reason, hint.
 * ERR_USAGE when a key comes twice. Pure; no newline.
 */
int chain_put(struct buf *out, const struct chain_head *head,
	const struct chain_record *record, struct err *e);

/*
 * Add a record to the file at path, made if need be: under a lock, synced
 * before this returns, all of it or nothing. What a crash has torn is
 * reported in *was_torn. sha256 gets the sum of the new one.
 */
int chain_append(const char *path, const struct chain_record *record,
	char sha256[HASH_HEX_MAX], bool *was_torn, struct err *e);

/*
 * Walk the file. head tells its count and last sum, and whether a record has
 * the sum wanted (hex, or NULL). ERR_VERDICT naming the first line that does
 * not fit, a torn last line included, or when there is no record at all.
 */
int chain_check(const char *path, const char *wanted, struct chain_head *head,
	struct err *e);

#endif
