/*
 * One table, from which keys are recognised, checked, given defaults and
 * handed on; the manual page and the example are tested against it.
 */
#include <string.h>

#include "gz.h"
#include "keys.h"

#define COUNT_MAX 100000
#define JOBS_MAX 256

#define PLAIN(name, type) { name, type, "", NULL, NULL, 0, 0, false }
#define LIBPQ(name, type, also) { name, type, "", also, NULL, 0, 0, false }
#define CHOICE(name, type, of) { name, type, "", NULL, of, 0, 0, false }
#define STANDARD(name, type, value) \
	{ name, type, value, NULL, NULL, 0, 0, false }
#define COUNT(name, value, min, max) \
	{ name, KEY_COUNT, value, NULL, NULL, min, max, false }
#define SECRET(name, type, also, of) { name, type, "", also, of, 0, 0, true }

const struct key keys_table[] = {
	/* what */
	PLAIN("DB_NAME", KEY_NAMES),
	LIBPQ("DB_HOST", KEY_TEXT, "PGHOST"),
	{ "DB_PORT", KEY_COUNT, "", "PGPORT", NULL, 1, 65535, false },
	LIBPQ("DB_USER", KEY_TEXT, "PGUSER"),
	SECRET("DB_PASSWORD", KEY_TEXT, "PGPASSWORD", NULL),
	STANDARD("GLOBALS", KEY_FLAG, "no"),
	PLAIN("BACKUP_NAME", KEY_BACKUP),
	COUNT("JOBS", "", 1, JOBS_MAX),
	COUNT("LEVEL", "", 1, GZ_LEVEL_MAX),
	PLAIN("PG_BIN", KEY_PATH),
	PLAIN("ENCRYPT_CMD", KEY_TEXT),
	PLAIN("DECRYPT_CMD", KEY_TEXT),
	/* where */
	PLAIN("BACKUP_DIR", KEY_PATH),
	PLAIN("S3_BUCKET", KEY_BUCKET),
	PLAIN("STORAGE_CLASS", KEY_WORD),
	CHOICE("SSE", KEY_WORD, "AES256 aws:kms aws:kms:dsse"),
	PLAIN("KMS_KEY", KEY_WORD),
	PLAIN("AWS_ACCESS_KEY_ID", KEY_WORD),
	SECRET("AWS_SECRET_ACCESS_KEY", KEY_WORD, NULL, NULL),
	SECRET("AWS_SESSION_TOKEN", KEY_WORD, NULL, NULL),
	PLAIN("AWS_PROFILE", KEY_WORD),
	PLAIN("AWS_CONFIG_FILE", KEY_PATH),
	PLAIN("AWS_SHARED_CREDENTIALS_FILE", KEY_PATH),
	PLAIN("AWS_REGION", KEY_WORD),
	PLAIN("AWS_DEFAULT_REGION", KEY_WORD),
	CHOICE("AWS_ENDPOINT_URL", KEY_URL, "https http"),
	CHOICE("AWS_ENDPOINT_URL_S3", KEY_URL, "https http"),
	PLAIN("AWS_CA_BUNDLE", KEY_PATH),
	COUNT("AWS_MAX_ATTEMPTS", "", 1, 100),
	/* how long */
	COUNT("RETENTION_DAYS", "30", 0, COUNT_MAX),
	COUNT("MAX_LOCAL_BACKUPS", "7", 1, COUNT_MAX),
	COUNT("KEEP_DAILY", "0", 0, COUNT_MAX),
	COUNT("KEEP_WEEKLY", "0", 0, COUNT_MAX),
	COUNT("KEEP_MONTHLY", "0", 0, COUNT_MAX),
	COUNT("KEEP_YEARLY", "0", 0, COUNT_MAX),
	/* who is told */
	PLAIN("ALERT_EMAIL", KEY_MAILS),
	SECRET("SMTP_URL", KEY_URL, NULL, "smtps smtp"),
	SECRET("HEALTHCHECK_URL", KEY_URL, NULL, "https http"),
	PLAIN("LOG_FILE", KEY_PATH),
	PLAIN("METRICS_FILE", KEY_PATH),
	/* the run */
	PLAIN("HOOK_PRE", KEY_TEXT),
	PLAIN("HOOK_POST", KEY_TEXT),
	COUNT("RETRIES", "3", 0, 100),
	STANDARD("RETRY_WAIT", KEY_DURATION, "60s"),
	STANDARD("MAX_RUNTIME", KEY_DURATION, "0"),
	{ NULL, KEY_TEXT, NULL, NULL, NULL, 0, 0, false },
};

_Static_assert(sizeof(keys_table) / sizeof(keys_table[0]) <= KEYS_MAX,
    "KEYS_MAX must hold all keys");

const struct key *
keys_find(const char *name)
{
	const struct key *k;

	for (k = keys_table; k->name != NULL; k++)
		if (strcmp(k->name, name) == 0)
			return k;
	return NULL;
}

/* Letters to insert, delete or change (Levenshtein), at most 255. */
static unsigned
distance(const char *a, const char *b)
{
	unsigned char row[65];
	size_t n = strlen(b), i, j;
	unsigned diagonal, above, best;

	if (strlen(a) > 64 || n > 64)
		return 255;
	for (j = 0; j <= n; j++)
		row[j] = (unsigned char)j;
	for (i = 0; a[i] != '\0'; i++) {
		diagonal = row[0];
		row[0] = (unsigned char)(i + 1);
		for (j = 1; j <= n; j++) {
			above = row[j];
			best = diagonal + (a[i] != b[j - 1]);
			if (above + 1 < best)
				best = above + 1;
			if (row[j - 1] + 1u < best)
				best = row[j - 1] + 1u;
			row[j] = (unsigned char)best;
			diagonal = above;
		}
	}
	return row[n];
}

const struct key *
keys_guess(const char *name)
{
	const struct key *k, *best = NULL;
	/* a word of which half is wrong is another word */
	unsigned least = strlen(name) < 6 ? 2 : 4, d;

	for (k = keys_table; k->name != NULL; k++)
		if ((d = distance(name, k->name)) < least) {
			least = d;
			best = k;
		}
	return best;
}
