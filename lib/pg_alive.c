/*
 * A network that is gone says nothing: whoever waits for the server would wait
 * for hours, and a firewall forgets a connection that is idle. libpq can have
 * the kernel look, and what a user says about that goes first, by whatever way:
 * parameters, a URI, a service. libpq alone knows them all, so it is asked.
 */
#include <string.h>

#include "pg_private.h"

/* Each way a dead network is found within some five minutes. */
static const struct {
	const char *key, *value;
} defaults[] = {
	{ "keepalives_idle", PG_KEEPALIVES_IDLE },
	{ "keepalives_interval", PG_KEEPALIVES_INTERVAL },
	{ "keepalives_count", PG_KEEPALIVES_COUNT },
	/* also ends the wait for a server that reads nothing; milliseconds */
	{ "tcp_user_timeout", PG_USER_TIMEOUT },
};

_Static_assert(sizeof(defaults) / sizeof(defaults[0]) == PG_ALIVE_COUNT,
    "room for all of them");

static bool
is_set(const PQconninfoOption *o, const char *key)
{
	for (; o->keyword != NULL; o++)
		if (strcmp(o->keyword, key) == 0)
			return o->val != NULL && *o->val != '\0';
	return true;	/* this libpq doesn't know it */
}

size_t
pg_alive_put(const char **keys, const char **values, size_t n)
{
	PQconninfoOption *options;
	PGconn *c;
	size_t i;

	/* no address, so it ends here; a password, so none is looked for */
	keys[n] = "hostaddr", values[n] = "-";
	keys[n + 1] = "password", values[n + 1] = "-";
	keys[n + 2] = NULL;
	c = PQconnectStartParams(keys, values, true);
	options = c != NULL ? PQconninfo(c) : NULL;
	for (i = 0; options != NULL && i < PG_ALIVE_COUNT; i++)
		if (!is_set(options, defaults[i].key)) {
			keys[n] = defaults[i].key;
			values[n++] = defaults[i].value;
		}
	keys[n] = NULL;
	PQconninfoFree(options);
	PQfinish(c);
	return n;
}
