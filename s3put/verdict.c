/*
 * A pipeline forgets failures: a producer that died closes its pipe like one
 * that is done. So the bytes themselves must say that they are whole before
 * they become an object.
 */
#include "verdict.h"

static int
refuse(const struct put *p, const char *why, const char *hint, struct err *e)
{
	err_set(e, ERR_VERDICT, "refused 's3://%s/%s': %s %s",
	    p->upload.name.bucket, p->upload.name.key, p->source->name, why);
	return err_hint(e, "%s", hint);
}

bool
verdict_needs_seal(const struct put *p)
{
	return !p->source->is_file && p->source->command == NULL && !p->unsealed;
}

int
verdict_on_end(const struct put *p, enum seal_state state, struct err *e)
{
	switch (state) {
	case SEAL_HELD:
		return 0;
	case SEAL_BROKEN:
		return refuse(p, "is not whole: its seal is missing or does "
		    "not hold", "what made it failed or was stopped, see its "
		    "messages; or it was damaged on its way", e);
	case SEAL_FOREIGN:
		if (!verdict_needs_seal(p))
			return 0;
		return refuse(p, "is not a sealed stream",
		    "put gzverify before s3put, or let s3put run the command: "
		    "s3put KEY -- COMMAND", e);
	case SEAL_EMPTY:
		break;
	}
	if (p->source->is_file)
		return 0;
	return refuse(p, "is empty",
	    "what should have made it failed; see its messages", e);
}

int
verdict_on_start(const struct put *p, const void *data, size_t n, struct err *e)
{
	struct seal_header h;
	int rc;

	if (n == 0)
		return verdict_on_end(p, SEAL_EMPTY, e);
	rc = seal_parse_header(data, n, &h, e);
	if (rc < 0)
		return err_context(e, "refused 's3://%s/%s'",
		    p->upload.name.bucket, p->upload.name.key);
	return rc == 0 ? verdict_on_end(p, SEAL_FOREIGN, e) : 0;
}

int
verdict_on_file(const struct put *p, struct err *e)
{
	const struct source *s = p->source;
	uint8_t head[SEAL_HEADER_SIZE] = { 0 };
	uint8_t tail[SEAL_END_SIZE] = { 0 };
	struct err ignored = ERR_INIT;
	struct seal_header h;

	if (!s->is_named || !s->is_file || s->before.size < sizeof(tail))
		return 0;
	if (os_pread(s->fd, head, sizeof(head), 0, e) < 0 ||
	    os_pread(s->fd, tail, sizeof(tail), s->before.size - sizeof(tail),
	    e) < 0)
		return err_context(e, "%s", s->name);
	if (seal_parse_header(head, sizeof(head), &h, &ignored) == 0 ||
	    seal_check_tail(tail, s->before.size, NULL))
		return 0;
	return verdict_on_end(p, SEAL_BROKEN, e);
}
