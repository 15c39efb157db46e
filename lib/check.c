/*
 * The first bytes decide which way a stream is checked.
 */
#include <inttypes.h>
#include <string.h>

#include "check_private.h"
#include "log.h"
#include "os.h"

#define MANIFEST_MAX ((size_t)256 << 20)

static int
name_input(const struct input *in, struct err *e)
{
	return e->kind == ERR_SIGNAL ? -1 : err_context(e, "'%s'", in->name);
}

/* From the head as long as it lasts. */
static ssize_t
read_raw(struct input *in, void *out, size_t size, struct err *e)
{
	size_t n = size < in->head_len ? size : in->head_len;
	ssize_t more;

	if (n > 0) {
		memcpy(out, in->head, n);
		in->head += n;
		in->head_len -= n;
	}
	more = os_read_full(in->fd, (char *)out + n, size - n, e);
	return more < 0 ? name_input(in, e) : (ssize_t)n + more;
}

ssize_t
check_read(struct input *in, void *out, size_t size, struct err *e)
{
	size_t n = size < in->first_len ? size : in->first_len;
	ssize_t more;

	memcpy(out, in->first, n);
	memmove(in->first, in->first + n, in->first_len - n);
	in->first_len -= n;
	if ((more = read_raw(in, (char *)out + n, size - n, e)) < 0)
		return -1;
	in->bytes += n + (size_t)more;
	return (ssize_t)n + more;
}

int
check_pass(const struct check *c, const void *data, size_t len, struct err *e)
{
	if (c->hooks.bytes == NULL || len == 0)
		return 0;
	return c->hooks.bytes(c->hooks.ctx, data, len, e);
}

int
check_seal(struct check *c, struct seal_sum *sum, const uint8_t *seal,
	struct err *e)
{
	uint8_t only[SEAL_END_SIZE];
	struct seal_totals totals;

	if (seal_sum_final(sum, &totals, e) != 0)
		return -1;
	seal_make_end(only, &totals);
	if (memcmp(only, seal, sizeof(only)) != 0) {
		err_set(e, ERR_VERDICT, "the seal at byte %" PRIu64 " does not "
		    "fit the %" PRIu64 " members before it",
		    totals.stream_bytes, totals.members);
		return err_hint(e, "bytes were changed, or members left out");
	}
	c->members++;
	c->sealed = true;
	memcpy(c->sha256, totals.sha256, sizeof(c->sha256));
	return check_pass(c, only, sizeof(only), e);
}

/* The size of a file is known before its end. */
static void
start_progress(struct input *in)
{
	struct os_stat st = { .kind = OS_OTHER };
	struct err ignored;

	(void)os_fstat(in->fd, &st, &ignored);
	progress_start(&in->progress, st.kind == OS_FILE ? st.size : 0);
}

void
check_progress(struct input *in)
{
	progress_show(&in->progress, in->bytes, NULL);
}

/* Say what it is instead, where that is known. */
static int
not_gzip(const struct input *in, struct err *e)
{
	static const struct {
		const char *magic, *hint;
	} kinds[] = {
		{ "PGDMP", "it is pg_dump's custom format, which pg_restore "
		    "reads" },
		{ "age-encryption.org/", "decrypt it first" },
		{ "-----BEGIN ", "decrypt it first" },
		{ "Salted__", "decrypt it first" },
		{ "\x28\xb5\x2f\xfd", "it is zstd; only gzip can be checked" },
		{ "\xfd" "7zXZ", "it is xz; only gzip can be checked" },
		{ "BZh", "it is bzip2; only gzip can be checked" },
		{ "", "pipe plain text through gzip first" },
	};
	size_t i = 0;

	while (in->first_len < strlen(kinds[i].magic) ||
	    memcmp(in->first, kinds[i].magic, strlen(kinds[i].magic)) != 0)
		i++;
	err_set(e, ERR_VERDICT, "the input is not gzip");
	return err_hint(e, "%s", kinds[i].hint);
}

int
check_stream(struct check *c, int fd, struct err *e)
{
	struct input in = { .name = c->name, .fd = fd, .head = c->head,
		.head_len = c->head_len };
	struct seal_header h;
	ssize_t n;
	int known, rc;

	buf_init(&c->manifest, MANIFEST_MAX);
	start_progress(&in);
	n = read_raw(&in, in.first, sizeof(in.first), e);
	if (n < 0)
		return -1;
	if (n == 0)
		return err_set(e, ERR_VERDICT, "the input is empty");
	in.first_len = (size_t)n;
	if (in.first[0] != 0x1f)
		return not_gzip(&in, e);
	known = seal_parse_header(in.first, in.first_len, &h, e);
	if (known < 0)
		return err_context(e, "member 1");
	if (known == 0)
		rc = check_foreign(c, &in, false, e);
	else if (h.kind == SEAL_START)
		rc = check_foreign(c, &in, true, e);
	else
		rc = check_sealed(c, &in, e);
	c->bytes = in.bytes;
	log_progress_end();
	return rc;
}

void
check_free(struct check *c)
{
	buf_free(&c->manifest);
}
