/*
 * The rules are read for two questions: do they do what backups need, and do
 * they delete what retention would keep?
 */
#include <stdlib.h>
#include <string.h>

#include "lifecycle.h"
#include "mem.h"
#include "num.h"
#include "s3xml.h"

#define RULE "LifecycleConfiguration/Rule"

/* -- reading -------------------------------------------------------------- */

static void
copy(char *out, size_t size, const char *text)
{
	(void)snprintf(out, size, "%s", text);
}

static void
take_days(struct lifecycle_rule *r, enum lifecycle_action action,
	const char *text)
{
	r->acts[action] = num_parse_u64(text, &r->days[action]) == 0;
}

/* A field of a rule, by its path in it. */
static void
take_field(struct lifecycle_rule *r, const char *name, const char *text)
{
	if (strcmp(name, "ID") == 0)
		copy(r->id, sizeof(r->id), text);
	else if (strcmp(name, "Status") == 0)
		r->enabled = strcmp(text, "Enabled") == 0;
	else if (strcmp(name, "Prefix") == 0 ||
	    strcmp(name, "Filter/Prefix") == 0 ||
	    strcmp(name, "Filter/And/Prefix") == 0)
		copy(r->prefix, sizeof(r->prefix), text);
	else if (strncmp(name, "Filter/", 7) == 0 &&
	    strcmp(name, "Filter/And") != 0)
		r->filtered = true;
	else if (strcmp(name, "Transition/Days") == 0)
		take_days(r, LIFECYCLE_ARCHIVE, text);
	else if (strcmp(name, "Transition/StorageClass") == 0)
		copy(r->class, sizeof(r->class), text);
	else if (strcmp(name, "Expiration/Days") == 0)
		take_days(r, LIFECYCLE_EXPIRE, text);
	else if (strcmp(name, "Expiration/Date") == 0)
		r->at_date = true;
	else if (strcmp(name,
	    "NoncurrentVersionExpiration/NoncurrentDays") == 0)
		take_days(r, LIFECYCLE_NONCURRENT, text);
	else if (strcmp(name,
	    "AbortIncompleteMultipartUpload/DaysAfterInitiation") == 0)
		take_days(r, LIFECYCLE_ABORT, text);
}

static int
on_element(void *ctx, const char *path, const char *text, struct err *e)
{
	struct lifecycle *l = ctx;
	size_t len = strlen(RULE);

	if (strncmp(path, RULE, len) != 0)
		return 0;
	if (path[len] == '\0' && text == NULL) {
		if (l->count == LIFECYCLE_RULES_MAX)
			return err_set(e, ERR_REMOTE, "more than %d lifecycle "
			    "rules", LIFECYCLE_RULES_MAX);
		l->count++;
	} else if (path[len] == '/' && text != NULL && l->count > 0) {
		take_field(&l->rules[l->count - 1], path + len + 1, text);
	}
	return 0;
}

int
lifecycle_parse(struct lifecycle *l, const struct buf *xml, struct err *e)
{
	const struct s3xml_handler handler = { on_element, l };

	memset(l, 0, sizeof(*l));
	l->rules = mem_new(LIFECYCLE_RULES_MAX, sizeof(*l->rules), e);
	if (l->rules == NULL)
		return -1;
	if (xml->len == 0)
		return 0;
	return s3xml_parse(xml->data, xml->len, &handler, e);
}

void
lifecycle_free(struct lifecycle *l)
{
	free(l->rules);
	memset(l, 0, sizeof(*l));
}

/* -- judging -------------------------------------------------------------- */

static bool
begins_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

/* Does it hold for every backup? */
static bool
covers(const struct lifecycle_rule *r, const char *prefix)
{
	return r->enabled && !r->filtered && begins_with(prefix, r->prefix);
}

/* May it hold for some? */
static bool
touches(const struct lifecycle_rule *r, const char *prefix)
{
	return r->enabled && (begins_with(prefix, r->prefix) ||
	    begins_with(r->prefix, prefix));
}

