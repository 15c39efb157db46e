/*
 * UTF-8 (RFC 3629), one character at a time.
 */
#ifndef UTF8_H
#define UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_REPLACEMENT 0xfffdu	/* stands for what is no UTF-8 */

/*
 * The character at p, of which left (> 0) bytes are there. Returns its length
 * and fills *code; 0 when the bytes are not well-formed.
 */
size_t utf8_decode(const char *p, size_t left, uint32_t *code);

/*
 * May it stand in a line for people as it is? Not so control characters, line
 * and paragraph separators, and the marks that turn the direction of writing.
 */
bool utf8_is_printable(uint32_t code);

#endif
