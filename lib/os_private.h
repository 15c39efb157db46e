/*
 * What the files of os_posix share.
 */
#ifndef OS_PRIVATE_H
#define OS_PRIVATE_H

#include "os.h"

struct os_proc {
	pid_t pid;
	char name[64];
};

#endif
