/*
 * A database, or the cluster's globals, as a sealed stream.
 */
#ifndef DUMP_H
#define DUMP_H

#include "options.h"
#include "seal.h"

/* Write everything to out; the caller seals it when this has returned 0. */
int dump_database(const struct options *o, struct seal_writer *out,
	struct err *e);

/*
 * Could it be dumped, as far as a connection and the programs here tell? Prints
 * one line: versions of server and pg_dump, the database's size in bytes, with
 * tabs between.
 */
int dump_check(const struct options *o, struct err *e);

/* pg_dumpall --globals-only: roles, tablespaces, settings. */
int dump_globals(const struct options *o, struct seal_writer *out,
	struct err *e);

#endif
