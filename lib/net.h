/*
 * HTTP requests over libcurl, of which this is the only user: one request at
 * a time on each connection out of a pool, HTTP/1.1, servers' certificates
 * always verified, redirects never followed. It knows nothing of S3. And mail
 * by SMTP.
 */
#ifndef NET_H
#define NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"

struct net;	/* may be used by many threads at once */

struct net_options {
	const char *ca_bundle;		/* NULL: the system's */
	const char *user_agent;
	int64_t connect_ms;		/* limit for making a connection */
	unsigned stall_seconds;		/* give up when nothing moves */
	uint64_t bytes_per_second;	/* of all bodies that go up together;
					 * 0: no limit */
};

struct net *net_open(const struct net_options *options, struct err *e);
void net_close(struct net *net);	/* no request may be under way */

struct net_header {
	const char *name;
	const char *value;
};

enum net_result {
	NET_ANSWERED,	/* a whole answer came, whatever its status */
	NET_UNSENT,	/* no connection: the server has not seen it */
	NET_LOST,	/* broken off: the server may have acted on it */
	NET_FAILED	/* trying again is no use: certificate, memory, disk,
			 * signal, or the receiver said no */
};

struct net_answer {
	enum net_result result;
	int status;
	struct buf body;	/* of statuses without receiver */
	struct buf headers;	/* for net_answer_header() */
};

/* Prepare, and free, an answer; body_max is the ceiling of its body. */
void net_answer_init(struct net_answer *a, size_t body_max);
void net_answer_free(struct net_answer *a);

/* Value of a header of the answer, its name in lower case; "" when absent. */
const char *net_answer_header(const struct net_answer *a, const char *name);

struct net_request {
	const char *method;
	const char *url;	/* sent as it is: dots and slashes stay */
	const struct net_header *headers;	/* control characters in
						 * one are an error */
	size_t header_count;

	/* What goes up: has_body, even when size is 0. data, or from fd. */
	bool has_body;
	const void *data;
	int fd;
	uint64_t offset;
	uint64_t size;

	/*
	 * Gets the body of a 2xx answer, whose status and headers are known
	 * by then; NULL: into the answer. -1 ends the request.
	 */
	int (*receive)(void *ctx, const struct net_answer *a,
	    const void *data, size_t len, struct err *e);
	void *ctx;

	bool ignore_stop;	/* goes on though a signal asked to stop */
	unsigned stall_seconds;	/* 0: as in net_options */
	int64_t connect_ms;	/* 0: as in net_options */
	int64_t limit_ms;	/* for all of it; 0: none */
	bool no_proxy;		/* whatever the environment says: it asks this
				 * machine, or the link that it is on */
};

/*
 * Send, and read the whole answer. 0 when one came; else -1, a->result says
 * what is known, and e why. a is emptied first.
 */
int net_send(struct net *net, const struct net_request *request,
	struct net_answer *a, struct err *e);

/* -- mail ---------------------------------------------------------------- */

struct net_mail {
	const char *url;	/* smtp:// or smtps://, without login */
	const char *user;	/* NULL: no login */
	const char *password;
	bool starttls;		/* smtp:// only: encrypt or fail */
	const char *from;	/* bare addresses that the caller has checked */
	const char *to;		/* NULL: connect and log in, that is all */
	const void *data;	/* a whole message, its lines ended by CRLF */
	size_t size;
	unsigned limit_seconds;	/* for all of it */
};

/*
 * Hand a mail to an SMTP server. 0 when the server took it. Else -1, and
 * *result: NET_FAILED when trying again is no use, such as after a refused
 * login, certificate or address; with any other the mail may have been taken.
 */
int net_send_mail(struct net *net, const struct net_mail *mail,
	enum net_result *result, struct err *e);

#endif
