/*
 * An address goes into headers, into the dialogue with a server and into the
 * argv of sendmail. One that could mean anything else in one of them is none.
 */
#include <string.h>

#include "address.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"
/* atext and dots (RFC 5322, 3.2.3) */
#define USER_CHARS LETTERS DIGITS "!#$%&'*+-/=?^_`{|}~."
#define HOST_CHARS LETTERS DIGITS ".-"

int
address_check(const char *address, struct err *e)
{
	size_t len = strlen(address), user = strspn(address, USER_CHARS), host;

	host = address[user] == '@' ?
	    strspn(address + user + 1, HOST_CHARS) : 0;
	if (user > 0 && address[0] != '-' && len <= ADDRESS_MAX &&
	    (len == user || (host > 0 && len == user + 1 + host)))
		return 0;
	err_set(e, ERR_USAGE, "'%s' is not an address of mail", address);
	return err_hint(e, "write USER@HOST, each address as one argument");
}

static void
put_known(struct buf *out, const char *text, const char *known)
{
	size_t len;

	for (; *text != '\0'; text += len) {
		len = strspn(text, known);
		buf_put(out, text, len);
		if (len == 0) {
			buf_putc(out, '-');
			len = 1;
		}
	}
}

void
address_put_own(struct buf *out, const char *user, const char *host)
{
	put_known(out, user, LETTERS DIGITS "._");
	buf_putc(out, '@');
	put_known(out, host, HOST_CHARS);
}
