/*
 * The XML that S3 is sent, and answers with, on expat: listings, results, errors. Decides
 * deletions, so nothing is guessed: what is not well-formed, has a document
 * type or entities, or is deeper or longer than S3's answers is refused.
 */
#ifndef S3XML_H
#define S3XML_H

#include <stddef.h>

#include "buf.h"
#include "err.h"

#define S3XML_NAMESPACE "http://s3.amazonaws.com/doc/2006-03-01/"
#define S3XML_DEPTH_MAX 8
#define S3XML_TEXT_MAX (16 * 1024)	/* a key of 1,024 bytes, url-encoded,
					 * takes 3,072 */

/*
 * Called at the start of an element (text NULL) and at its end (text: its own
 * characters, "" when it has none, terminated, without a zero byte). path holds
 * the names from the root, without namespaces: "Error/Code". Both are
 * borrowed for the call. Non-zero stops the parser.
 */
struct s3xml_handler {
	int (*element)(void *ctx, const char *path, const char *text,
	    struct err *e);
	void *ctx;
};

struct s3xml;

struct s3xml *s3xml_new(const struct s3xml_handler *handler, struct err *e);
void s3xml_free(struct s3xml *x);

/* White space before the document, which S3 sends to keep a connection, is
 * skipped. Errors are ERR_REMOTE, or what the handler has set. */
int s3xml_feed(struct s3xml *x, const void *data, size_t len, struct err *e);
/* The document must be whole. */
int s3xml_finish(struct s3xml *x, struct err *e);

/* All in one. */
int s3xml_parse(const void *data, size_t len,
	const struct s3xml_handler *handler, struct err *e);

/*
 * What an answer is, as its root tells: Error, or a result. Texts are cut,
 * "" when absent. -1: not a whole document.
 */
struct s3xml_summary {
	char root[64];
	char code[64];		/* of an Error */
	char message[512];
	char request_id[128];
	char region[64];	/* the right one, with some errors */
	char endpoint[256];
	char etag[128];		/* of a result, without quotes */
	char header[128];	/* of a request, that an Error is about */
};

int s3xml_summarize(const void *data, size_t len, struct s3xml_summary *out,
	struct err *e);

/* Write: "<NAME>TEXT</NAME>", the text escaped. */
void s3xml_put(struct buf *out, const char *name, const char *text);
void s3xml_put_text(struct buf *out, const char *text);

/* Copy an ETag without its quotes. */
void s3xml_copy_etag(char *out, size_t size, const char *etag);

#endif
