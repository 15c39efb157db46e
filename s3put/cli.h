/*
 * What s3put is asked to do.
 */
#ifndef S3PUT_CLI_H
#define S3PUT_CLI_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "opt.h"
#include "partsize.h"
#include "s3.h"
#include "storage.h"

struct cli {
	const char *name, *suffix;
	const char *filter;
	bool unsealed, force, if_none_match, check;
	uint64_t jobs;
	struct partsize_options parts;
	struct storage_options storage;
	struct s3_options s3;
	struct opt_result rest;
};

/*
 * From argv. ERR_USAGE also for what options and arguments don't say together.
 * Nothing is checked when rest.done is set.
 */
int cli_parse(struct cli *cli, int argc, char **argv, struct err *e);
void cli_free(struct cli *cli);

/* FILE, or NULL: standard input or a command. */
const char *cli_file(const struct cli *cli);

#endif
