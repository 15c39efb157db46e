/*
 * What a user asked for.
 */
#ifndef RESTORE_OPTIONS_H
#define RESTORE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "pg.h"

struct options {
	struct pg_login login;	/* of the database to be */
	uint64_t jobs;
	const char *bin_dir;
	const char *role;
	bool force;		/* into a database that exists */
	bool scratch;		/* to be dropped again */
	bool verify, verify_only;
	bool no_owner, no_acl;
	bool json;
	bool verbose;
};

#endif
