/*
 * Handing the configuration to CMD: plain values in its environment, secrets
 * in files that only paths in its environment lead to.
 */
#ifndef HAND_H
#define HAND_H

#include "err.h"
#include "opt.h"
#include "os.h"
#include "settings.h"

#define HAND_SECRETS_MAX 6

struct hand {
	struct opt_list env;	/* KEY=VALUE to set, KEY to unset, for
				 * os_spawn */
	struct os_secret *secrets[HAND_SECRETS_MAX];
	size_t secret_count;
};

#define HAND_INIT { { NULL, 0 }, { NULL }, 0 }

/*
 * Make the environment. conf_file: PGDUMPZ_CONF, or NULL; now and random make
 * RUN_ID. The secrets' files are there until hand_free().
 */
int hand_make(struct hand *h, const struct settings *s, const char *conf_file,
	int64_t now, const uint8_t random[3], struct err *e);

void hand_free(struct hand *h);

#endif
