/*
 * The lines of a record that tools have told.
 */
#include <string.h>

#include "step/evidence.h"
#include "tap.h"

static void
receipt_is(const char *receipt, const char *expected, const char *what)
{
	struct buf out = BUF_INIT(4096);

	evidence_put_receipt(&out, receipt);
	tap_text(buf_text(&out), expected, "%s", what);
	buf_free(&out);
}

static void
facts_are(const char *json, const char *expected, const char *what)
{
	struct buf out = BUF_INIT(4096);

	evidence_put_facts(&out, json, strlen(json));
	tap_text(buf_text(&out), expected, "%s", what);
	buf_free(&out);
}

static void
test_receipts(void)
{
	static const char all[] = "bytes=12\netag=e-1\nversion=v\nsha256=abc\n";

	receipt_is("s3://b/k\t12\te-1\tv\tabc\n", all, "a receipt");
	receipt_is("s3://b/k\t12\te-1\tv\tabc\r\n", all, "of Windows");
	receipt_is("s3://b/k\t12\te-1\t-\tabc\n",
	    "bytes=12\netag=e-1\nversion=-\nsha256=abc\n", "no version");
	receipt_is("s3://b/k\t12\t\t-\tabc\n",
	    "bytes=12\nversion=-\nsha256=abc\n", "no ETag");
	receipt_is("", "", "none");
	receipt_is("s3://b/k\t12\te-1\tv\tabc", "", "one that was cut");
	receipt_is("s3://b/k\t12\te-1\tv\n", "", "too short a one");
	receipt_is("s3://b/k\t12\te-1\tv\tabc\tx\n", "", "too long a one");
}

static void
test_facts(void)
{
	facts_are("{\"verified\":true,\"tables\":1,\"rows\":1000,"
	    "\"counted\":3,\"differences\":[],\"counted_only\":[],\"server\":\"15.10\","
	    "\"dump_server\":\"15.9 (Debian 15.9-1)\","
	    "\"restore_seconds\":0.125,\"verify_seconds\":2.0}\n",
	    "dump_server=PostgreSQL 15.9\nserver=PostgreSQL 15.10\n"
	    "tables=1\nrows=1000\ncounted=3\nrestore_seconds=0.125\n"
	    "verify_seconds=2.0\ndifferences=0\n", "all of them");
	facts_are("{\"tables\":2,\"differences\":[{\"table\":\"\\\"rows\\\":7\","
	    "\"what\":\"rows\"},{\"table\":\"u\",\"what\":\"digest\"}]}",
	    "tables=2\ndifferences=2\n", "a name can't pass for a fact");
	facts_are("{\"tables\":\"7\",\"rows\":null,\"server\":\"\"}", "",
	    "values of a wrong kind");
	facts_are("", "", "none");
	facts_are("{\"tables\":7", "", "what was cut");
}

int
main(void)
{
	struct buf out = BUF_INIT(4096);

	evidence_put(&out, "db", "a=b");
	evidence_put(&out, "kept", "");
	tap_text(buf_text(&out), "db=a=b\n", "no empty values");
	buf_free(&out);
	test_receipts();
	test_facts();
	return tap_done();
}
