/* opt: the GNU forms, and errors that name what was wrong. */
#include <string.h>

#include "opt.h"
#include "tap.h"

struct got {
	bool flag;
	const char *text;
	uint64_t count, size;
	int64_t age;
	struct opt_list pass;
};

static int
parse(struct got *g, struct opt_result *r, enum opt_command has_command, char **argv,
	struct err *e)
{
	const struct opt opts[] = {
		{ 'f', "flag", NULL, OPT_FLAG, &g->flag, "a flag" },
		{ 't', "text", "TEXT", OPT_TEXT, &g->text, "a text" },
		{ 'j', "jobs", "N", OPT_COUNT, &g->count, "a number" },
		{ 0, "size", "SIZE", OPT_SIZE, &g->size, "a size" },
		{ 0, "age", "AGE", OPT_DURATION, &g->age, "an age" },
		{ 'n', "schema", "PAT", OPT_PASS, &g->pass, "passed on" },
		{ 'O', "no-owner", NULL, OPT_PASS, &g->pass, "passed on" },
		{ 0, NULL, NULL, OPT_FLAG, NULL, NULL },
	};
	const struct opt_tool tool = { "tool", "tool [OPTION]… A [B]",
		"A tool.", opts, 1, 2, has_command };
	int argc = 0;

	memset(g, 0, sizeof(*g));
	while (argv[argc] != NULL)
		argc++;
	return opt_parse(&tool, argc, argv, r, e);
}

#define ARGV(...) (char *[]){ (char[]){ "tool" }, __VA_ARGS__, NULL }
#define S(text) (char[]){ text }

static void
check_forms(void)
{
	struct opt_result r;
	struct err e = ERR_INIT;
	struct got g;

	tap_int(parse(&g, &r, false, ARGV(S("-f"), S("-t"), S("x"), S("a"),
	    S("-j4"), S("--size=8M"), S("b"), S("--age"), S("26h")), &e), 0,
	    "all forms, mixed with arguments");
	tap_ok(g.flag, "flag");
	tap_text(g.text, "x", "text");
	tap_int((int64_t)g.count, 4, "count");
	tap_int((int64_t)g.size, 8 << 20, "size");
	tap_int(g.age, 26 * 3600, "age");
	tap_int((int64_t)r.nargs, 2, "two arguments");
	tap_text(r.args[0], "a", "the first");
	tap_text(r.args[1], "b", "the second");

	tap_int(parse(&g, &r, false, ARGV(S("-ftx"), S("-"), S("--"),
	    S("-z")), &e), 0, "bundle, lone -, arguments after --");
	tap_text(g.text, "x", "value in the bundle");
	tap_text(r.args[0], "-", "- is an argument");
	tap_text(r.args[1], "-z", "so is what follows --");

	tap_int(parse(&g, &r, false, ARGV(S("-Onp*"), S("--schema"), S("q"),
	    S("a")), &e), 0, "options for a child");
	tap_int((int64_t)g.pass.len, 3, "three of them");
	tap_text(g.pass.items[0], "--no-owner", "in order");
	tap_text(g.pass.items[1], "--schema=p*", "in their long form");
	tap_text(g.pass.items[2], "--schema=q", "all of them");
	tap_ok(g.pass.items[3] == NULL, "NULL at the end");
	opt_list_free(&g.pass);

	tap_int(parse(&g, &r, true, ARGV(S("a"), S("--"), S("cmd"), S("-x")),
	    &e), 0, "a command");
	tap_text(r.command[0], "cmd", "its name");
	tap_text(r.command[1], "-x", "its option");
	tap_int((int64_t)r.nargs, 1, "is not among the arguments");
}

static void
check_command_only(void)
{
	bool flag = false;
	const struct opt opts[] = {
		{ 'c', "flag", NULL, OPT_FLAG, &flag, "a flag" },
		{ 0, NULL, NULL, OPT_FLAG, NULL, NULL },
	};
	const struct opt_tool tool = { "tool", "tool [-c] CMD…", "A tool.",
		opts, 0, 0, OPT_COMMAND_ONLY };
	struct opt_result r;
	struct err e = ERR_INIT;

	tap_int(opt_parse(&tool, 5, ARGV(S("sh"), S("-c"), S("--"), S("x")),
	    &r, &e), 0, "a command without --");
	tap_ok(!flag, "its options are its own");
	tap_text(r.command[0], "sh", "from its name");
	tap_text(r.command[2], "--", "a -- in it stays");
	tap_ok(r.command[4] == NULL, "to the end");
	tap_int(opt_parse(&tool, 4, ARGV(S("-c"), S("--"), S("-x")), &r, &e),
	    0, "a command behind --");
	tap_ok(flag, "ours before it");
	tap_text(r.command[0], "-x", "and its name may be anything");
	tap_int(opt_parse(&tool, 2, ARGV(S("-c")), &r, &e), 0, "none at all");
	tap_ok(r.command == NULL, "is told apart");
}

static void
check_error(char **argv, enum opt_command has_command, const char *expected)
{
	struct opt_result r;
	struct err e = ERR_INIT;
	struct got g;

	tap_int(parse(&g, &r, has_command, argv, &e), -1, "refused");
	tap_int(e.kind, ERR_USAGE, "as wrong usage");
	tap_text(e.text, expected, "saying why");
	tap_text(e.hint, "see 'tool --help'", "and where to look");
	opt_list_free(&g.pass);
}

int
main(void)
{
	check_forms();
	check_command_only();
	check_error(ARGV(S("--nope"), S("a")), false,
	    "unknown option '--nope'");
	check_error(ARGV(S("-fz"), S("a")), false, "unknown option '-z'");
	check_error(ARGV(S("--flag=1"), S("a")), false,
	    "option '--flag' takes no value");
	check_error(ARGV(S("a"), S("--text")), false,
	    "option '--text' needs a value");
	check_error(ARGV(S("a"), S("-t")), false, "option '-t' needs a value");
	check_error(ARGV(S("a"), S("-j"), S("four")), false,
	    "--jobs: 'four' is not a number");
	check_error(ARGV(S("a"), S("--size=8X")), false,
	    "--size: '8X' is not a size (such as 8M)");
	check_error(ARGV(S("a"), S("--age=26")), false,
	    "--age: '26' is not a duration (such as 26h)");
	check_error(ARGV(S("-f")), false, "too few arguments");
	check_error(ARGV(S("a"), S("b"), S("c")), false,
	    "unexpected argument 'c'");
	check_error(ARGV(S("a"), S("--")), true, "no command after --");
	return tap_done();
}
