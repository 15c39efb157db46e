/* conf: every rule of the grammar; a value is what is written. */
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "tap.h"

static int
parse(struct conf *c, const char *text, struct err *e)
{
	*c = (struct conf)CONF_INIT;
	return conf_parse(c, "FILE", text, strlen(text), e);
}

static void
check_value(const char *line, const char *expected)
{
	const struct conf_entry *entry;
	struct err e = ERR_INIT;
	struct conf c;
	char name[128];

	err_escape(name, sizeof(name), line, strlen(line));
	tap_int(parse(&c, line, &e), 0, "%s", name);
	entry = conf_find(&c, "K");
	tap_text(entry != NULL ? entry->value : e.text, expected,
	    "is what it says");
	conf_free(&c);
}

static void
check_values(void)
{
	check_value("K=v", "v");
	check_value("  K \t= \t v w \t\n", "v w");
	check_value("K=", "");
	check_value("K=a=b=c", "a=b=c");
	check_value("K==", "=");
	check_value("K=a#b", "a#b");
	check_value("K=a\"b'c", "a\"b'c");
	check_value("K=$HOME `id` $(id) %d !! \\n ~", "$HOME `id` $(id) %d "
	    "!! \\n ~");
	check_value("K=\xc3\xbc\xe2\x82\xac", "\xc3\xbc\xe2\x82\xac");
	check_value("K=a\tb", "a\tb");
	check_value("\xef\xbb\xbfK=v\r\n", "v");
	check_value("K='v'\r\n", "v");
	check_value("\r\n\r\nK=v", "v");
}

static void
check_quotes(void)
{
	check_value("K=\"v\"", "v");
	check_value("K='v'", "v");
	check_value("K=''", "");
	check_value("K=\"\"", "");
	check_value("K=\" v \"", " v ");
	check_value("K=' # v '", " # v ");
	check_value("K=\"it's\"", "it's");
	check_value("K='say \"x\"'", "say \"x\"");
	check_value("K=\"a\"b\"", "a\"b");
	check_value("K='''", "'");
	check_value("K=\"a\\\"", "a\\");
	check_value("K=\"a\" # why", "a");
	check_value("K=\"a\"\t # say 'why'", "a");
	check_value("K=\"a\"#b\"", "a\"#b");
	check_value("K=\"a\" \"#b\" #", "a\" \"#b");
	check_value("K=\"\"a\"\"", "\"a\"");
}

static void
check_error(const char *text, const char *expected)
{
	struct err e = ERR_INIT;
	struct conf c;

	tap_int(parse(&c, text, &e), -1, "refused");
	tap_int(e.kind, ERR_USAGE, "as wrong configuration");
	tap_text(e.text, expected, "saying where and why");
	conf_free(&c);
}

static void
check_errors(void)
{
	check_error("# c\n\nnothing\n",
	    "cannot read 'FILE', line 3: expected KEY=VALUE");
	check_error("A=1\r\nB=2\r\nA=3\r\n",
	    "cannot read 'FILE', line 3: 'A' is already in line 1");
	check_error("export A=1",
	    "cannot read 'FILE', line 1: a key is made of A-Z, 0-9 and _");
	check_error("=1",
	    "cannot read 'FILE', line 1: a key is made of A-Z, 0-9 and _");
	check_error("1A=1",
	    "cannot read 'FILE', line 1: a key is made of A-Z, 0-9 and _");
	check_error("_A=1",
	    "cannot read 'FILE', line 1: a key is made of A-Z, 0-9 and _");
	check_error("a=1",
	    "cannot read 'FILE', line 1: a key is made of A-Z, 0-9 and _");
	check_error("A=1 # one", "cannot read 'FILE', line 1: ' #' may be "
	    "meant as a part of the value");
	check_error("A= # one", "cannot read 'FILE', line 1: ' #' may be "
	    "meant as a part of the value");
	check_error("A='x",
	    "cannot read 'FILE', line 1: the closing quote is missing");
	check_error("A='x' y",
	    "cannot read 'FILE', line 1: the closing quote is missing");
	check_error("A='x'# y",
	    "cannot read 'FILE', line 1: the closing quote is missing");
	check_error("A='x' # isn't", "cannot read 'FILE', line 1: a quote in "
	    "a comment may be meant as a part of the value");
	check_error("A='",
	    "cannot read 'FILE', line 1: the closing quote is missing");
	check_error("A=x\x01y",
	    "cannot read 'FILE', line 1: control character 0x01");
	check_error("A=x\x1b[31my",
	    "cannot read 'FILE', line 1: control character 0x1b");
	check_error("A=1\rB=2\r",
	    "cannot read 'FILE', line 1: control character 0x0d");
}

