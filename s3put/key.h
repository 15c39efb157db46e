/*
 * The KEY that --name stands for, and which keys are refused. Pure.
 */
#ifndef KEY_H
#define KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"

/*
 * Append NAME_YYYYMMDD_HHMMSS.sql.gz and the suffix (NULL: none; ".age",
 * ".gpg" or ".enc", else ERR_USAGE).
 */
int key_make(struct buf *out, const char *name, int64_t now,
	const char *suffix, struct err *e);

/*
 * ERR_USAGE for a key that is empty, a folder, holds control characters (it
 * could not stand in a line of a listing), or says of what a filter has made
 * that it is not encrypted.
 */
int key_check(const char *key, bool filtered, struct err *e);

#endif
