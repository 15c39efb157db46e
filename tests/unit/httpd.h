/*
 * A server for unit tests that answers from a script: what no real server
 * would say.
 */
#ifndef HTTPD_H
#define HTTPD_H

#include <stddef.h>
#include <stdint.h>

struct httpd;

/* On a free port of 127.0.0.1. NULL on failure. */
struct httpd *httpd_start(void);
void httpd_stop(struct httpd *h);

/* A port that takes connections, where nobody answers; for sys_close(). */
intptr_t httpd_listen(char url[64]);	/* -1: none */

/* "http://127.0.0.1:PORT"; borrowed. */
const char *httpd_url(const struct httpd *h);

/*
 * From now on answer with these, one a request, the last one for all that
 * follow: "STATUS\nName: value\n\nbody". "" closes the connection. Borrowed.
 * Forgets the requests so far.
 */
void httpd_script(struct httpd *h, const char *const *answers, size_t count);

#define HTTPD_SCRIPT(h, ...) do { \
	static const char *const a_[] = { __VA_ARGS__ }; \
	httpd_script(h, a_, sizeof(a_) / sizeof(a_[0])); \
} while (0)

/* How many requests came, and the n-th, from 0, head and body ("" if none). */
size_t httpd_count(struct httpd *h);
const char *httpd_request(struct httpd *h, size_t n);

#endif
