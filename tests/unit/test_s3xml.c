#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "s3xml.h"
#include "tap.h"

/* Events as text: "<path" at a start, "path=text;" at an end. */
static int
record(void *ctx, const char *path, const char *text, struct err *e)
{
	struct buf *out = ctx;

	if (strcmp(path, "stop") == 0)
		return err_set(e, ERR_LOCAL, "stopped");
	if (text == NULL)
		buf_printf(out, "<%s ", path);
	else
		buf_printf(out, "%s=%s; ", path, text);
	return 0;
}

static const char *
events(const char *xml, struct err *e)
{
	static struct buf out = BUF_INIT(1u << 20);
	struct s3xml_handler h = { record, &out };

	buf_reset(&out);
	if (s3xml_parse(xml, strlen(xml), &h, e) != 0)
		return "refused";
	return buf_text(&out);
}

static void
test_events(void)
{
	static const struct { const char *what, *xml, *events; } cases[] = {
		{ "a leaf", "<a>text</a>", "<a a=text; " },
		{ "an empty one", "<a/>", "<a a=; " },
		{ "nested", "<a><b>1</b><b>2</b></a>",
		    "<a <a/b a/b=1; <a/b a/b=2; a=; " },
		{ "a declaration behind blanks",
		    " \r\n\t<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a/>",
		    "<a a=; " },
		{ "a namespace", "<a xmlns=\"http://s3.amazonaws.com/\"/>",
		    "<a a=; " },
		{ "a prefix", "<s:a xmlns:s=\"x\"><s:b>1</s:b></s:a>",
		    "<a <a/b a/b=1; a=; " },
		{ "references", "<a>&lt;&amp;&gt;&quot;&apos;&#233;&#x20;</a>",
		    "<a a=<&>\"'\xc3\xa9 ; " },
		{ "CDATA", "<a><![CDATA[<x>&]]></a>", "<a a=<x>&; " },
		{ "comments", "<a>1<!-- no -->2</a>", "<a a=12; " },
		{ "eight levels", "<a><b><c><d><e><f><g><h>x</h></g></f></e>"
		    "</d></c></b></a>", NULL },
	};
	struct err e = ERR_INIT;
	const char *got;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		got = events(cases[i].xml, &e);
		if (cases[i].events != NULL)
			tap_text(got, cases[i].events, "%s", cases[i].what);
		else
			tap_ok(strcmp(got, "refused") != 0, "%s",
			    cases[i].what);
	}
}

static void
test_refusals(void)
{
	static const struct { const char *what, *xml; } cases[] = {
		{ "nothing", "" },
		{ "blanks", " \n" },
		{ "no XML", "Service Unavailable" },
		{ "HTML", "<html><head><br></head></html>" },
		{ "cut", "<a><b>1</b>" },
		{ "cut in a tag", "<a><b" },
		{ "two roots", "<a/><b/>" },
		{ "trailing text", "<a/>x" },
		{ "a bare ampersand", "<a>&</a>" },
		{ "an unknown entity", "<a>&nbsp;</a>" },
		{ "wrong nesting", "<a><b></a></b>" },
		{ "a control character", "<a>\x01</a>" },
		{ "bad UTF-8", "<a>\xff</a>" },
		{ "a document type", "<!DOCTYPE a><a/>" },
		{ "an external one", "<!DOCTYPE a SYSTEM \"file:///etc/passwd\">"
		    "<a/>" },
		{ "billion laughs", "<!DOCTYPE a [<!ENTITY l \"ha\">"
		    "<!ENTITY m \"&l;&l;&l;&l;&l;&l;&l;&l;\">]><a>&m;</a>" },
		{ "nine levels", "<a><b><c><d><e><f><g><h><i/></h></g></f>"
		    "</e></d></c></b></a>" },
	};
	struct err e = ERR_INIT;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		e.kind = ERR_NONE;
		tap_text(events(cases[i].xml, &e), "refused", "%s",
		    cases[i].what);
		tap_int((int)e.kind, ERR_REMOTE, "%s", e.text);
	}
	tap_text(events("<stop/>", &e), "refused", "a handler says no");
	tap_text(e.text, "stopped", "in its own words");
}

static void
test_lengths(void)
{
	struct buf xml = BUF_INIT(1u << 20);
	struct err e = ERR_INIT;
	size_t i;

	buf_puts(&xml, "<a>");
	for (i = 0; i < S3XML_TEXT_MAX; i++)
		buf_putc(&xml, 'x');
	buf_puts(&xml, "</a>");
	tap_ok(strcmp(events(xml.data, &e), "refused") != 0, "a long text");
	xml.len -= 4;
	buf_puts(&xml, "y</a>");
	tap_text(events(xml.data, &e), "refused", "one too long");
	buf_reset(&xml);
	buf_putc(&xml, '<');
	for (i = 0; i < 400; i++)
		buf_putc(&xml, 'x');
	buf_puts(&xml, "/>");
	tap_text(events(xml.data, &e), "refused", "a name too long");
	buf_free(&xml);
}

/* The same, a byte at a time. */
static void
test_pieces(void)
{
	static const char xml[] = "\n<?xml version=\"1.0\"?><a><b>\xc3\xa9"
	    "&amp;</b><c/></a>";
	struct buf out = BUF_INIT(4096);
	struct s3xml_handler h = { record, &out };
	struct err e = ERR_INIT;
	struct s3xml *x = s3xml_new(&h, &e);
	size_t i;
	int rc = 0;

	for (i = 0; i < sizeof(xml) - 1; i++)
		rc |= s3xml_feed(x, xml + i, 1, &e);
	tap_int(rc | s3xml_finish(x, &e), 0, "a byte at a time");
	tap_text(buf_text(&out), "<a <a/b a/b=\xc3\xa9&; <a/c a/c=; a=; ",
	    "gives the same");
	s3xml_free(x);
	s3xml_free(NULL);
	buf_free(&out);
}

static void
test_summary(void)
{
	static const char failure[] = "<Error><Code>NoSuchKey</Code><Message>"
	    "The key</Message><RequestId>R1</RequestId><Region>eu-x</Region>"
	    "<ETag>no</ETag></Error>";
	static const char result[] = "<CompleteMultipartUploadResult>"
	    "<ETag>&quot;abc-2&quot;</ETag><Code>no</Code>"
	    "</CompleteMultipartUploadResult>";
	struct s3xml_summary s;
	struct err e = ERR_INIT;
	char etag[8];

	tap_int(s3xml_summarize(failure, strlen(failure), &s, &e), 0,
	    "an error");
	tap_ok(strcmp(s.root, "Error") == 0 &&
	    strcmp(s.code, "NoSuchKey") == 0 &&
	    strcmp(s.message, "The key") == 0 &&
	    strcmp(s.request_id, "R1") == 0 &&
	    strcmp(s.region, "eu-x") == 0 && s.etag[0] == '\0', "its fields");
	tap_int(s3xml_summarize(result, strlen(result), &s, &e), 0,
	    "a result");
	tap_ok(strcmp(s.etag, "abc-2") == 0 && s.code[0] == '\0',
	    "its fields");
	tap_int(s3xml_summarize(result, strlen(result) - 3, &s, &e), -1,
	    "half of one is none");
	s3xml_copy_etag(etag, sizeof(etag), "\"123456789\"");
	tap_text(etag, "1234567", "an ETag is cut to size");
	s3xml_copy_etag(etag, sizeof(etag), "\"");
	tap_text(etag, "\"", "a lone quote stays");
}

int
main(void)
{
	test_events();
	test_refusals();
	test_lengths();
	test_pieces();
	test_summary();
	return tap_done();
}
