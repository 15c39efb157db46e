/*
 * Rows that are loaded by the transaction that made their table's file can be
 * frozen at once: nobody writes them again to note that they are visible, or
 * before their transaction's number comes round.
 */
#ifndef FREEZE_H
#define FREEZE_H

#include <stdbool.h>

#include "pg.h"

/*
 * Begin a transaction in which the table of that statement of copyhead.h can
 * be loaded by COPY (FREEZE), if it is empty. false: it can't be, and no
 * transaction is open.
 */
bool freeze_begin(struct pg *c, const char *copy);
int freeze_end(struct pg *c, struct err *e);

#endif