/* A broken line may be half a password; no message shows it. */
static void
check_silence(void)
{
	static const char *const lines[] = { "hunter2", "hunter2=x",
		"DB_PASSWORD='hunter2", "DB_PASSWORD=hunter2 #x",
		"DB_PASSWORD=hunter2\x02",
		"DB_PASSWORD=hunter2\nDB_PASSWORD=hunter2" };
	struct err e = ERR_INIT;
	struct conf c;
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		tap_int(parse(&c, lines[i], &e), -1, "a broken line");
		tap_ok(strstr(e.text, "hunter2") == NULL &&
		    strstr(e.hint, "hunter2") == NULL, "is not shown");
		conf_free(&c);
	}
}

static void
check_whole(void)
{
	static const char utf16[] = "\xff\xfe" "K\0=\0v\0";
	struct err e = ERR_INIT;
	struct conf c;

	tap_int(parse(&c, "", &e), 0, "an empty file");
	tap_int((int64_t)c.len, 0, "has no entry");
	tap_int(parse(&c, "\xef\xbb\xbf", &e), 0, "nothing but a BOM");
	tap_int(parse(&c, "# A=1\n\t# B=2\nC=3\n\nD=4", &e), 0, "comments");
	tap_int((int64_t)c.len, 2, "are none");
	tap_text(c.entries[0].key, "C", "in order");
	tap_int(c.entries[0].line, 3, "with its line");
	tap_int(c.entries[1].line, 5, "a last line without its end");
	tap_ok(conf_find(&c, "A") == NULL, "what is not there");
	tap_ok(conf_find(&c, "CC") == NULL, "nor a longer one");
	conf_free(&c);
	tap_int(conf_parse(&c, "FILE", utf16, sizeof(utf16) - 1, &e), -1,
	    "UTF-16");
	tap_text(e.text, "cannot read 'FILE': it is not text in UTF-8",
	    "is told apart");
	conf_free(&c);
}

/* Every printable character, alone and between others. */
static void
check_characters(void)
{
	static const char *const around[][2] = { { "x", "y" }, { "'", "'" },
		{ "'x", "y'" }, { "\"x", "\"" } };
	const struct conf_entry *entry;
	struct err e = ERR_INIT;
	char line[32], passed[96];
	struct conf c;
	size_t i, n;
	int ch;

	for (i = 0; i < sizeof(around) / sizeof(around[0]); i++) {
		for (n = 0, ch = ' '; ch < 0x7f; ch++) {
			(void)snprintf(line, sizeof(line), "K=%s%c%s\n",
			    around[i][0], ch, around[i][1]);
			if (parse(&c, line, &e) == 0 &&
			    (entry = conf_find(&c, "K")) != NULL &&
			    strchr(entry->value, ch) != NULL)
				passed[n++] = (char)ch;
			conf_free(&c);
		}
		passed[n] = '\0';
		tap_int((int64_t)n, 0x7f - ' ', "between %s and %s: %s",
		    around[i][0], around[i][1], passed);
	}
}

int
main(void)
{
	check_values();
	check_quotes();
	check_errors();
	check_silence();
	check_whole();
	check_characters();
	return tap_done();
}
