/*
 * The only place where operating systems differ: os_posix*.c here, os_win32*.c
 * on Windows. Files are descriptors of the C library on both. Whatever fails
 * fills a struct err with the system's own reason.
 *
 * On Windows: text is UTF-8 here, whatever the code page; executables begin in
 * a wmain() of os's own, which hands main() its arguments in UTF-8. A mode is
 * an access list: 0600 are the owner, SYSTEM and Administrators. The signals
 * are Ctrl-C, Ctrl-Break and the end of console, session or system.
 */
#ifndef OS_H
#define OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "err.h"

/* err_set() with the reason for the last failed call (errno) at its end. */
int os_fail(struct err *e, const char *format, ...) ERR_PRINTF(2, 3);

/*
 * First call of every main: standard streams binary, SIGPIPE ignored (a write
 * to a closed pipe is an error like any other), descriptors 0 to 2 open, files
 * 0600 by umask.
 */
void os_start(void);

/*
 * From here on SIGINT, SIGTERM and SIGHUP (Ctrl-C) set a flag instead of
 * ending the process, so that an upload can be aborted and a file removed.
 * Blocking os_read() calls return with ERR_SIGNAL then. A signal that was
 * ignored when the process began (nohup) stays ignored.
 */
void os_catch_stop(void);
bool os_stop_asked(void);
int os_check_stop(struct err *e);	/* 0, or -1 and ERR_SIGNAL */

/* End the way the signal would have ended us, so that parents see it. */
void os_die_of_stop(void);

/* Clocks: seconds since 1970 UTC; milliseconds that never go back. */
int64_t os_now(void);
int64_t os_monotonic_ms(void);

/* Wait; returns early, -1 and ERR_SIGNAL, when asked to stop. */
int os_sleep_ms(int64_t ms, struct err *e);

/* Bytes from the system's random source. */
int os_random(void *out, size_t size, struct err *e);

unsigned os_cpu_count(void);		/* at least 1 */
bool os_is_terminal(int fd);
const char *os_home(void);		/* "" when unknown; borrowed */
/* Names of this machine and of whom we run as; size ≥ 16, made to fit. */
void os_host_name(char *out, size_t size);
void os_user_name(char *out, size_t size);
char *os_temp_dir(struct err *e);	/* TMPDIR or the system's; to free */
void os_unset_env(const char *name);	/* children won't see it */
/* All KEY=VALUE of our environment, NULL at the end; until the next change. */
char *const *os_environment(void);

/* -- files ------------------------------------------------------------- */

enum os_kind { OS_MISSING, OS_FILE, OS_DIR, OS_OTHER };

struct os_stat {
	enum os_kind kind;
	uint64_t size;
	int64_t mtime;		/* UTC seconds */
	int64_t mtime_ns;	/* and nanoseconds, 0 where there are none */
	bool is_private;	/* nobody but its owner may read or write it */
	bool is_guarded;	/* its owner is us or the administrator, and
				 * nobody else may write to it */
};

/* A missing file is OS_MISSING, not an error. path - or fd. */
int os_stat(const char *path, struct os_stat *st, struct err *e);
/* The same, but a symbolic link is OS_OTHER itself, never followed. */
int os_lstat(const char *path, struct os_stat *st, struct err *e);
int os_fstat(int fd, struct os_stat *st, struct err *e);

int os_open_read(const char *path, struct err *e);
/* Make a new 0600 file, for writing and reading; one that exists is an error. */
int os_create(const char *path, struct err *e);
/* Open or make a 0600 file without truncating it, for os_lock(). */
int os_open_lock(const char *path, struct err *e);
/* Open or make a 0600 file; each write goes, whole, to its end. */
int os_open_append(const char *path, struct err *e);
/* Let everyone read it (0644): for files that are made to be read. */
int os_make_readable(int fd, struct err *e);
/* A 0600 file without a name in os_temp_dir(), gone when closed. */
int os_temp_file(struct err *e);

/* Up to size bytes; 0 at the end. Retries EINTR unless asked to stop. */
ssize_t os_read(int fd, void *out, size_t size, struct err *e);
/* The same of a pipe, for ms at most: then ERR_LOCAL. */
ssize_t os_read_within(int fd, void *out, size_t size, int64_t ms,
	struct err *e);
/* Exactly size bytes unless the end comes first; returns what there was. */
ssize_t os_read_full(int fd, void *out, size_t size, struct err *e);
ssize_t os_pread(int fd, void *out, size_t size, uint64_t at, struct err *e);
/* All of it, or an error; EPIPE included. */
int os_write(int fd, const void *data, size_t size, struct err *e);
int os_pwrite(int fd, const void *data, size_t size, uint64_t at,
	struct err *e);
/* Last words: to stderr, even when asked to stop, as far as it goes. */
void os_write_stderr(const void *data, size_t size);
/* Back to the beginning of a file; where reading it has come to, by children
 * with the same descriptor too; cut it to size bytes. */
int os_rewind(int fd, struct err *e);
int os_tell(int fd, uint64_t *at, struct err *e);
int os_make_private(int fd, struct err *e);	/* 0600 */
int os_truncate(int fd, uint64_t size, struct err *e);
/* A failing close of a written file is an error too (NFS, quotas). */
int os_close(int fd, struct err *e);

int os_sync(int fd, struct err *e);
/* Make a rename in this directory last through a power cut. */
int os_sync_dir(const char *dir, struct err *e);
/* Replaces, also what is open (Windows: from 10 1607 on; before, an error). */
int os_rename(const char *from, const char *to, struct err *e);
int os_unlink(const char *path, struct err *e);	/* missing is fine */

