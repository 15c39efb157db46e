/*
 * The options that every tool for S3 has, so that they are told apart neither
 * in their names nor in their help.
 */
#ifndef S3OPT_H
#define S3OPT_H

#include "opt.h"
#include "s3.h"

#define S3OPT_COUNT 9

/*
 * Append them to a tool's own table, behind its last named entry:
 *
 *	struct s3_options s3 = { 0 };
 *	struct opt opts[2 + S3OPT_COUNT + 1] = {
 *		{ 'n', "dry-run", NULL, OPT_FLAG, &dry_run, "…" },
 *		{ 0, "uri", NULL, OPT_FLAG, &uri, "…" },
 *	};
 *	s3opt_append(opts, &s3);
 *
 * The rest of the table must be zero, with room for S3OPT_COUNT entries and
 * the one that ends it. What is given lands in to, borrowed from argv.
 */
void s3opt_append(struct opt *opts, struct s3_options *to);

#endif