/* The first to act among those that is_meant() takes, or NULL. */
static const struct lifecycle_rule *
first_of(const struct lifecycle *l, enum lifecycle_action action,
	bool (*is_meant)(const struct lifecycle_rule *, const char *),
	const char *prefix)
{
	const struct lifecycle_rule *r, *best = NULL;

	for (r = l->rules; r < l->rules + l->count; r++)
		if (r->acts[action] && is_meant(r, prefix) &&
		    (best == NULL || r->days[action] < best->days[action]))
			best = r;
	return best;
}

#define LL(n) ((unsigned long long)(n))

static int
check_expiration(const struct lifecycle *l, const struct wanted *w,
	struct report *r, struct err *e)
{
	const struct lifecycle_rule *first = first_of(l, LIFECYCLE_EXPIRE,
	    touches, w->prefix);
	uint64_t days = first != NULL ? first->days[LIFECYCLE_EXPIRE] : 0;
	size_t i;

	for (i = 0; i < l->count; i++)
		if (l->rules[i].at_date && touches(&l->rules[i], w->prefix))
			return report_say(r, REPORT_GAP, "expiration", e,
			    "rule '%s' deletes backups at a date, whether newer "
			    "ones exist or not", l->rules[i].id);
	if (first == NULL && w->expire_days == 0)
		return report_say(r, REPORT_OK, "expiration", e, "none");
	if (first == NULL)
		return report_say(r, REPORT_GAP, "expiration", e,
		    "no rule deletes old backups: what s3prune doesn't, stays "
		    "and is paid for");
	if (w->retention_days == 0)
		return report_say(r, REPORT_NOTE, "expiration", e,
		    "after %llu days by rule '%s'; RETENTION_DAYS is not known, "
		    "so compare them", LL(days), first->id);
	if (days < w->retention_days)
		return report_say(r, REPORT_GAP, "expiration", e,
		    "rule '%s' deletes backups after %llu days, but "
		    "RETENTION_DAYS keeps them for %llu: they are gone when you "
		    "count on them", first->id, LL(days),
		    LL(w->retention_days));
	return report_say(r, REPORT_OK, "expiration", e,
	    "after %llu days, RETENTION_DAYS is %llu",
	    LL(days), LL(w->retention_days));
}

static int
check_transition(const struct lifecycle *l, const struct wanted *w,
	struct report *r, struct err *e)
{
	const struct lifecycle_rule *first = first_of(l, LIFECYCLE_ARCHIVE,
	    touches, w->prefix);

	if (first == NULL)
		return report_say(r, w->archive_days == 0 ? REPORT_OK :
		    REPORT_GAP, "archive", e, w->archive_days == 0 ? "never" :
		    "no rule archives old backups: they are paid for as if "
		    "they were read every day");
	return report_say(r, REPORT_OK, "archive", e, "after %llu days to %s; "
	    "from then on a restore takes hours more",
	    LL(first->days[LIFECYCLE_ARCHIVE]), first->class);
}

int
lifecycle_check(const struct lifecycle *l, const struct wanted *w,
	bool versioned, struct report *r, struct err *e)
{
	const struct lifecycle_rule *aborts = first_of(l, LIFECYCLE_ABORT,
	    covers, w->prefix);
	const struct lifecycle_rule *old = first_of(l, LIFECYCLE_NONCURRENT,
	    covers, w->prefix);
	int rc;

	if (check_transition(l, w, r, e) != 0 ||
	    check_expiration(l, w, r, e) != 0)
		return -1;
	if (old != NULL)
		rc = report_say(r, REPORT_OK, "noncurrent", e,
		    "kept for %llu days", LL(old->days[LIFECYCLE_NONCURRENT]));
	else if (versioned)
		rc = report_say(r, REPORT_GAP, "noncurrent", e, "what was "
		    "deleted or replaced stays for ever, and is paid for");
	else
		rc = report_say(r, REPORT_OK, "noncurrent", e,
		    "there are no versions");
	if (rc != 0)
		return rc;
	if (aborts != NULL)
		return report_say(r, REPORT_OK, "uploads", e, "cleared after "
		    "%llu days", LL(aborts->days[LIFECYCLE_ABORT]));
	return report_say(r, REPORT_GAP, "uploads", e, "parts of uploads that "
	    "never ended stay, unseen, and are paid for");
}
