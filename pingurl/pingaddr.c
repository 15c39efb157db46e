/*
 * A service such as healthchecks.io tells what happened by the end of the
 * path, which is before a query.
 */
#include <string.h>

#include "pingaddr.h"

static int
wrong(struct err *e, const char *what)
{
	err_set(e, ERR_USAGE, "HEALTHCHECK_URL: %s", what);
	return err_hint(e, "write http[s]://HOST/PATH");
}

/* Behind "http://", or NULL. */
static const char *
after_scheme(const char *url)
{
	if (strncmp(url, "https://", 8) == 0)
		return url + 8;
	return strncmp(url, "http://", 7) == 0 ? url + 7 : NULL;
}

int
pingaddr_put(struct buf *out, const char *url, const char *verb,
	struct err *e)
{
	const char *rest = after_scheme(url), *p;
	size_t path;

	if (rest == NULL)
		return wrong(e, "it begins neither with http:// nor https://");
	if (*rest == '\0' || strchr("/?:@", *rest) != NULL)
		return wrong(e, "no host");
	for (p = rest; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || *p == 127 || *p == '#')
			return wrong(e, "a blank, a # or a control character "
			    "is in it");
	path = strcspn(rest, "?");
	p = rest + path;
	while (verb != NULL && path > 0 && rest[path - 1] == '/')
		path--;
	buf_put(out, url, (size_t)(rest - url) + path);
	if (verb != NULL)
		buf_printf(out, "/%s", verb);
	buf_puts(out, p);
	return buf_check(out, "HEALTHCHECK_URL", e);
}

void
pingaddr_put_host(struct buf *out, const char *url)
{
	const char *host = after_scheme(url), *at;
	size_t len;

	if (host == NULL)
		return;
	len = strcspn(host, "/?");
	while ((at = memchr(host, '@', len)) != NULL) {
		len -= (size_t)(at + 1 - host);
		host = at + 1;
	}
	buf_put(out, host, *host == '[' ? strcspn(host, "]") + 1 :
	    strcspn(host, ":/?"));
}
