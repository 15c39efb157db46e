/*
 * The database that is restored into. A new one has a temporary name until all
 * of it is there, so that nothing half-restored ever has the real one.
 *
 * It is called pgrestorez_ and eight hexadecimal digits, a random number. The
 * run that made it holds an advisory lock of that number, in whatever database
 * its leader is connected to, until it has been renamed or dropped. What has
 * such a name and no lock was left by a run that was killed.
 */
#ifndef TARGET_H
#define TARGET_H

#include "options.h"

#define TARGET_NAME 256

struct target {
	const struct options *options;
	struct pg *leader;		/* in another database of the server */
	struct pg_place *home;		/* where that is */
	char system[24];		/* the number that the server has */
	struct pg_place *place;		/* of the database that is filled */
	char name[TARGET_NAME];		/* that it is to have; "": none */
	char temp[32];			/* that it has until then */
	bool exists;			/* it was there before (--force) */
	bool created;			/* under the temporary name */
};

/* How to make it; NULL: as the server does by default. */
struct target_locale {
	const char *encoding, *collate, *ctype;
	const char *provider, *locale, *rules;
};

/*
 * Connect and look: a database of that name must be missing, or, with --force
 * or --verify-only, there. With --scratch there is no name. What dead runs have
 * left is dropped.
 */
int target_open(struct target *t, const struct options *o, struct err *e);

/* Create the database; with --force there is nothing to do. */
int target_create(struct target *t, const struct target_locale *how,
	struct err *e);

/* The name that the database has now. */
const char *target_now(const struct target *t);

/* Take back what was set for the time of the restore. */
int target_unmark(struct target *t, struct err *e);

/* Everything held: take the name. All other sessions must have ended. */
int target_commit(struct target *t, struct err *e);

/* Everything held, which is all that was wanted to know: drop it. */
int target_discard(struct target *t, struct err *e);

/* Never committed means dropped, together with whoever is connected to it. */
void target_close(struct target *t);

#endif
