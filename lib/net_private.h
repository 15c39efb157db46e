/*
 * Between the files of net: one transfer, and how libcurl's callbacks see it.
 */
#ifndef NET_PRIVATE_H
#define NET_PRIVATE_H

#include <curl/curl.h>

#include "net.h"

struct net_transfer {
	CURL *curl;
	const struct net_request *request;
	struct net_answer *answer;
	uint64_t sent;		/* of the body that goes up */
	struct err err;		/* of our own callbacks */
	bool refused;		/* one of them ended the transfer: see err */
};

/* Make the callbacks of net_io.c serve this transfer. */
void net_set_callbacks(struct net_transfer *t);

/* net_error.c: may it be tried again; and in words, with a hint. */
enum net_result net_result_of(CURLcode code);
void net_explain(CURLcode code, const char *detail, struct err *e);

#endif
