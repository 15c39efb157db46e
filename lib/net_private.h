/*
 * Between the files of net: one transfer, and how libcurl's callbacks see it.
 */
#ifndef NET_PRIVATE_H
#define NET_PRIVATE_H

#include <curl/curl.h>
#include <pthread.h>

#include "net.h"
#include "throttle.h"

#define NET_POOL_MAX 64

struct net {
	struct net_options options;
	char *ca_bundle;
	char *user_agent;
	struct throttle *throttle;	/* NULL: no limit */
	pthread_mutex_t lock;
	CURL *idle[NET_POOL_MAX];
	size_t idle_count;
};

struct net_transfer {
	CURL *curl;
	struct throttle *throttle;	/* for what goes up; NULL: none */
	const struct net_request *request;
	struct net_answer *answer;
	uint64_t sent;		/* of the body that goes up */
	struct err err;		/* of our own callbacks */
	bool refused;		/* one of them ended the transfer: see err */
};

/* Make the callbacks of net_io.c serve this transfer. */
void net_set_callbacks(struct net_transfer *t);

/* Certificates are always checked: by the CAs of a file, or the system's. */
void net_set_trust(const struct net *net, CURL *c);

/* libcurl's CURLOPT_SOCKOPTFUNCTION: no child inherits a connection. */
int net_hide_socket(void *ctx, curl_socket_t fd, curlsocktype purpose);

/* net_error.c: may it be tried again; and in words, with a hint. */
enum net_result net_result_of(CURLcode code);
void net_explain(CURLcode code, const char *detail, struct err *e);

#endif
