/*
 * What tests need of the system and lib/os.h has no use for: sys_posix.c,
 * sys_win32.c.
 */
#ifndef SYS_H
#define SYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* -- processes ---------------------------------------------------------- */

/* The path of this program, from everywhere; borrowed. */
const char *sys_program(const char *argv0);
/* Start a program that nothing of lib/os.h knows of. 0 or -1. */
int sys_start(const char *const *argv);
/* Is there a child of ours, ended or not? */
bool sys_has_child(void);
/* End as by kill -9: nothing is flushed, closed or undone. */
void sys_die(void);

/* -- environment and files ---------------------------------------------- */

extern const char sys_home_variable[];	/* what os_home() looks at */
void sys_set_env(const char *name, const char *value);
/* A symbolic link; false where none can be made. */
bool sys_make_link(const char *target, const char *path);

/* -- sockets of 127.0.0.1 ----------------------------------------------- */

/* A free port, and the socket that listens on it; -1 on failure. */
intptr_t sys_listen(unsigned *port);
intptr_t sys_accept(intptr_t listening);	/* -1: closed */
/* Up to size bytes; 0 at the end, -1 on failure. */
ptrdiff_t sys_receive(intptr_t socket, char *out, size_t size);
ptrdiff_t sys_send(intptr_t socket, const char *data, size_t size);
void sys_close(intptr_t socket);
/* End a sys_accept() of another thread. It is closed later. */
void sys_interrupt(intptr_t listening);

#endif
