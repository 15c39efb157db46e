/* toc: what an archive holds, whatever its objects are called. */
#include "pgdumpz/toc.h"
#include "tap.h"

static const char all[] =
	";\n; Archive created at 2026-11-22 22:49:35 UTC\n"
	";     dbname: t; 1; 2\n;\n"
	"2; 3079 16386 EXTENSION - hstore \n"
	"216; 1259 16515 TABLE DATA DATA postgres\n"
	"217; 1259 16516 SEQUENCE SET s postgres\n"
	"3505; 0 0 ACL public TABLE a postgres\n"
	"218; 2604 16518 DEFAULT ACL x id postgres\n"
	"3494; 2613 16561 BLOB - 16561 postgres\n"
	"3495; 2613 16562 BLOBS x y z\n"
	"3487; 0 4294967295 TABLE DATA public a b; c postgres\n"
	"3511; 0 0 SEQUENCE SET public a_id_seq postgres\n"
	"3496; 0 0 BLOBS - BLOBS \n"
	"3341; 2606 16523 CONSTRAINT public a a_pkey postgres\n"
	"3342; 0 0 STATISTICS DATA public a postgres\n"
	"2169; 826 16562 DEFAULT ACL - DEFAULT PRIVILEGES FOR TABLES p\n";
static const char post[] =
	";\n3341; 2606 16523 CONSTRAINT public a a_pkey postgres\n";

static void
test_kinds(void)
{
	static const enum toc_kind kinds[] = { TOC_PRE, TOC_PRE, TOC_PRE,
		TOC_POST, TOC_PRE, TOC_PRE, TOC_PRE, TOC_TABLE, TOC_SEQUENCE,
		TOC_LOBS, TOC_POST, TOC_POST, TOC_POST };
	struct buf list = BUF_INIT(1000);
	struct err e = ERR_INIT;
	struct toc toc;
	size_t i;

	if (!tap_ok(toc_parse(&toc, all, post, &e) == 0, "parsed: %s",
	    e.text) || !tap_int((int64_t)toc.len, 13, "entries"))
		return;
	for (i = 0; i < toc.len; i++)
		tap_int(toc.entries[i].kind, kinds[i], "kind of entry %llu",
		    (unsigned long long)toc.entries[i].id);
	tap_int(toc.entries[7].oid, 4294967295, "the largest OID");
	tap_ok(toc_has(&toc, TOC_LOBS), "has large objects");
	toc_put_list(&toc, TOC_POST, &list);
	tap_text(buf_text(&list), "3505\n3341\n3342\n2169\n",
	    "a list for pg_restore");
	buf_free(&list);
	toc_free(&toc);
	tap_ok(!toc_has(&toc, TOC_PRE), "freed");
}

static void
test_refused(void)
{
	static const char *const bad[] = { "x; 1 2 T\n", "1 1 2 T\n",
		"1; 1\n", "1; 1 4294967296 T\n", "1;1 2 T\n",
		"99999999999999999999; 1 2 T\n", " 1; 1 2 T\n" };
	struct err e = ERR_INIT;
	struct toc toc;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		tap_int(toc_parse(&toc, bad[i], "", &e), -1, "refused: %s",
		    bad[i]);
	tap_int(toc_parse(&toc, "1; 1 2 T\n", "3; 1 2 T\n", &e), -1,
	    "a post-data entry that is not in the whole list");
	tap_int(toc_parse(&toc, "", "", &e), 0, "an empty list");
	toc_free(&toc);
	tap_int(toc_parse(&toc, "1; 1 2 T\r\n;\r\n\r\n", "", &e), 0, "CRLF");
	toc_free(&toc);
}

int
main(void)
{
	test_kinds();
	test_refused();
	return tap_done();
}
