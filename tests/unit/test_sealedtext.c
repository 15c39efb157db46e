/*
 * Text comes out of a sealed stream, and of nothing less.
 */
#include <string.h>

#include "lib/os.h"
#include "lib/seal.h"
#include "step/sealedtext.h"
#include "tap.h"

/* A stream of two members, sealed; fd is at its end. */
static int
make_stream(int fd, struct err *e)
{
	struct seal_packer *p = seal_packer_new(1, e);
	struct seal_writer *w = seal_writer_new(fd, e);
	struct buf first = BUF_INIT(4096), second = BUF_INIT(4096);
	int rc = -1;

	if (p != NULL && w != NULL &&
	    seal_pack(p, SEAL_PRE, "CREATE ROLE a;\n", 15, &first, e) == 0 &&
	    seal_pack(p, SEAL_MANIFEST, "-- {}\n", 6, &second, e) == 0 &&
	    seal_writer_put(w, first.data, first.len, e) == 0 &&
	    seal_writer_put(w, second.data, second.len, e) == 0)
		rc = seal_writer_finish(w, e);
	buf_free(&first);
	buf_free(&second);
	seal_writer_free(w);
	seal_packer_free(p);
	return rc;
}

/* What comes of it when all but the first size - less bytes are cut off. */
static int
read_stream(uint64_t less, struct buf *out, struct err *e)
{
	int fd = os_temp_file(e), rc = -1;
	uint64_t size = 0;

	if (fd >= 0 && make_stream(fd, e) == 0 && os_tell(fd, &size, e) == 0 &&
	    os_truncate(fd, size - less, e) == 0 && os_rewind(fd, e) == 0)
		rc = sealedtext_read(fd, out, e);
	if (fd >= 0)
		(void)os_close(fd, &(struct err)ERR_INIT);
	return rc;
}

int
main(void)
{
	struct buf out = BUF_INIT(SEALEDTEXT_MAX), small = BUF_INIT(8);
	struct err e = ERR_INIT;

	tap_int(read_stream(0, &out, &e), 0, "a sealed stream");
	tap_text(buf_text(&out), "CREATE ROLE a;\n-- {}\n", "all its text");
	buf_free_secret(&out);
	tap_int(read_stream(SEAL_END_SIZE, &out, &e), -1, "without its seal");
	tap_int(e.kind, ERR_VERDICT, "it is refused");
	buf_free_secret(&out);
	tap_int(read_stream(1, &out, &e), -1, "with a cut one");
	tap_int(e.kind, ERR_VERDICT, "too");
	buf_free_secret(&out);
	e = (struct err)ERR_INIT;
	tap_int(read_stream(0, &small, &e), -1, "too long a text");
	tap_int(e.kind, ERR_LOCAL, "is another failure");
	buf_free_secret(&small);
	return tap_done();
}
