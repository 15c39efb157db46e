/*
 * What the files of os_posix share.
 */
#ifndef OS_PRIVATE_H
#define OS_PRIVATE_H

#include <stdbool.h>

#include "os.h"

struct os_proc {
	pid_t pid;
	bool group;		/* it leads one of its own */
	char name[64];
};

/* Has os_catch_stop() been called? */
bool os_catches_stop(void);

/* Wait for poll() events on fd, or a stop. fd -1 waits for the time alone. */
int os_wait_for(int fd, short events, int timeout_ms, struct err *e);

#endif
