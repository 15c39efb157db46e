/*
 * The options that tell where a database is, as psql has them, so that pgdumpz
 * and pgrestorez differ neither in their names nor in their help.
 */
#ifndef PGOPT_H
#define PGOPT_H

#include "opt.h"
#include "pg.h"

#define PGOPT_COUNT 5

/*
 * Append them to a tool's own table, behind its last named entry; the rest of
 * it must be zero, with room for PGOPT_COUNT entries and the one that ends it.
 * What is given lands in to, borrowed from argv.
 */
void pgopt_append(struct opt *opts, struct pg_login *to);

#endif
