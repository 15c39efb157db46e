/*
 * What needs nothing of a system but the rest of os.h.
 */
#include "os.h"

ssize_t
os_read_full(int fd, void *out, size_t size, struct err *e)
{
	size_t got = 0;
	ssize_t n;

	while (got < size) {
		n = os_read(fd, (char *)out + got, size - got, e);
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		got += (size_t)n;
	}
	return (ssize_t)got;
}