/* Is what fd has open still the file of that name? 1, 0, or -1. */
int os_is_same_file(int fd, const char *path, struct err *e);

/* 1 locked, 0 somebody else has it, -1 error. Ends with the descriptor. */
int os_lock(int fd, struct err *e);

/*
 * Call each(name, ctx) for every name in dir but . and .., in no order, until
 * it returns non-zero. Returns what it returned, or -1 on failure.
 */
int os_list_dir(const char *dir, int (*each)(const char *name, void *ctx),
	void *ctx, struct err *e);

/* A directory that nobody else can enter; one that exists is an error. */
int os_make_dir(const char *path, struct err *e);
int os_remove_dir(const char *path, struct err *e);	/* an empty one */
/* How much we may still write to the disk that path is on. */
int os_free_bytes(const char *path, uint64_t *bytes, struct err *e);

/* -- places and names of files ------------------------------------------ */

extern const char os_null_device[];	/* "/dev/null"; "NUL" */
extern const char os_program_suffix[];	/* of every program: ""; ".exe" */
const char *os_standard_config(void);	/* the machine's own; borrowed */

bool os_is_separator(char c);		/* '/'; on Windows '\' as well */
/* What stands behind the last separator, or a drive's colon; borrowed. */
const char *os_base_name(const char *path);
/* Does it begin at a root, so that it means the same from everywhere? */
bool os_is_absolute(const char *path);

/*
 * Call each(dir, ctx) for the directories in PATH, in their order; or for
 * those where packages put the programs of PostgreSQL's versions, in no
 * order; until it returns non-zero, which is what these return. -1 and e: a
 * list of them cannot be read.
 */
int os_each_in_path(int (*each)(const char *dir, void *ctx), void *ctx);
int os_each_postgresql(int (*each)(const char *dir, void *ctx), void *ctx,
	struct err *e);

/*
 * Hints for messages: how to make a file is_guarded or is_private, and who has
 * a lock on it.
 */
int os_hint_guarded(struct err *e, const char *path);
int os_hint_private(struct err *e, const char *path);
int os_hint_locked(struct err *e, const char *path);

/*
 * The path by which a child can open anew the file that fd, one of
 * os_temp_file(), has open and that the child gets as its descriptor number
 * as: 0, or 3 (extra). To free.
 */
char *os_path_for_child(int fd, int as, struct err *e);

/* -- processes --------------------------------------------------------- */

struct os_proc;

struct os_spawn {
	const char *const *argv;	/* NULL at its end; argv[0] by PATH */
	const char *shell;		/* or a command line for the shell */
	const char *const *env;		/* KEY=VALUE to set, KEY to unset */
	int in, out, err;		/* given to the child, or -1: null device
					 * for in, ours for out and err; binary
					 * for each, also for C's stdio */
	int extra;			/* > 2: the child's descriptor 3; on
					 * Windows by os_path_for_child() */
	bool own_group;			/* signals that os_guard() and
					 * os_kill() send reach its own
					 * children too */
};

/*
 * Start a child. It inherits no other descriptor and dies when the thread that
 * started it ends (where the system can), so long-lived children are started
 * by the main thread. NULL on failure, a missing program included.
 */
struct os_proc *os_spawn(const struct os_spawn *how, struct err *e);

/* The signal that ended a child, 0 for none; by what os_wait() tells. */
#define OS_SIGNAL(status) \
	((status) > 128 && (status) <= 128 + 64 ? (status) - 128 : 0)

/*
 * Wait for its end: exit status, 128 + signal, or -1 on failure. Asked to stop,
 * it ends the child: -1 and ERR_SIGNAL. Frees it.
 */
int os_wait(struct os_proc *p, struct err *e);
/*
 * End it now, with its own group if it has one; wait, free; NULL is fine. On
 * Windows only a group can be asked first; its own children end in any case.
 */
void os_kill(struct os_proc *p);

struct os_limit {
	int64_t run_ms;		/* 0: none */
	int64_t grace_ms;	/* from asking it to end to ending it */
};

/*
 * Run a child to its end and pass on every SIGINT, SIGTERM and SIGHUP that we
 * get meanwhile, but for those that are ignored. Its exit status is what came
 * of them: one that it was too quick for does not end us. A child that runs
 * out of time is asked to end, then ended; *late says so. A group of its own
 * is asked again by SIGTERM, every 5 s; what is left in it after the child's
 * end has the grace to end too. Returns what os_wait() does.
 * Not for processes that have other children or have called os_catch_stop().
 */
int os_guard(const struct os_spawn *how, const struct os_limit *limit,
	bool *late, struct err *e);

/*
 * A secret as a file that programs run by the same user can open by its path,
 * 0600, while this process lives. Where the system can, it is on no disk and
 * can't outlive us. NULL on failure; freeing removes it, NULL is fine.
 * On Windows it is a temporary file, which ends with us but not in a power cut,
 * and programs must open it sharing all (PostgreSQL's and ours do).
 */
struct os_secret;

struct os_secret *os_secret_new(const void *data, size_t size, struct err *e);
const char *os_secret_path(const struct os_secret *s);	/* borrowed */
void os_secret_free(struct os_secret *s);

/* For a socket that a library has made: children don't inherit it. */
void os_hide_from_children(intptr_t fd);

/*
 * The same, to end it while another thread waits on it: that one gets an end
 * of file at once, and closing resets the connection.
 */
void os_break_socket(intptr_t fd);

/* A pipe neither of whose ends children inherit by chance. */
int os_pipe(int *read_end, int *write_end, struct err *e);

#endif
