/*
 * The evidence of one restore or drill: what was read, into what, and what
 * came of it.
 */
#include <stdlib.h>
#include <string.h>

#include "blame.h"
#include "chore.h"
#include "evidence.h"
#include "os.h"

#define FACTS_MAX PLACE_FILE_MAX

/* blame STATUS: what ended so, by how {fetched} ended, stands for */
int
chore_blame(const struct place *p, char **args, size_t nargs, struct err *e)
{
	char *fetched = chore_text(p, "{fetched}", e);
	int rc = fetched != NULL ? blame_status(fetched, args[0]) : -1;

	(void)nargs;
	free(fetched);
	return rc;
}

/* "KEY=" and what the template after it stands for, if anything. */
static int
put(const struct place *p, const char *key, const char *template,
	struct buf *out, struct err *e)
{
	char *value = chore_text(p, template, e);

	if (value == NULL)
		return -1;
	evidence_put(out, key, value);
	free(value);
	return 0;
}

/* A file here has a size, an object a receipt. */
static int
put_read(const struct place *p, struct buf *out, struct err *e)
{
	struct buf receipt = BUF_INIT(1 << 16);
	char *place = chore_text(p, "{place}", e);
	int rc = place != NULL ? 0 : -1;

	if (rc == 0 && strcmp(place, "local") == 0)
		rc = put(p, "bytes", "{size:where}", out, e);
	else if (rc == 0 && (rc = place_read(p, "got", &receipt, e)) == 0)
		evidence_put_receipt(out, buf_text(&receipt));
	free(place);
	buf_free(&receipt);
	return rc;
}

static int
put_facts(const struct place *p, struct buf *out, struct err *e)
{
	struct buf facts = BUF_INIT(FACTS_MAX);
	int rc = place_read(p, "facts", &facts, e);

	if (rc == 0)
		evidence_put_facts(out, buf_text(&facts), facts.len);
	buf_free(&facts);
	return rc;
}

/* evidence: keep {evidence}, KEY=VALUE lines of all that is known */
int
chore_evidence(const struct place *p, char **args, size_t nargs,
	struct err *e)
{
	struct buf out = BUF_INIT(PLACE_FILE_MAX);
	int rc = -1;

	(void)args;
	(void)nargs;
	if (put(p, "action", "{OPT_MODE}", &out, e) == 0 &&
	    put(p, "db", "{db}", &out, e) == 0 &&
	    put(p, "backup", "{where}", &out, e) == 0 &&
	    put(p, "made", "{stamp}", &out, e) == 0 &&
	    put(p, "age_seconds", "{age}", &out, e) == 0 &&
	    put_read(p, &out, e) == 0 &&
	    put(p, "into", "{into}", &out, e) == 0 &&
	    put(p, "kept", "{kept}", &out, e) == 0 &&
	    put(p, "host", "{host}", &out, e) == 0 &&
	    put_facts(p, &out, e) == 0 &&
	    put(p, "seconds", "{since:began}", &out, e) == 0 &&
	    buf_check(&out, "the evidence", e) == 0)
		rc = place_write(p, "evidence", buf_text(&out), out.len, e);
	buf_free(&out);
	return rc;
}
