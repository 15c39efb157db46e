/*
 * Small parts first, since most backups are small and memory is per part;
 * larger ones while the number of parts left goes down.
 */
#include <string.h>

#include "num.h"
#include "partsize.h"

#define MIB ((uint64_t)1 << 20)
#define FIRST (8 * MIB)

static void
add_step(struct partsize *plan, unsigned last, uint64_t bytes)
{
	unsigned before = plan->count == 0 ? 0 :
	    plan->steps[plan->count - 1].last;

	if (last <= before)
		return;
	plan->steps[plan->count].last = last;
	plan->steps[plan->count].bytes = bytes;
	plan->count++;
	plan->capacity += (last - before) * bytes;
}

/* For a length that nobody knows. */
static void
plan_unknown(struct partsize *plan, unsigned max_parts)
{
	static const struct {
		unsigned last;
		uint64_t bytes;
	} steps[PARTSIZE_STEPS] = {
		{ 1000, 8 * MIB },
		{ 3000, 16 * MIB },
		{ 8800, 40 * MIB },
		{ 8900, 512 * MIB },
		{ 9000, 2048 * MIB },
		{ 10000, PARTSIZE_MAX },
	};
	unsigned i;

	for (i = 0; i < PARTSIZE_STEPS; i++)
		add_step(plan, steps[i].last * max_parts / PARTSIZE_COUNT_MAX,
		    steps[i].bytes);
}

/* For a length that is known, or nearly. */
static void
plan_expected(struct partsize *plan, unsigned max_parts, uint64_t expected)
{
	unsigned most = max_parts > 1 ? max_parts - (max_parts + 9) / 10 : 1;
	uint64_t bytes = (expected / most / MIB + 1) * MIB;

	if (bytes > PARTSIZE_MAX)
		bytes = PARTSIZE_MAX;
	add_step(plan, most, bytes < FIRST ? FIRST : bytes);
	add_step(plan, max_parts, PARTSIZE_MAX);
}

static int
check_options(const struct partsize_options *options, struct err *e)
{
	uint64_t bytes = options->part_bytes;

	if (options->max_parts > PARTSIZE_COUNT_MAX)
		return err_set(e, ERR_USAGE,
		    "--max-parts: S3 takes 1 to %u parts", PARTSIZE_COUNT_MAX);
	if (bytes != 0 && (bytes < PARTSIZE_MIN || bytes > PARTSIZE_MAX))
		return err_set(e, ERR_USAGE,
		    "--part-size: S3 takes parts of 5 MiB to 5 GiB");
	return 0;
}

int
partsize_plan(struct partsize *plan, const struct partsize_options *options,
	struct err *e)
{
	unsigned max_parts = options->max_parts != 0 ?
	    (unsigned)options->max_parts : PARTSIZE_COUNT_MAX;
	char size[NUM_TEXT], limit[NUM_TEXT];

	memset(plan, 0, sizeof(*plan));
	if (check_options(options, e) != 0)
		return -1;
	if (options->part_bytes != 0)
		add_step(plan, max_parts, options->part_bytes);
	else if (options->expected_bytes != 0)
		plan_expected(plan, max_parts, options->expected_bytes);
	else
		plan_unknown(plan, max_parts);
	if (options->expected_bytes <= plan->capacity)
		return 0;
	err_set(e, ERR_USAGE, "cannot fit %s into %u parts: %s is the most",
	    num_format_size(size, options->expected_bytes), max_parts,
	    num_format_size(limit, plan->capacity));
	return err_hint(e, options->part_bytes != 0 ?
	    "give a larger --part-size, or none" :
	    "split what is to be stored");
}

uint64_t
partsize_of(const struct partsize *plan, unsigned number)
{
	unsigned i;

	if (number == 0)
		return 0;
	for (i = 0; i < plan->count; i++)
		if (number <= plan->steps[i].last)
			return plan->steps[i].bytes;
	return 0;
}
