/* buf: grows to its ceiling and no further; failure sticks. */
#include "buf.h"
#include "tap.h"

int
main(void)
{
	struct buf b = BUF_INIT(10);
	struct err e = ERR_INIT;

	tap_text(buf_text(&b), "", "empty text");
	buf_puts(&b, "12345");
	buf_printf(&b, "%d", 678);
	tap_text(buf_text(&b), "12345678", "append");
	buf_put(&b, "90", 2);
	tap_int((int64_t)b.len, 10, "filled to its ceiling");
	tap_int(buf_check(&b, "it", &e), 0, "full is not failed");
	buf_putc(&b, 'x');
	tap_int(buf_check(&b, "it", &e), -1, "above the ceiling fails");
	tap_int(e.kind, ERR_LOCAL, "its kind");
	tap_text(buf_text(&b), "1234567890", "what was there stays");
	buf_drop(&b, 4);
	buf_puts(&b, "x");
	tap_text(buf_text(&b), "567890", "failure sticks");
	buf_reset(&b);
	buf_puts(&b, "y");
	tap_text(buf_text(&b), "y", "reset forgets it");
	tap_ok(buf_room(&b, SIZE_MAX) == NULL, "no overflow in room");
	buf_free(&b);
	tap_text(buf_text(&b), "", "freed");
	return tap_done();
}
