/*
 * S3 replaces all rules at once, so those of others are written back as they
 * were read, element by element.
 */
#include <string.h>

#include "lifecycle.h"
#include "s3xml.h"

#define ROOT "LifecycleConfiguration"
#define OUR_ID "pgdumpz "	/* and the prefix */
#define RULE_MAX (64u * 1024)

struct merge {
	struct buf rule;	/* the one at hand */
	struct buf *out;
	char our_id[256];
	bool is_ours;
	bool has_prefix, has_filter;	/* of others: AWS takes no mixture */
	size_t open_at;		/* length behind the last start tag */
};

static const char *
last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

static int
on_element(void *ctx, const char *path, const char *text, struct err *e)
{
	struct merge *m = ctx;
	const char *name = last_name(path);

	if (strncmp(path, ROOT "/Rule", sizeof(ROOT "/Rule") - 1) != 0)
		return 0;
	if (text == NULL) {
		if (strcmp(path, ROOT "/Rule") == 0) {
			buf_reset(&m->rule);
			m->is_ours = false;
		}
		buf_printf(&m->rule, "<%s>", name);
		m->open_at = m->rule.len;
		return 0;
	}
	if (strcmp(path, ROOT "/Rule/ID") == 0 &&
	    strcmp(text, m->our_id) == 0)
		m->is_ours = true;
	m->has_prefix |= strcmp(path, ROOT "/Rule/Prefix") == 0;
	m->has_filter |= strcmp(path, ROOT "/Rule/Filter") == 0;
	if (m->open_at == m->rule.len)	/* without children */
		s3xml_put_text(&m->rule, text);
	buf_printf(&m->rule, "</%s>", name);
	if (strcmp(path, ROOT "/Rule") != 0 || m->is_ours)
		return 0;
	buf_puts(m->out, buf_text(&m->rule));
	return buf_check(&m->rule, "a lifecycle rule", e);
}

static void
put_days(struct buf *out, const char *name, uint64_t days)
{
	buf_printf(out, "<%s>%llu</%s>", name, (unsigned long long)days, name);
}

static void
put_ours(struct buf *out, const struct wanted *w, const struct merge *m)
{
	bool old_style = m->has_prefix && !m->has_filter;

	buf_puts(out, "<Rule>");
	s3xml_put(out, "ID", m->our_id);
	buf_puts(out, old_style ? "" : "<Filter>");
	s3xml_put(out, "Prefix", w->prefix);
	buf_puts(out, old_style ? "" : "</Filter>");
	buf_puts(out, "<Status>Enabled</Status>");
	if (w->archive_days != 0) {
		buf_puts(out, "<Transition>");
		put_days(out, "Days", w->archive_days);
		s3xml_put(out, "StorageClass", w->archive_class);
		buf_puts(out, "</Transition>");
	}
	if (w->expire_days != 0) {
		buf_puts(out, "<Expiration>");
		put_days(out, "Days", w->expire_days);
		buf_puts(out, "</Expiration>");
	}
	buf_puts(out, "<NoncurrentVersionExpiration>");
	put_days(out, "NoncurrentDays", w->noncurrent_days);
	buf_puts(out, "</NoncurrentVersionExpiration>"
	    "<AbortIncompleteMultipartUpload>");
	put_days(out, "DaysAfterInitiation", w->abort_days);
	buf_puts(out, "</AbortIncompleteMultipartUpload></Rule>");
}

int
lifecycle_merge(const struct buf *old, const struct wanted *w,
	struct buf *out, struct err *e)
{
	struct merge m = { .rule = BUF_INIT(RULE_MAX), .out = out };
	const struct s3xml_handler handler = { on_element, &m };
	int rc = 0;

	if (snprintf(m.our_id, sizeof(m.our_id), OUR_ID "%s", w->prefix) >=
	    (int)sizeof(m.our_id))
		return err_set(e, ERR_USAGE, "the prefix is too long for the "
		    "ID of a lifecycle rule");
	buf_puts(out, "<" ROOT " xmlns=\"" S3XML_NAMESPACE "\">");
	if (old->len > 0)
		rc = s3xml_parse(old->data, old->len, &handler, e);
	put_ours(out, w, &m);
	buf_puts(out, "</" ROOT ">");
	buf_free(&m.rule);
	return rc != 0 ? rc : buf_check(out, "the lifecycle rules", e);
}
