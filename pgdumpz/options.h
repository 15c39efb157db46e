/*
 * What a user asked for.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "opt.h"
#include "pg.h"
#include "session.h"

struct options {
	struct pg_login login;
	uint64_t jobs;
	uint64_t level;
	const char *bin_dir;
	struct session session;
	const char *lock_wait;	/* for locks, in PostgreSQL's form, or NULL */
	struct opt_list dump;	/* for pg_dump: what to leave out */
	struct opt_list restore;	/* for pg_restore: how to write it */
	bool create;
	bool globals;
	bool check;		/* only whether it could be dumped */
	bool no_role_passwords;
	bool via_root;
	bool verbose;
};

/*
 * Read the command line into o, whose defaults are set. done: --help or
 * --version was printed. The caller frees o in any case; texts are argv's.
 */
int options_parse(struct options *o, int argc, char **argv, bool *done,
	struct err *e);
void options_free(struct options *o);

#endif
