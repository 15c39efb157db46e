/*
 * The alarm for backups that stopped. It goes by names alone, so it is cheap
 * enough to be run every few minutes.
 */
#include <stdlib.h>
#include <string.h>

#include "bkname.h"
#include "list.h"
#include "mem.h"
#include "num.h"

#define SKEW 900	/* what clocks may differ by, as with making backups */

struct newest {
	const char *name;	/* only of this database; or NULL */
	int64_t time;
	char *key;		/* NULL: none yet */
};

static int
on_object(const struct s3_listed *item, void *ctx, struct err *e)
{
	struct newest *n = ctx;
	struct bkname b;

	if (item->is_prefix || item->size == 0 ||
	    !bkname_parse(item->key, &b) ||
	    (n->name != NULL && !bkname_is_of_database(&b, n->name)) ||
	    (n->key != NULL && b.time <= n->time))
		return 0;
	free(n->key);
	n->time = b.time;
	n->key = mem_dup(item->key, e);
	return n->key == NULL ? -1 : 0;
}

static int
judge(const struct newest *n, int64_t now, const struct list_options *o,
	struct err *e)
{
	char age[NUM_TEXT], limit[NUM_TEXT];

	if (n->key == NULL) {
		err_set(e, ERR_VERDICT, "no backup%s%s in 's3://%s/%s'",
		    o->name != NULL ? " of " : "",
		    o->name != NULL ? o->name : "", o->where.bucket,
		    o->where.key);
		return err_hint(e, "see whether the job that makes it runs%s",
		    o->recursive ? "" :
		    "; --recursive looks into folders below");
	}
	if (now == 0)
		return err_set(e, ERR_REMOTE, "the server's answer has no "
		    "Date, so the age of backups is unknown");
	if (n->time > now + SKEW) {
		err_set(e, ERR_VERDICT, "newest backup 's3://%s/%s' is %s "
		    "ahead of the server's clock", o->where.bucket, n->key,
		    num_format_duration(age, n->time - now));
		return err_hint(e, "it hides whether backups still come: "
		    "check the clock of its maker, then rename or delete it");
	}
	if (now - n->time <= o->max_age)
		return 0;
	err_set(e, ERR_VERDICT, "newest backup 's3://%s/%s' is %s old, "
	    "more than %s", o->where.bucket, n->key,
	    num_format_duration(age, now - n->time),
	    num_format_duration(limit, o->max_age));
	return err_hint(e, "see why the job that makes it stopped");
}

int
list_check_age(struct s3 *s3, const struct list_options *o, struct err *e)
{
	struct newest newest = { o->name, 0, NULL };
	size_t folder_len;
	char *prefix = list_prefix(o, &folder_len, e);
	struct s3_list list = { o->where.bucket, prefix,
		o->recursive ? NULL : "/" };
	int64_t date = 0;
	int rc = -1;

	if (prefix != NULL && s3_list_objects(s3, &list, on_object, &newest,
	    &date, e) == 0)
		rc = judge(&newest, date, o, e);
	free(newest.key);
	free(prefix);
	return rc;
}
