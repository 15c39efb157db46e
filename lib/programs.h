/*
 * Which pg_dump, pg_restore and pg_dumpall to use for a server: those of its
 * own major version, else of the nearest newer one, since an older pg_dump
 * can't know what a newer server holds.
 */
#ifndef PROGRAMS_H
#define PROGRAMS_H

#include "err.h"

struct programs {
	char *dump, *restore, *dumpall, *psql;	/* paths */
	char version[32];	/* of the one that it goes by, "15.20" */
};

enum programs_use {
	PROGRAMS_DUMP,		/* goes by pg_dump; pg_restore is needed */
	PROGRAMS_RESTORE	/* goes by pg_restore; psql is needed */
};

/*
 * Look in bin_dir alone, or (NULL) in the directories where packages put
 * them, then in PATH. server is PQserverVersion()'s number. When none fits,
 * the error tells which versions there are and what to install.
 */
int programs_find(struct programs *p, enum programs_use use,
	const char *bin_dir, int server, struct err *e);
void programs_free(struct programs *p);

/*
 * The version in the output of `pg_dump --version`, "pg_dump (PostgreSQL)
 * 15.20 (Debian …)", and its major part, 15. -1: not understood. Pure.
 */
int programs_parse_version(const char *text, char *version, size_t size,
	int *major);

#endif
