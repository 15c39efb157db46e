/*
 * Between the files of chain: what binds a record to those before it.
 */
#ifndef CHAIN_PRIVATE_H
#define CHAIN_PRIVATE_H

#include "chain.h"

struct chain_link {
	char prev[HASH_HEX_MAX];
	char torn[HASH_HEX_MAX];	/* "" when there is none */
};

/* Read a line without its newline; false when it is no record. */
bool chain_parse(const char *line, size_t len, struct chain_link *link);

/* SHA-256 in hex. */
int chain_sum(const void *data, size_t len, char hex[HASH_HEX_MAX],
	struct err *e);

#endif
