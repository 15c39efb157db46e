/*
 * What went wrong: a kind, which main turns into the exit status, one line of
 * text, and an optional hint that says what to do. Filled by the callee; the
 * caller may put context before it on the way up.
 */
#ifndef ERR_H
#define ERR_H

#include <stdarg.h>
#include <stddef.h>

enum err_kind {
	ERR_NONE = 0,
	ERR_VERDICT = 1,	/* corrupt, unsealed, mismatch, alarm */
	ERR_USAGE = 2,		/* wrong options or configuration */
	ERR_LOCAL = 3,		/* database, disk, child, memory */
	ERR_REMOTE = 4,		/* S3, network */
	ERR_SIGNAL = 5		/* a signal asked us to stop */
};

struct err {
	enum err_kind kind;
	char text[1024];
	char hint[512];
};

#define ERR_INIT { ERR_NONE, "", "" }

/* C's own formats, whatever the system's C library would make of them */
#if defined(__clang__)
#define ERR_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#elif defined(__GNUC__)
#define ERR_PRINTF(fmt, args) __attribute__((format(gnu_printf, fmt, args)))
#else
#define ERR_PRINTF(fmt, args)
#endif

/*
 * Say what failed, on what. Lower case, verb first, subject quoted, no full
 * stop. Control characters are escaped, too long a text is cut. An error that
 * is already there is replaced. Always returns -1, for `return err_set(…)`.
 */
int err_set(struct err *e, enum err_kind kind, const char *format, ...)
	ERR_PRINTF(3, 4);

/* err_set() with a va_list. */
int err_setv(struct err *e, enum err_kind kind, const char *format, va_list ap)
	ERR_PRINTF(3, 0);

/* Put context before the text: "context: text". Returns -1. */
int err_context(struct err *e, const char *format, ...) ERR_PRINTF(2, 3);

/* Say what to do about it. Returns -1. */
int err_hint(struct err *e, const char *format, ...) ERR_PRINTF(2, 3);

/*
 * Copy untrusted bytes into out as one printable line: control characters
 * and bytes that are not UTF-8 become \xHH. Cut to size, which is
 * at least 1; always terminated.
 */
void err_escape(char *out, size_t size, const char *in, size_t len);

#endif
