/*
 * Unit tests speak TAP, for prove. A test file is a main() that calls these
 * and ends with `return tap_done();`.
 */
#ifndef TAP_H
#define TAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

/* Count a test; returns whether it passed. */
bool tap_ok(bool passed, const char *format, ...) ERR_PRINTF(2, 3);
bool tap_text(const char *got, const char *expected, const char *format, ...)
	ERR_PRINTF(3, 4);
bool tap_int(int64_t got, int64_t expected, const char *format, ...)
	ERR_PRINTF(3, 4);
bool tap_bytes(const void *got, const void *expected, size_t len,
	const char *format, ...) ERR_PRINTF(4, 5);

/* "# …": shown beside the results. */
void tap_note(const char *format, ...) ERR_PRINTF(1, 2);

/* Print the plan; the exit status of main: 0 when all passed. */
int tap_done(void);

#endif
